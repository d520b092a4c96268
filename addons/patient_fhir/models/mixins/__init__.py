from . import patient_fhir_mapping_mixin, patient_fhir_resource

# isort: split
from . import patient_fhir_report  # one of the resources, and what two of them share

# isort: split
from . import patient_fhir_report_parts
