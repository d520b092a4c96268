from . import patient_intervention_template

# isort: split
from . import (
    patient_condition,
    patient_intervention,
    patient_intervention_proposal,
    patient_intervention_result,
    patient_intervention_trigger,
    patient_patient,
)
