from . import complaint, patient
