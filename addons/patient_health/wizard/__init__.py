from . import duty, intervention, patient_measurement_correct, score, values
