from . import patient_measurement_correct
from . import score
