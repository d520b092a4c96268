from . import patient_health_duty

# isort: split
from . import (
    patient_deadline,
    patient_deadline_rule,
    patient_health_duty_course,
    patient_health_duty_value,
    patient_indicator,
    patient_measurement,
    patient_patient,
    res_company,
    res_config_settings,
    res_users,
)
