from datetime import date, timedelta

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import NOW
from .common import CareCase


@tagged("post_install", "-at_install")
class TestHealthSummary(CareCase):
    """Drafted from the record, completed, signed, and frozen."""

    def _summary(self, **values):
        return self.env["patient.health.summary"].create(
            {"patient_id": self.patient.id, **values}
        )

    def _rows(self, summary, number):
        return summary._get_sections()[number]["rows"]

    def test_period_that_is_proposed(self):
        summary = self._summary()
        self.assertEqual(summary.date_from, date(2025, 12, 3))
        self.assertEqual(summary.date_to, date(2026, 3, 2))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
        ):
            self._summary(date_from=date(2026, 3, 3), date_to=date(2026, 3, 2))

    # the draft

    def test_changes_are_judged(self):
        for code, first, last in (
            ("systolic", 160, 135),
            ("ldl", 2.0, 3.0),
            ("hdl", 1.2, 1.5),
            ("pulse", 70, 80),
        ):
            self._measure(code, first, NOW - timedelta(days=60))
            self._measure(code, last, NOW - timedelta(days=1))
        self._measure("waist", 88)
        self._measure("systolic", 199, NOW - timedelta(days=200))
        rows = {row[0]: row for row in self._rows(self._summary(), 0)}
        self.assertEqual(rows["Systolic Blood Pressure"][3:], ["-25", "Improved"])
        self.assertIn("160 mmHg", rows["Systolic Blood Pressure"][1])
        self.assertEqual(rows[self._indicator("ldl").name][4], "Worse")
        self.assertEqual(rows[self._indicator("hdl").name][4], "Improved")
        self.assertEqual(rows["Heart Rate"][3:], ["+10", "Unchanged"])
        self.assertEqual(rows[self._indicator("waist").name][2:], ["", "", ""])

    def test_sensitive_values_are_left_out_unless_wanted(self):
        self.systolic.is_sensitive = True
        self._measure("systolic", 190)
        summary = self._summary()
        self.assertFalse(self._rows(summary, 0) or self._rows(summary, 2))
        summary.is_sensitive = True
        self.assertTrue(self._rows(summary, 0) and self._rows(summary, 2))

    def test_goals_duties_and_medicines(self):
        self._measure("systolic", 190, NOW - timedelta(days=30))
        duty = self._duties()
        duty_day = NOW - timedelta(days=30)
        self.assertEqual(duty.opened_at, NOW)
        self._close(duty)
        advice = self.env["patient.intervention"].create(
            {
                "patient_id": self.patient.id,
                "template_id": self.env.ref(
                    "patient_health.patient_intervention_template_salt"
                ).id,
                "date_start": duty_day.date(),
            }
        )
        advice.action_activate()
        self._measure("systolic", 132)
        self.env["patient.medication.supply"].create(
            {
                "patient_id": self.patient.id,
                "name": "氨氯地平",
                "dispensed_on": date(2026, 2, 11),
                "days": 15,
            }
        )
        self._measure("medicine_taken_yesterday", None, answer="yes")
        summary = self._summary()
        [goal] = self._rows(summary, 1)
        self.assertEqual(goal[1:3], ["Going On", "≤ 139 mmHg"])
        self.assertEqual(goal[3], "Goal Reached (190 mmHg → 132 mmHg)")
        [done] = self._rows(summary, 2)
        self.assertEqual(done[1:], ["Done", "In Time", "已电话随访"])
        self.assertIn("190 mmHg", done[0])
        self.assertEqual(
            self._rows(summary, 3),
            [
                ["氨氯地平", "15 / 20", "0.75"],
                ["Good answers to the questions about medicines", "1 / 1", "1.00"],
            ],
        )
        summary.with_user(self.user_nurse).action_draft()
        for words in ("What Has Changed", "132 mmHg", "氨氯地平", "0.75", "Next Steps"):
            self.assertIn(words, summary.body)

    def test_empty_record_gives_an_honest_draft(self):
        summary = self._summary()
        summary.action_draft()
        self.assertIn("holds nothing", summary.body)
        self.assertNotIn("<table", summary.body)

    # the signature

    def test_signed_is_frozen(self):
        summary = self._summary(body="<p>血压好转</p>").with_user(self.user_nurse)
        self.assertFalse(summary.is_intact)
        summary.action_sign()
        self.assertEqual(
            (summary.state, summary.signed_by_id), ("signed", self.user_nurse)
        )
        self.assertEqual(summary.signed_at, NOW)
        self.assertRegex(summary.content_hash, r"^[0-9a-f]{64}$")
        self.assertTrue(summary.is_intact)
        for step in (
            lambda: summary.write({"body": "<p>x</p>"}),
            lambda: summary.sudo().write({"date_to": date(2026, 3, 1)}),
            summary.action_draft,
            summary.action_sign,
            summary.unlink,
        ):
            with self.assertRaises(UserError) as caught:
                step()
            self.assertIn("赵护士", str(caught.exception))

    def test_change_behind_the_program_shows(self):
        summary = self._summary(body="<p>血压好转</p>")
        summary.action_sign()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE patient_health_summary SET body = '<p>好</p>' WHERE id = %s",
            [summary.id],
        )
        self.env.invalidate_all()
        self.assertFalse(summary.is_intact)

    def test_nothing_is_not_signed(self):
        for body in (False, "<p><br></p>"):
            with self.assertRaises(UserError) as caught:
                self._summary(body=body).action_sign()
            self.assertIn("张伟", str(caught.exception))

    def test_signature_is_not_written(self):
        model = self.env["patient.health.summary"].with_user(self.user_nurse)
        for vals in ({"state": "signed"}, {"signed_by_id": self.user_nurse.id}):
            with self.assertRaises(UserError):
                model.create({"patient_id": self.patient.id, "body": "x", **vals})

    def test_draft_is_thrown_away(self):
        summary = self._summary(body="x").with_user(self.user_nurse)
        summary.unlink()
        self.assertFalse(summary.exists())

    # a later one

    def test_later_one_supersedes(self):
        former = self._summary(body="<p>血压好转</p>").with_user(self.user_nurse)
        with self.assertRaises(UserError):
            former.action_supersede()
        former.action_sign()
        action = former.action_supersede()
        later = former.browse(action["res_id"])
        self.assertEqual((later.body, later.state), (former.body, "draft"))
        self.assertEqual(former.state, "signed")
        later.action_sign()
        self.assertEqual((former.state, later.state), ("superseded", "signed"))
        self.assertTrue(former.is_intact)
        self.assertEqual(self.patient.summary_count, 1)
        with self.assertRaises(UserError):
            former.action_supersede()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
        ):
            self._summary(supersedes_id=former.id)
