from . import patient_intervention_propose
