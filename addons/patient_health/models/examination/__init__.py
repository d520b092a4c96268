from . import patient_examination  # its files and values point to it

# isort: split
from . import (
    ir_attachment,
    patient_examination_file,
    patient_examination_file_hash,
    patient_indicator,
    patient_measurement,
    patient_patient,
)
