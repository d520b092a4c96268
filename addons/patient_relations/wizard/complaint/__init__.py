from . import (
    patient_complaint_identity_erase,
    patient_complaint_identity_open,
    patient_complaint_intake,
    patient_complaint_intake_problem,
    patient_complaint_intake_protection,
    patient_complaint_merge,
    patient_complaint_protect,
    patient_complaint_receipt_show,
    patient_complaint_register,
    patient_complaint_set_aside,
)
