from . import patient_indicator_part  # lines of an indicator begin with it

# isort: split
from . import (
    patient_indicator,
    patient_indicator_code,
    patient_indicator_option,
    patient_indicator_range,
    patient_indicator_unit,
)
