from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import PatientHealthCase


class ValuesTourCase(HttpCase, PatientHealthCase):
    """A clinician enters values and looks at what has become of a patient."""

    def _walk_entry(self):
        self._measure("systolic", 132, fields.Datetime.now() - timedelta(days=90))
        self.start_tour(
            "/odoo/health-entry", "patient_health_entry", login="ph_clinician"
        )
        found = {
            one.indicator_id.code: one.value
            for one in self.patient.measurement_ids
            if one.create_uid == self.user_clinician
        }
        self.assertEqual(found, {"systolic": 185, "diastolic": 95, "temperature": 36.8})

    def _walk_from_patient(self):
        self.start_tour(
            f"/odoo/patients/{self.patient.id}",
            "patient_health_entry_from_patient",
            login="ph_clinician",
        )
        codes = self.patient.measurement_ids.mapped("indicator_id.code")
        self.assertIn("smoking", codes)
        self.assertIn("glucose_fasting", codes)

    def _walk_trends(self):
        now = fields.Datetime.now()
        for days, value in ((700, 165), (500, 158), (200, 138), (20, 126)):
            self._measure("systolic", value, now - timedelta(days=days))
            self._measure("weight", value / 2, now - timedelta(days=days))
        self.start_tour(
            f"/odoo/patients/{self.patient.id}",
            "patient_health_trends",
            login="ph_clinician",
        )


@tagged("post_install", "-at_install")
class TestValuesTours(ValuesTourCase):
    browser_size = "1366x768"

    def test_entry(self):
        self._walk_entry()

    def test_entry_from_patient(self):
        self._walk_from_patient()

    def test_trends(self):
        self._walk_trends()

    def test_import_is_offered(self):
        self.start_tour(
            "/odoo/health-measurements", "patient_health_import", login="ph_clinician"
        )


@tagged("post_install", "-at_install")
class TestValuesToursOnAPhone(ValuesTourCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_entry(self):
        self._walk_entry()

    def test_entry_from_patient(self):
        self._walk_from_patient()

    def test_trends(self):
        self._walk_trends()
