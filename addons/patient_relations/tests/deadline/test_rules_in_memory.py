from datetime import datetime, time

from odoo.fields import Command
from odoo.tests import tagged

from ..common import MODULE, PatientRelationsCase

# Monday, 2 March 2026, 10:00 in Shanghai.
MONDAY = datetime(2026, 3, 2, 2)


@tagged("post_install", "-at_install")
class TestRulesInMemory(PatientRelationsCase):
    """What is kept in memory saves queries and never shows what was before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.cn")
        cls.rule = cls.env.ref(f"{MODULE}.patient_deadline_rule_cn_answer")

    def _count_terms(self, moments):
        calendar = self.company._get_patient_calendar()
        return [
            self.rule._prepare_term(self.rule._get_term(calendar, moment))
            for moment in moments
        ]

    def test_a_thousand_terms_cost_three_queries_at_most(self):
        self._count_terms([MONDAY])
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(3):
            self._count_terms([MONDAY] * 1000)

    def test_changed_amount_counts_at_once(self):
        [before] = self._count_terms([MONDAY])
        self.rule.amount += 1
        [after] = self._count_terms([MONDAY])
        self.assertGreater(after["due_at"], before["due_at"])

    def test_changed_ladder_counts_at_once(self):
        [before] = self._count_terms([MONDAY])
        steps = self.rule.ladder_id.step_ids
        first = Command.create({"percent": 10, "role": "leader"})
        self.rule.ladder_id.step_ids = [first]
        [earlier] = self._count_terms([MONDAY])
        self.assertLess(earlier["next_step_at"], before["next_step_at"])
        (self.rule.ladder_id.step_ids - steps).percent = 20
        [moved] = self._count_terms([MONDAY])
        self.assertGreater(moved["next_step_at"], earlier["next_step_at"])
        (self.rule.ladder_id.step_ids - steps).unlink()
        self.assertEqual(self._count_terms([MONDAY]), [before])

    def test_changed_condition_counts_at_once(self):
        self.assertIn(self.rule, self._make_complaint().deadline_ids.rule_id)
        self.rule.domain = "[('kind', '=', 'praise')]"
        self.assertNotIn(self.rule, self._make_complaint().deadline_ids.rule_id)

    def test_changed_shifts_count_at_once(self):
        self.assertTrue(self.company._get_patient_shifts())
        attendances = self.company.resource_calendar_id.attendance_ids
        (attendances - attendances[0]).unlink()
        attendances[0].write({"hour_from": 9, "hour_to": 11})
        self.assertEqual(self.company._get_patient_shifts(), ((time(9), time(11)),))
        self.company.resource_calendar_id = attendances[0].calendar_id.copy()
        attendances[0].hour_to = 12
        self.assertEqual(self.company._get_patient_shifts(), ((time(9), time(11)),))
