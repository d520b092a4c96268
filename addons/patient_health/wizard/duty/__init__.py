from . import patient_health_duty_close
