from . import patient_measurement_correct, score
