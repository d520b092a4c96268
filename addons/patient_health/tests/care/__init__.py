from . import (
    test_adherence,
    test_care_access,
    test_care_tours,
    test_duty,
    test_duty_access,
    test_duty_deadline,
    test_duty_performance,
    test_goals,
    test_health_summary,
    test_intervention,
    test_medication_supply,
)
