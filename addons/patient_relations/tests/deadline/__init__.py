from . import (
    test_calendar_file,
    test_deadline_sweep,
    test_deadline_tours,
    test_rules_in_memory,
    test_terms,
    test_working_day,
    test_working_day_import,
    test_working_day_tours,
    test_working_days,
    test_working_time,
)
