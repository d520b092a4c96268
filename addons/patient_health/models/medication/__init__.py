from . import patient_medication_supply

# isort: split
from . import patient_patient
