from datetime import date, datetime

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import NOW
from .common import CareCase


@tagged("post_install", "-at_install")
class TestMedicationSupply(CareCase):
    """Medicines at home, and how people say that they take them."""

    def _hand_out(self, name, day, days, **values):
        return self.env["patient.medication.supply"].create(
            {
                "patient_id": self.patient.id,
                "name": name,
                "dispensed_on": day,
                "days": days,
                **values,
            }
        )

    def test_coverage_of_each_medicine(self):
        self._hand_out("氨氯地平 5 mg", date(2026, 1, 1), 28)
        self._hand_out("氨氯地平  5 MG", date(2026, 2, 5), 14)
        self._hand_out("二甲双胍", date(2026, 2, 15), 10, code="A10BA02")
        found = self.patient._get_adherence(date(2026, 1, 1), date(2026, 2, 28))
        shown = {
            one["name"].split()[0]: (
                one["since"],
                one["coverage"].covered,
                one["coverage"].days,
            )
            for one in found
        }
        self.assertEqual(
            shown,
            {
                "氨氯地平": (date(2026, 1, 1), 42, 59),
                # the days of a medicine begin when it is first handed out
                "二甲双胍": (date(2026, 2, 15), 10, 14),
            },
        )

    def test_days_in_a_ward_count_neither_way(self):
        self.env["patient.encounter"].create(
            {
                "patient_id": self.patient.id,
                "encounter_class": "IMP",
                "status": "finished",
                "department_id": self.cardiology.id,
                "started_at": datetime(2026, 1, 5, 2),
                "ended_at": datetime(2026, 1, 10, 2),
            }
        )
        self._hand_out("氨氯地平", date(2026, 1, 1), 10)
        [found] = self.patient._get_adherence(date(2026, 1, 1), date(2026, 1, 30))
        coverage = found["coverage"]
        # the fifth to the ninth in the ward, home on the tenth
        self.assertEqual(
            (coverage.stay_days, coverage.days, coverage.covered), (5, 25, 10)
        )

    def test_ratio_is_shown_on_the_patient_page(self):
        self.assertEqual(self.patient.medicine_coverage, "–")
        # of 20 days until 2 March, 15 are covered
        self._hand_out("氨氯地平", date(2026, 2, 11), 15)
        self.patient.invalidate_recordset()
        self.assertEqual(self.patient.medicine_coverage, "75%")

    def test_what_was_entered_in_error_does_not_count(self):
        self._hand_out("氨氯地平", date(2026, 2, 11), 15).action_archive()
        self.assertFalse(
            self.patient._get_adherence(date(2026, 1, 1), date(2026, 2, 28))
        )

    def test_refusals(self):
        for days in (0, 401):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._hand_out("氨氯地平", date(2026, 2, 1), days)
        with self.assertRaises(UserError) as caught:
            self._hand_out("氨氯地平", date(2026, 3, 3), 10)
        self.assertIn("2026-03-03", str(caught.exception))
        supply = self._hand_out("氨氯地平", date(2026, 3, 2), 10)
        with self.assertRaises(UserError) as caught:
            supply.with_user(self.user_health).patient_id = self.stranger
        self.assertIn("氨氯地平", str(caught.exception))

    def test_same_supply_of_a_source_comes_once(self):
        source = {"source_system": "urn:pharmacy", "source_id": "1"}
        self._hand_out("氨氯地平", date(2026, 2, 1), 7, **source)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
        ):
            self._hand_out("氨氯地平", date(2026, 2, 1), 7, **source)

    def test_questions_are_our_own_and_give_a_ratio(self):
        questions = self.env["patient.indicator"].search(
            [("code", "=like", "medicine_%")]
        )
        self.assertEqual(set(questions.mapped("value_kind")), {"yes_no"})
        self.assertEqual(set(questions.mapped("category")), {"lifestyle"})
        for code, answer in (
            ("medicine_taken_yesterday", "yes"),  # good
            ("medicine_changed_alone", "no"),  # good
            ("medicine_cost_kept_away", "yes"),
            ("medicine_enough_at_home", "no"),
        ):
            self._measure(code, None, answer=answer)
        self._measure(
            "medicine_knows_purpose", None, datetime(2026, 1, 1), answer="yes"
        )
        ratio = self.patient._get_answer_ratio(date(2026, 2, 1), NOW.date())
        self.assertEqual(ratio, (2, 4))
