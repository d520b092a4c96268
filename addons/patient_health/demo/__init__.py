from . import patient_measurement, patient_patient
