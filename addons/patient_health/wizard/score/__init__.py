from . import (
    patient_assessment_assess,
    patient_assessment_assess_line,
    patient_assessment_cohort,
    patient_assessment_cohort_missing,
    patient_assessment_void,
)
