from . import patient_working_day, res_company
