from . import (
    patient_health_report_choice,
    patient_health_report_section,
    res_company,
    res_config_settings,
)

# isort: split
from . import patient_health_report

# isort: split
from . import (
    ir_attachment,
    patient_health_report_content,
    patient_health_report_link,
    patient_health_report_opening,
    patient_health_report_page,
    patient_health_report_print,
    patient_patient,
)

# isort: split
from . import patient_health_report_batch, patient_health_report_batch_line

# isort: split
from . import patient_health_report_batch_run
