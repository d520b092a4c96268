from . import abstract_xlsx, complaint, patient
