from datetime import timedelta

from odoo.tests import tagged, warmup

from ..common import NOW
from .common import CareCase

LISTED = ["patient_id", "reason", "last_values", "phone", "level", "next_due_at"]


@tagged("post_install", "-at_install")
class TestDutyPerformance(CareCase):
    """As many queries for a hundred values as for one."""

    def _make_patients(self, count):
        return self.env["patient.patient"].create(
            [
                {"name": f"病人{number}", "birth_date": "1970-01-01"}
                for number in range(count)
            ]
        )

    def _enter(self, patients, value, moment=NOW):
        """Enter a value of each patient; return how many queries that took."""
        rows = [
            {
                "patient_id": patient.id,
                "indicator_id": self.systolic.id,
                "effective_at": moment,
                "value": value,
            }
            for patient in patients
        ]
        return self._count(
            lambda: (
                self.env["patient.measurement"].with_user(self.user_health).create(rows)
            )
        )

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    @warmup
    def test_duties_open_join_and_rise(self):
        one, many = self._make_patients(1), self._make_patients(100)
        for value in (150, 151, 190):
            moment = NOW + timedelta(minutes=value)
            self._enter(self._make_patients(1), value, moment)  # fills the caches
            self.assertEqual(
                self._enter(one, value, moment), self._enter(many, value, moment), value
            )
        duties = self.env["patient.health.duty"].search(
            [("patient_id", "in", many.ids)]
        )
        self.assertEqual(len(duties), 100)
        self.assertEqual(set(duties.mapped("level")), {"critical"})

    @warmup
    def test_work_list_reads_alike(self):
        patients = self._make_patients(100)
        self._enter(patients, 150)
        duties = self.env["patient.health.duty"].search(
            [("patient_id", "in", patients.ids)]
        )
        counts = [
            self._count(lambda some=some: some.with_user(self.user_health).read(LISTED))
            for some in (duties[:1], duties[:1], duties[1:])
        ]
        self.assertEqual(counts[1], counts[2])
