from . import (
    patient_assessment,
    patient_assessment_duties,
    patient_examination,
    patient_health_duty,
    patient_health_report,
    patient_measurement,
    patient_patient,
)
