from . import dossier, patient_inquiry, voice
