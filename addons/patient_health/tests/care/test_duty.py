from datetime import timedelta

import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import NOW
from .common import CareCase


@tagged("post_install", "-at_install")
class TestDuty(CareCase):
    """A value that asks for something becomes a duty, and ends with a note."""

    # values become duties

    def test_only_values_that_ask_for_something(self):
        self._measure("systolic", 120)
        self._measure("systolic", 135)  # abnormal, nothing to do
        self.assertFalse(self._duties())
        value = self._measure("systolic", 150, encounter_id=self.encounter.id)
        duty = self._duties()
        self.assertEqual((duty.kind, duty.level, duty.state), ("value", "act", "open"))
        self.assertEqual(duty.measurement_id, value)
        self.assertEqual(duty.measurement_ids, value)
        self.assertEqual(duty.department_id, self.cardiology)
        self.assertEqual(duty.opened_at, NOW)
        self.assertEqual(duty.opened_month.isoformat(), "2026-03-01")
        for words in ("Systolic", "150 mmHg", "act, high"):
            self.assertIn(words, duty.reason)

    def test_critical_value_goes_first(self):
        self._measure("glucose_fasting", 8.0)
        self._measure("systolic", 190)
        duties = self._duties()
        self.assertEqual(duties.mapped("level"), ["critical", "act"])
        self.assertEqual(duties[0].kind, "critical")
        self.assertIn("act now, high", duties[0].reason)

    def test_further_values_join_and_raise_the_level(self):
        first = self._measure("systolic", 150)
        second = self._measure("systolic", 155, NOW + timedelta(minutes=1))
        duty = self._duties()
        self.assertEqual(duty.measurement_id, first)
        third = self._measure("systolic", 185, NOW + timedelta(minutes=2))
        self.assertEqual(self._duties(), duty)
        self.assertEqual((duty.kind, duty.level), ("critical", "critical"))
        self.assertEqual(duty.measurement_id, third)
        self.assertEqual(duty.measurement_ids, first + second + third)
        self._measure("systolic", 150, NOW + timedelta(minutes=3))
        self.assertEqual((duty.level, duty.measurement_id), ("critical", third))

    def test_several_values_at_once(self):
        rows = [
            {
                "patient_id": patient.id,
                "indicator_id": self._indicator(code).id,
                "effective_at": NOW,
                "value": value,
            }
            for patient in (self.patient, self.stranger)
            for code, value in (("glucose_fasting", 8), ("glucose_fasting", 17))
        ]
        self.env["patient.measurement"].create(rows)
        for patient in (self.patient, self.stranger):
            duty = self._duties(patient)
            self.assertEqual((len(duty), duty.level), (1, "critical"))
            self.assertEqual(duty.measurement_id.value, 17)
            self.assertEqual(len(duty.measurement_ids), 2)

    def test_ended_duty_is_not_joined(self):
        self._measure("systolic", 150)
        former = self._duties()
        self._close(former)
        self._measure("systolic", 152)
        self.assertEqual(len(self._duties()), 2)
        self.assertEqual(len(former.measurement_ids), 1)

    def test_old_news_from_a_file_starts_nothing(self):
        old = NOW - timedelta(days=15)
        for origin in ("exchange", "file"):
            self._measure("systolic", 190, old, origin=origin)
        self.assertFalse(self._duties())
        self.company.patient_duty_max_age_days = 30
        self._measure("systolic", 190, old, origin="file")
        self.assertEqual(len(self._duties()), 1)

    def test_value_entered_by_hand_is_no_old_news(self):
        self._measure("systolic", 190, NOW - timedelta(days=400))
        self.assertEqual(len(self._duties()), 1)

    def test_calculated_values_ask_too(self):
        self._measure("creatinine", 500)
        self.assertIn(self._indicator("egfr"), self._duties().indicator_id)

    def test_department_is_that_of_the_last_visit(self):
        self._measure("systolic", 190)
        self._measure("systolic", 190, patient_id=self.stranger.id)
        self.assertEqual(self._duties().department_id, self.cardiology)
        self.assertFalse(self._duties(self.stranger).department_id)

    def test_nobody_is_called_about_the_dead(self):
        self._measure("systolic", 190)
        duty = self._duties()
        self.patient.deceased_at = NOW
        self.assertEqual(
            (duty.state, duty.closed_note), ("not_needed", "The patient has died.")
        )
        self._measure("glucose_fasting", 17)
        self.assertFalse(self._duties(state="open"))

    # corrections

    def test_error_ends_the_duty_it_stood_on(self):
        self._measure("systolic", 190)._void("另一病人")
        duty = self._duties()
        self.assertEqual(duty.state, "not_needed")
        self.assertIn("corrected", duty.closed_note)
        self.assertFalse(duty.timeliness)
        self.assertEqual(duty.deadline_ids.mapped("state"), ["cancelled"])

    def test_correction_to_a_normal_value_ends_the_duty(self):
        self._measure("systolic", 190)._correct({"value": 119}, "看错")
        self.assertEqual(self._duties().state, "not_needed")

    def test_correction_to_another_bad_value_keeps_it(self):
        value = self._measure("systolic", 190)
        value._correct({"value": 185}, "看错")
        duty = self._duties()
        self.assertEqual((duty.state, duty.measurement_id), ("open", value))

    def test_correction_to_a_bad_value_opens_a_duty_or_raises_it(self):
        value = self._measure("systolic", 120)
        value._correct({"value": 150}, "看错")
        duty = self._duties()
        self.assertEqual((duty.state, duty.level), ("open", "act"))
        value._correct({"value": 190}, "又看错")
        self.assertEqual((self._duties(), duty.level), (duty, "critical"))

    def test_correction_of_an_old_value_keeps_the_duty(self):
        value = self._measure("systolic", 190, NOW, origin="exchange")
        with self._freeze(NOW + timedelta(days=30)):
            value._correct({"value": 185}, "看错")
            old = self._measure("glucose_fasting", 17, NOW, origin="exchange")
            old._correct({"value": 18}, "看错")
        duty = self._duties()
        self.assertEqual((duty.state, duty.measurement_id), ("open", value))

    def test_duty_that_stands_on_another_value_goes_on(self):
        first = self._measure("systolic", 150)
        second = self._measure("systolic", 155)
        first._void("另一病人")
        duty = self._duties()
        self.assertEqual((duty.state, duty.measurement_id), ("open", second))

    def test_ranges_judged_anew_end_and_open_duties(self):
        self._measure("systolic", 150)
        recent = self._measure("systolic", 120, patient_id=self.stranger.id)
        self._measure(
            "systolic", 121, NOW - timedelta(days=20), patient_id=self.stranger.id
        )
        self.stranger.birth_date = "1980-01-01"  # now the range fits
        line = self.systolic.range_ids
        line.act_high, line.critical_high = 160, 190
        self.systolic.action_reclassify()
        self.assertEqual(self._duties().state, "not_needed")
        line.write({"normal_high": 110, "act_high": 115})
        self.systolic.action_reclassify()
        duty = self._duties(self.stranger)
        self.assertEqual(duty.measurement_ids, recent)
        self._close(duty)
        self.systolic.action_reclassify()
        self.assertEqual(self._duties(self.stranger), duty)

    # course

    def test_of_two_who_take_it_the_second_reads_who_has_it(self):
        self._measure("systolic", 190)
        duty = self._duties()
        duty.with_user(self.user_clinician).action_claim()
        self.assertEqual(duty.user_id, self.user_clinician)
        with self.assertRaises(UserError) as caught:
            duty.with_user(self.user_nurse).action_claim()
        self.assertIn(self.user_clinician.name, str(caught.exception))
        with self.assertRaises(UserError):
            duty.with_user(self.user_nurse).action_release()
        duty.with_user(self.user_clinician).action_claim()  # once more is no harm
        duty.with_user(self.user_clinician).action_release()
        duty.with_user(self.user_nurse).action_claim()
        duty.with_user(self.user_health).action_release()
        self.assertFalse(duty.user_id)

    def test_note_ends_it(self):
        self._measure("systolic", 190)
        duty = self._duties()
        for note in (False, "  "):
            with self.assertRaises(UserError) as caught:
                self._close(duty, self.user_nurse, note=note)
            self.assertIn("张伟", str(caught.exception))
        self._close(duty, self.user_nurse)
        self.assertEqual((duty.state, duty.closed_note), ("done", "已电话随访"))
        self.assertEqual(duty.closed_by_id, self.user_nurse)
        self.assertEqual((duty.closed_at, duty.timeliness), (NOW, "in_time"))
        self.assertFalse(duty.next_due_at)

    def test_ended_duty_stays_as_it_is(self):
        self._measure("systolic", 190)
        duty = self._duties()
        self._close(duty, self.user_nurse)
        mine = duty.with_user(self.user_nurse)
        for step in (
            lambda: self._close(duty, self.user_nurse),
            mine.action_claim,
            lambda: mine.write({"department_id": self.surgery.id}),
        ):
            with self.assertRaises(UserError) as caught:
                step()
            self.assertIn("赵护士", str(caught.exception))

    def test_database_wants_a_note_and_one_open_duty(self):
        self._measure("systolic", 190)
        duty = self._duties()
        for vals in ({"state": "done", "closed_at": NOW}, {"state": "done"}):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                duty.write(vals)
                self.env.flush_all()
            duty.invalidate_recordset()
        vals = self.env["patient.health.duty"]._prepare_for_values(duty.measurement_id)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
        ):
            duty.create(vals)

    # by hand

    def test_duty_by_hand(self):
        model = self.env["patient.health.duty"].with_user(self.user_nurse)
        duty = model.create({"patient_id": self.patient.id, "summary": "复查心电图"})
        self.assertEqual((duty.kind, duty.reason), ("manual", "复查心电图"))
        self.assertEqual(duty.department_id, self.cardiology)
        self.assertEqual(duty.deadline_ids.mapped("state"), ["running"])
        duty.department_id = self.surgery
        for vals in ({"level": "critical"}, {"user_id": self.user_nurse.id}):
            with self.assertRaises(UserError):
                duty.write(vals)
        duty.with_user(self.user_health).user_id = self.user_clinician

    def test_duty_by_hand_says_what_is_to_be_done(self):
        model = self.env["patient.health.duty"]
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            model.create({"patient_id": self.patient.id})
        for extra in ({"kind": "critical"}, {"state": "done"}, {"opened_at": NOW}):
            with self.assertRaises(UserError):
                model.with_user(self.user_nurse).create(
                    {"patient_id": self.patient.id, "summary": "复查", **extra}
                )

    def test_duty_has_one_source(self):
        value = self._measure("systolic", 120)
        model = self.env["patient.health.duty"]
        vals = {"patient_id": self.patient.id, "summary": "复查"}
        for wrong in ({"measurement_id": value.id}, {"kind": "score"}):
            with self.assertRaises(ValidationError):
                model.create({**vals, **wrong})

    # what is shown

    def test_card_shows_the_last_three_values(self):
        for number, value in enumerate((150, 160, 170, 180)):
            self._measure("systolic", value, NOW + timedelta(days=number))
        shown = self._duties().last_values
        self.assertEqual(
            [part.split()[0] for part in shown.split(" · ")], ["180", "170", "160"]
        )

    def test_patient_page_counts_open_duties(self):
        self._measure("systolic", 190)
        self._measure("glucose_fasting", 17)
        self._close(self._duties(indicator_id=self.glucose.id))
        self.assertEqual(self.patient.duty_count, 1)
        action = self.patient.action_view_duties()
        self.assertEqual(action["domain"], [("patient_id", "=", self.patient.id)])
