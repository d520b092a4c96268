from . import complaint, deadline, patient
