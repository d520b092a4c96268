from . import patient_inquiry
