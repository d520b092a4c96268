from . import patient_measurement, patient_measurement_derived, patient_patient
