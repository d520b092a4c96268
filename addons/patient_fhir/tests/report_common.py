import base64

from fhir.resources.R4B.diagnosticreport import DiagnosticReport
from fhir.resources.R4B.documentreference import DocumentReference

from .common import FhirCase

LOINC = "http://loinc.org"
SECTIONS = "http://terminology.hl7.org/CodeSystem/v2-0074"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
    "AABJRU5ErkJggg=="
)
SOUND = {"DiagnosticReport": DiagnosticReport, "DocumentReference": DocumentReference}


class ReportCase(FhirCase):
    """Reports of examinations, on their way in and out."""

    @classmethod
    def _attachment(cls, content=PDF, title="报告.pdf", **values):
        data = base64.b64encode(content).decode()
        return {
            "contentType": "application/pdf",
            "data": data,
            "title": title,
            **values,
        }

    @classmethod
    def _report(cls, source_id="r1", patient="p1", **values):
        found = {
            "resourceType": "DiagnosticReport",
            "id": source_id,
            "status": "final",
            "category": [{"coding": [{"system": SECTIONS, "code": "LAB"}]}],
            "code": {
                "coding": [{"system": LOINC, "code": "58410-2"}],
                "text": "血常规",
            },
            "subject": {"reference": f"Patient/{patient}"},
            "effectiveDateTime": "2026-03-09T08:40:00+08:00",
            "issued": "2026-03-09T09:10:00+08:00",
            **values,
        }
        return {name: value for name, value in found.items() if value is not None}

    @classmethod
    def _document(cls, source_id="d1", patient="p1", **values):
        found = {
            "resourceType": "DocumentReference",
            "id": source_id,
            "status": "current",
            "docStatus": "final",
            "type": {
                "coding": [{"system": LOINC, "code": "18748-4"}],
                "text": "胸部CT",
            },
            "subject": {"reference": f"Patient/{patient}"},
            "date": "2026-03-09T10:00:00+08:00",
            "content": [{"attachment": cls._attachment()}],
            **values,
        }
        return {name: value for name, value in found.items() if value is not None}

    def _take_report(self, *resources, kind="transaction", **values):
        """Send a patient (entry 0), a visit (1) and reports (2 and on)."""
        resources = resources or (self._report(**values),)
        return self._take(self._patient(), self._encounter(), *resources, kind=kind)

    def _render(self, record, server=None):
        """Return the resource of a report as another system reads it: it is sound."""
        server = server or self.exchange._get_server("https://h/fhir/R4")
        resource = self.exchange._get_resource(record.fhir_kind)
        data, _moment = resource._fhir_read(record.id, server)
        SOUND[record.fhir_kind].model_validate(data)
        return data

    def _find(self, kind, **params):
        """Return what a search by another system finds."""
        server = self.exchange._get_server("https://h/fhir/R4")
        resource = self.exchange._get_resource(kind)
        zone = self.company._get_patient_tz()
        domain = resource._fhir_search_domain(list(params.items()), zone, server)
        return resource._search_records(domain)

    def _warnings(self, taken, index=2):
        """Return (code, place within the resource) of the warnings of an entry."""
        head = f"Bundle.entry[{index}].resource"
        return [
            (issue.code, issue.path.removeprefix(head).lstrip("."))
            for issue in taken.entries[index].warnings
        ]

    def _count(self):
        return [
            self.env[model].search_count([])
            for model in (
                "patient.patient",
                "patient.examination",
                "patient.examination.file",
                "patient.measurement",
            )
        ]
