from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import NOW, PatientHealthCase


@tagged("post_install", "-at_install")
class TestMeasurementDerived(PatientHealthCase):
    def _values(self, code):
        return self.patient.measurement_ids.filtered(
            lambda one: one.indicator_id.code == code
        )

    def test_weight_gives_the_index_by_the_latest_height(self):
        self._measure("height", 150, NOW - timedelta(days=4000))
        self._measure("height", 175, NOW - timedelta(days=30))
        self._measure("height", 190, NOW + timedelta(days=1))
        self._measure("weight", 70)
        bmi = self._values("bmi")
        self.assertEqual(
            (bmi.value, bmi.origin, bmi.level), (22.9, "derived", "normal")
        )
        self.assertEqual(bmi.effective_at, NOW)

    def test_weight_and_height_of_one_visit(self):
        rows = [
            {
                "patient_id": self.patient.id,
                "indicator_id": self._indicator(code).id,
                "effective_at": NOW,
                "value": value,
            }
            for code, value in (("weight", 90), ("height", 175))
        ]
        self.env["patient.measurement"].create(rows)
        self.assertEqual(self._values("bmi").value, 29.4)

    def test_corrected_weight_corrects_the_index(self):
        self._measure("height", 175)
        weight = self._measure("weight", 70)
        bmi = self._values("bmi")
        weight._correct({"value": 90}, "看错")
        self.assertEqual((bmi.value, bmi.level), (29.4, "act"))
        self.assertEqual(bmi.former_ids.value, 22.9)
        weight._void("另一病人")
        self.assertEqual((weight.state, bmi.state), ("error", "error"))

    def test_without_height_there_is_no_index(self):
        self._measure("weight", 70)
        self.assertFalse(self._values("bmi"))

    def test_other_systems_calculate_themselves(self):
        self._measure("height", 175)
        self._measure("weight", 70, origin="exchange")
        self.assertFalse(self._values("bmi"))

    def test_creatinine_gives_the_filtration_rate(self):
        self._measure("creatinine", 88.4, datetime(2026, 3, 2, 1))
        # a man of 65: 142 × (1 / 0.9) ** -1.2 × 0.9938 ** 65
        self.assertEqual(self._values("egfr").value, 84)
        self.assertEqual(self._values("egfr").level, "abnormal")
