from . import patient_health_report
