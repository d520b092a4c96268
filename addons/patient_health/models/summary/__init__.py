from . import patient_health_summary

# isort: split
from . import patient_health_summary_draft, patient_patient
