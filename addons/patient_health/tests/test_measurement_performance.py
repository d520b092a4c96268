from datetime import timedelta

from odoo.tests import tagged, users, warmup

from .common import NOW, PatientHealthCase


@tagged("post_install", "-at_install")
class TestMeasurementPerformance(PatientHealthCase):
    """As many queries for a hundred rows as for one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patients = cls.env["patient.patient"].create(
            [
                {"name": f"病人{number}", "birth_date": "1970-01-01"}
                for number in range(20)
            ]
        )

    def _prepare(self, count):
        return [
            {
                "patient_id": self.patients[number % 20].id,
                "indicator_id": self.systolic.id,
                "effective_at": NOW - timedelta(days=number),
                "value": 100 + number % 30,  # nothing that starts a duty
            }
            for number in range(count)
        ]

    @users("ph_manager")
    @warmup
    def test_entering(self):
        for count in (1, 100):
            with self.subTest(count=count), self.assertQueryCount(ph_manager=5):
                self.env["patient.measurement"].create(self._prepare(count))
                self.env.flush_all()
