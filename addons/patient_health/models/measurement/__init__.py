from . import patient_measurement

# isort: split
from . import (
    patient_measurement_correction,
    patient_measurement_derived,
    patient_measurement_intake,
    patient_patient,
)
