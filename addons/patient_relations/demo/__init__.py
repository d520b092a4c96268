from . import patient_complaint, patient_encounter
