from . import dossier
from .complaint import patient_inquiry
