import re
import shutil
import unittest
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from ..common import NOW, PatientHealthCase

NEEDS_PRINTER = unittest.skipUnless(
    shutil.which("wkhtmltopdf"), "wkhtmltopdf is not installed"
)
DAY = timedelta(days=1)


class ReportCase(PatientHealthCase):
    """The small hospital of the health record, and reports for its patient."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.reports = cls.env["patient.health.report"]
        cls.user_nurse = cls._make_health_user("ph_nurse", "clinician", name="赵护士")
        cls.user_nurse.patient_department_ids = cls.cardiology
        cls.user_mind = cls._make_health_user("ph_mind", "clinician", "sensitive")
        cls.user_mind.patient_department_ids = cls.cardiology
        cls.stranger = cls._make_patient(
            "李四", mrn="T0002", birth_date="1970-01-01", gender="female"
        )

    @classmethod
    def _draft(cls, patient=None, user=None, **values):
        return (
            cls.env["patient.health.report"]
            .with_user(user or cls.env.user)
            .create(
                {"patient_id": (patient or cls.patient).id, "lang": "en_US", **values}
            )
        )

    @classmethod
    def _issue(cls, patient=None, user=None, **values):
        """Return a report that was issued where nothing prints."""
        report = cls._draft(patient, user, **values)
        report._issue(printing=False)
        return report

    @classmethod
    def _measure_years(cls, code, *numbers):
        """Take values of the patient, a month between two, the last one now."""
        for months, number in enumerate(reversed(numbers)):
            cls._measure(code, number, NOW - 30 * months * DAY)

    def _get_section(self, report, code):
        """Return the section of a report, or None."""
        sections = {one["code"]: one for one in report.content["sections"]}
        return sections.get(code)

    def _get_words(self, report, code=None):
        """Return all that a report, or one of its sections, says, as one text."""
        sections = report.content["sections"]
        if code:
            sections = [one for one in sections if one["code"] == code]
        return "\n".join(
            word
            for section in sections
            for block in section["blocks"]
            for word in (
                block.get("title", ""),
                *block.get("texts", ()),
                *(cell for row in block.get("rows", ()) for cell in row),
            )
        )

    @staticmethod
    def _get_token(url):
        return re.search(r"/patient/report/([\w-]{43})$", url)[1]

    def _without_printer(self):
        return patch.object(
            type(self.env["ir.actions.report"]),
            "get_wkhtmltopdf_state",
            lambda _self: "install",
        )

    def _with_printer(self, content=b"%PDF-1.4 report"):
        """Let a PDF be made without the program, which costs a second a time."""
        return patch.multiple(
            type(self.env["ir.actions.report"]),
            get_wkhtmltopdf_state=lambda _self: "ok",
            _run_wkhtmltopdf=lambda _self, bodies, **_options: content,
        )
