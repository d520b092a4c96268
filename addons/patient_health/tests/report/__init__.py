from . import (
    test_report,
    test_report_access,
    test_report_batch,
    test_report_content,
    test_report_page,
    test_report_print,
    test_report_tools,
    test_report_tours,
)
