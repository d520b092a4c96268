import base64

from ..common import NOW, PatientHealthCase

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
    "AABJRU5ErkJggg=="
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40)


class ExaminationCase(PatientHealthCase):
    """The small hospital, with reports."""

    @classmethod
    def _report(cls, **values):
        return cls.env["patient.examination"].create(
            {
                "patient_id": cls.patient.id,
                "name": "血常规",
                "effective_at": NOW,
                "encounter_id": cls.encounter.id,
                "conclusion": "血红蛋白正常",
                **values,
            }
        )

    @classmethod
    def _file(cls, report, name="报告.pdf", content=PDF):
        return report._add_file(name, content)
