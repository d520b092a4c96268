from . import dispatcher, fhir, rejects
