from . import patient_complaint, patient_complaint_course, patient_encounter
from . import patient_complaint, patient_complaint_reply, patient_encounter
