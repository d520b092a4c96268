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

    def _prepare(self, count, indicator=None):
        return [
            {
                "patient_id": self.patients[number % 20].id,
                "indicator_id": (indicator or self.systolic).id,
                "effective_at": NOW - timedelta(days=number),
                "value": 100 + number % 10,  # nothing that starts a duty
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

    @users("ph_manager")
    @warmup
    def test_correcting_with_what_follows(self):
        measurements = self.env["patient.measurement"]
        for patient in self.patients:
            self._measure(
                "height", 220, NOW - timedelta(days=999), patient_id=patient.id
            )
        for count in (1, 100):
            rows = measurements.create(self._prepare(count, self.weight))
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(count=count), self.assertQueryCount(ph_manager=19):
                rows._correct_all([{"value": 90.0}] * count, "秤不准")
                self.env.flush_all()
            derived = measurements.search(
                [("origin", "=", "derived"), ("effective_at", "<=", NOW)], limit=count
            )
            self.assertEqual(set(derived.mapped("value")), {18.6})
            self.assertEqual(len(derived.former_ids), count)
            self.assertEqual(len(rows.former_ids), count)
