from . import (
    test_complaint,
    test_complaint_access,
    test_complaint_deadlines,
    test_complaint_dossier,
    test_complaint_evidence,
    test_complaint_intake,
    test_complaint_mail,
    test_complaint_merge,
    test_complaint_performance,
    test_complaint_register,
    test_complaint_statistics,
    test_complaint_tours,
)
