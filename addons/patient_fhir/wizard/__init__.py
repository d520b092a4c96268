from . import patient_fhir_import_upload
