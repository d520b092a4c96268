from odoo.tests import HttpCase, tagged

from ..common import PatientRelationsCase


class PatientTourCase(HttpCase, PatientRelationsCase):
    """Sets the scene of the tours, which run on a desk and on a phone."""

    def _walk_file(self):
        self.start_tour("/odoo/patients", "patient_file", login="pr_officer")
        patient = self.env["patient.patient"].search([("name", "=", "李娜")])
        self.assertEqual(patient.phone, "137 0000 9999")
        self.assertRegex(patient.mrn, r"^P\d{7}$")

    def _walk_visits(self):
        self.start_tour("/odoo/visits", "patient_visits", login="pr_officer")


@tagged("post_install", "-at_install")
class TestPatientTours(PatientTourCase):
    browser_size = "1366x768"

    def test_file(self):
        self._walk_file()

    def test_visits(self):
        self._walk_visits()

    def test_tag_rule(self):
        self.start_tour(
            "/odoo/patient-tag-rules", "patient_tag_rule", login="pr_manager"
        )
        rule = self.env["patient.tag.rule"].search([("active", "=", False)])
        self.assertEqual(rule.name, "Older patients")
        self.assertFalse(self.patient.tag_ids)


@tagged("post_install", "-at_install")
class TestPatientToursOnAPhone(PatientTourCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_file(self):
        self._walk_file()

    def test_visits(self):
        self._walk_visits()
