from . import patient_health_report, patient_measurement, patient_patient
