from . import patient_complaint, patient_complaint_reply, patient_encounter
