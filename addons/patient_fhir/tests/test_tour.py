from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from .common import FhirCase


@tagged("post_install", "-at_install")
class TestTour(FhirCase, HttpCase):
    """The screens, as a manager uses them."""

    def test_a_manager_imports_a_file_and_maps_its_department(self):
        Import = type(self.env["patient.fhir.import"])
        start = Import.action_start

        def start_at_once(runs):
            start(runs)
            # sudo: as the scheduled job, which does not run while tests do
            runs.sudo()._run()

        with patch.object(Import, "action_start", start_at_once):
            self.start_tour(
                "/odoo/fhir-imports", "patient_fhir_tour", login="pr_manager"
            )
        visit = self.env["patient.encounter"].search([("source_id", "=", "tour")])
        self.assertEqual(visit.department_id, self.cardiology)


@tagged("post_install", "-at_install")
class TestPhoneTour(FhirCase, HttpCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_a_manager_maps_a_department_on_a_telephone(self):
        taken = self._take(self._patient(), self._encounter())
        self.start_tour(
            "/odoo/fhir-departments", "patient_fhir_phone_tour", login="pr_manager"
        )
        self.env.invalidate_all()
        self.assertEqual(self._record(taken, 1).department_id, self.cardiology)
