from . import patient_fhir_mapping_mixin, patient_fhir_resource
