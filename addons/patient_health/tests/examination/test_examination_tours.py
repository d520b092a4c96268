from odoo.tests import HttpCase, tagged

from .examination_common import PNG, ExaminationCase


class ExaminationTourCase(HttpCase, ExaminationCase):
    """A clinician enters a report, and finds it in the patient's file."""

    def _walk(self):
        report = self._report(name="胸部X线", category="radiology")
        self._file(report, "胸片.png", PNG)
        self._measure("glucose_fasting", 7.9, examination_id=report.id)
        self.start_tour(
            f"/odoo/patients/{self.patient.id}",
            "patient_health_examination",
            login="ph_clinician",
        )
        fresh = self.patient.examination_ids - report
        self.assertEqual(fresh.name, "心电图")
        self.assertEqual(fresh.conclusion, "窦性心律")
        self.assertEqual(fresh.status, "final")


@tagged("post_install", "-at_install")
class TestExaminationTours(ExaminationTourCase):
    browser_size = "1366x768"

    def test_examination(self):
        self._walk()


@tagged("post_install", "-at_install")
class TestExaminationToursOnAPhone(ExaminationTourCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_examination(self):
        self._walk()
