from .complaint import patient_inquiry
