from . import duty, intervention, patient_measurement_correct, values
