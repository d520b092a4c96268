from . import (
    patient_complaint,
    patient_complaint_course,
    patient_complaint_reply,
    patient_deadline,
    patient_encounter,
)
