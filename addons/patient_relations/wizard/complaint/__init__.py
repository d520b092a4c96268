from . import (
    patient_complaint_intake,
    patient_complaint_intake_problem,
    patient_complaint_merge,
    patient_complaint_register,
    patient_complaint_reply_send_back,
    patient_complaint_set_aside,
    patient_complaint_solve,
)
