from . import (
    test_assess_page,
    test_assessment,
    test_assessment_access,
    test_assessment_duty,
    test_assessment_performance,
    test_facts,
    test_score,
    test_score_tables,
    test_score_tours,
    test_scoring,
)
