from . import patient_indicator_set  # its lines point to it

# isort: split
from . import (
    base_import,
    patient_encounter,
    patient_indicator,
    patient_indicator_set_line,
    patient_measurement,
    patient_patient,
    patient_patient_trends,
)
