from . import patient_complaint_register_xlsx
