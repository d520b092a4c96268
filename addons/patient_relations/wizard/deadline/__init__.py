from . import (
    patient_deadline_start,
    patient_deadline_suspend,
    patient_working_day_import,
    patient_working_day_import_line,
)
