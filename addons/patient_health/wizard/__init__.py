from . import duty, intervention, patient_measurement_correct, report, score, values
