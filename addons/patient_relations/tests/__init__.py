from .patient import (
    test_identity,
    test_names,
    test_patient_access,
    test_patient_hidden,
    test_patient_identity,
    test_patient_search,
)
from .complaint import (
    test_complaint,
    test_complaint_access,
    test_complaint_evidence,
    test_complaint_intake,
    test_complaint_mail,
    test_complaint_merge,
    test_complaint_performance,
    test_complaint_register,
    test_complaint_statistics,
)
