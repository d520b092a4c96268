from . import patient_score_part  # the lines of a score begin with it

# isort: split
from . import (
    patient_assessment,
    patient_assessment_line,
    patient_encounter,
    patient_health_duty,
    patient_patient,
    patient_score,
    patient_score_alert,
    patient_score_band,
    patient_score_code,
    patient_score_comorbidity,
    patient_score_item,
    patient_score_option,
)

# isort: split
from . import (
    patient_assessment_duty,
    patient_score_assess,
    patient_score_facts,
    patient_score_facts_conditions,
    patient_score_facts_visits,
)
