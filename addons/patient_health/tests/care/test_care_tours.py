from odoo.tests import HttpCase, tagged

from ..common import PatientHealthCase


class CareTourCase(HttpCase, PatientHealthCase):
    """What a nurse does in a browser: work list, advice, summary."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_nurse = cls._make_health_user("ph_nurse", "clinician", name="赵护士")
        cls.user_nurse.patient_department_ids = cls.cardiology
        moment = cls.env.cr.now().replace(microsecond=0)
        cls.value = cls._measure("systolic", 190, moment)

    def _walk_duty(self):
        self.start_tour("/odoo/health-duties", "patient_health_duty", login="ph_nurse")
        duty = self.env["patient.health.duty"].search(
            [("measurement_id", "=", self.value.id)]
        )
        self.assertEqual((duty.state, duty.user_id), ("done", self.user_nurse))
        self.assertEqual(duty.closed_note, "已电话联系，病人来院复查")

    def _walk_intervention(self):
        # the value stood before the advice began
        self.start_tour(
            f"/odoo/patients/{self.patient.id}",
            "patient_health_intervention",
            login="ph_nurse",
        )
        advice = self.patient.intervention_ids
        self.assertIn("active", advice.mapped("state"))

    def _walk_summary(self):
        summary = self.env["patient.health.summary"].create(
            {"patient_id": self.patient.id}
        )
        self.start_tour(
            f"/odoo/health-summaries/{summary.id}",
            "patient_health_summary",
            login="ph_nurse",
        )
        self.assertEqual(
            (summary.state, summary.signed_by_id), ("signed", self.user_nurse)
        )
        self.assertTrue(summary.is_intact)


@tagged("post_install", "-at_install")
class TestCareTours(CareTourCase):
    def test_duty(self):
        self._walk_duty()

    def test_intervention(self):
        self._walk_intervention()

    def test_summary(self):
        self._walk_summary()


@tagged("post_install", "-at_install")
class TestCareToursOnAPhone(CareTourCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_duty(self):
        self._walk_duty()

    def test_intervention(self):
        self._walk_intervention()

    def test_summary(self):
        self._walk_summary()
