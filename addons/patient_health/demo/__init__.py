from . import patient_measurement
