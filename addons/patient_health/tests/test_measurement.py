from datetime import datetime

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, PatientHealthCase


@tagged("post_install", "-at_install")
class TestMeasurement(PatientHealthCase):
    def test_value_knows_hospital_month_department_and_meaning(self):
        # 17:00 UTC on 31 March is April in Shanghai
        measurement = self._measure(
            "systolic",
            182,
            datetime(2026, 3, 31, 17),
            encounter_id=self.encounter.id,
        )
        self.assertEqual(measurement.company_id, self.company)
        self.assertEqual(str(measurement.effective_month), "2026-04-01")
        self.assertEqual(measurement.department_id, self.cardiology)
        self.assertEqual((measurement.level, measurement.side), ("critical", "high"))
        self.assertEqual(measurement.value_label, "182 mmHg")

    def test_meaning_follows_sex_and_age_on_the_day(self):
        waist = self._measure("waist", 86)
        self.assertEqual(waist.level, "abnormal")
        self.patient.gender = "female"
        self.assertEqual(waist.level, "act")
        self.patient.birth_date = "2015-01-01"
        self.assertEqual(waist.level, "unknown")

    def test_changed_ranges_count_for_past_values_when_asked(self):
        measurement = self._measure("glucose_fasting", 6.5)
        self.assertEqual(measurement.level, "abnormal")
        self.glucose.range_ids.act_high = 6.5
        self.assertEqual(measurement.level, "abnormal")
        self.glucose.with_user(self.user_health).action_reclassify()
        self.assertEqual((measurement.level, measurement.side), ("act", "high"))

    def test_zero_is_judged_anew_too(self):
        measurement = self._measure("pain", 0)
        pain = self._indicator("pain")
        pain.range_ids.normal_low = 1
        pain.action_reclassify()
        self.assertEqual((measurement.level, measurement.side), ("abnormal", "low"))

    def test_number_is_judged_as_it_is_written(self):
        self.assertEqual(self._measure("glucose_fasting", 6.04).level, "normal")
        self.assertEqual(self._measure("glucose_fasting", 6.06).level, "abnormal")

    def test_other_unit_is_converted_and_told(self):
        measurement = self._measure("glucose_fasting", 126, unit_text="mg/dL")
        self.assertAlmostEqual(measurement.value, 6.994, 3)
        self.assertFalse(measurement.unit_text)
        self.assertEqual(measurement.source_text, "126 mg/dL")
        self.assertEqual(measurement.level, "act")

    def test_unit_without_a_way_is_kept_as_text_and_listed(self):
        measurement = self._measure("glucose_fasting", 126, unit_text="kg")
        self.assertIs(measurement.value, False)
        self.assertEqual(measurement.text, "126 kg")
        self.assertEqual(measurement.level, "unknown")
        listed = self.env["patient.measurement"].search([("unit_text", "!=", False)])
        self.assertIn(measurement, listed)

    def test_implausible_number_is_refused_with_the_range(self):
        with self.assertRaises(UserError) as caught:
            self._measure("systolic", 1200)
        for words in ("张伟", "1200 mmHg", "40 mmHg", "300 mmHg"):
            self.assertIn(words, str(caught.exception))

    def test_implausible_number_of_another_system_is_kept_as_text_and_listed(self):
        # a total protein of 75.8 g/L whose unit somebody wrote as g/dL
        measurement = self._measure(
            "protein", 75.8, unit_text="g/dL", origin="exchange"
        )
        self.assertEqual(measurement.text, "75.8 g/dL")
        self.assertEqual(
            (measurement.level, measurement.unit_text), ("unknown", "g/dL")
        )
        self.assertIs(measurement.value, False)

    def test_nothing_is_refused_by_name_and_zero_is_a_value(self):
        with self.assertRaises(UserError) as caught:
            self._measure("systolic", False)
        self.assertIn("张伟", str(caught.exception))
        self.assertEqual(self._measure("pain", 0).level, "normal")

    def test_one_bad_row_leaves_nothing_half(self):
        before = self.env["patient.measurement"].search_count([])
        rows = [
            {
                "patient_id": self.patient.id,
                "indicator_id": self.systolic.id,
                "value": value,
            }
            for value in (120, 9999)
        ]
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["patient.measurement"].create(rows)
        self.assertEqual(self.env["patient.measurement"].search_count([]), before)

    def test_choices_and_answers_are_values(self):
        smoking = self._indicator("smoking")
        smoker = smoking.option_ids.filtered(lambda one: one.code == "77176002")
        measurement = self._measure("smoking", None, option_id=smoker.id)
        self.assertEqual(measurement.level, "abnormal")
        self.assertEqual(measurement.value_label, "Smoker")

    def test_two_values_in_one_row_are_refused_by_the_database(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
        ):
            self._measure("systolic", 120, answer="yes")

    def test_same_value_of_a_source_comes_once(self):
        source = {"source_system": "urn:lab", "source_id": "1"}
        self._measure("systolic", 120, **source)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
        ):
            self._measure("systolic", 121, **source)

    # corrections

    def test_correction_keeps_the_former_value(self):
        former = self._measure("systolic", 104, source_system="urn:lab", source_id="1")
        wizard = (
            self.env["patient.measurement.correct"]
            .with_user(self.user_health)
            .create({"measurement_id": former.id, "value": 140, "reason": "看错"})
        )
        self.assertEqual(wizard.former, "104 mmHg")
        wizard.action_confirm()
        valid = self.patient.measurement_ids
        self.assertEqual(valid, former)
        self.assertEqual((valid.value, valid.level, valid.side), (140, "act", "high"))
        self.assertEqual((valid.state, valid.source_id), ("final", "1"))
        kept = valid.former_ids
        self.assertEqual((kept.value, kept.level), (104, "normal"))
        self.assertEqual((kept.state, kept.active), ("replaced", False))
        self.assertEqual((kept.reason, kept.effective_at), ("看错", NOW))
        self.assertEqual(kept.create_uid, self.env.user)

    def test_each_correction_leaves_its_former_value(self):
        measurement = self._measure("glucose_fasting", 5.5)
        measurement._correct({"value": 126, "unit_text": "mg/dL"}, "单位写错")
        self.assertAlmostEqual(measurement.value, 6.994, 3)
        measurement._correct({"value": 7.5}, "再次核对")
        self.assertFalse(measurement.source_text)
        self.assertEqual(measurement.former_ids.mapped("level"), ["act", "normal"])

    def test_error_leaves_no_valid_value(self):
        measurement = self._measure("systolic", 104)
        wizard = self.env["patient.measurement.correct"].create(
            {"measurement_id": measurement.id, "is_error": True, "reason": "另一病人"}
        )
        wizard.action_confirm()
        self.assertEqual(measurement.state, "error")
        self.assertFalse(self.patient.measurement_ids)

    def test_former_value_is_not_corrected(self):
        measurement = self._measure("systolic", 104)
        measurement._correct({"value": 140}, "看错")
        with self.assertRaises(UserError) as caught:
            measurement.former_ids._correct({"value": 150}, "又看错")
        self.assertIn("corrected already", str(caught.exception))

    def test_correction_needs_a_reason_and_a_plausible_value(self):
        measurement = self._measure("systolic", 104)
        for value, reason in ((140, " "), (9999, "看错")):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                measurement._correct({"value": value}, reason)
            measurement.invalidate_recordset()
            self.assertTrue(measurement.active)

    def test_value_is_not_rewritten(self):
        measurement = self._measure("systolic", 104).with_user(self.user_health)
        for values in ({"value": 140}, {"effective_at": NOW}, {"level": "normal"}):
            with self.assertRaises(UserError):
                measurement.write(values)

    def test_meaning_is_not_given(self):
        with self.assertRaises(UserError):
            self.env["patient.measurement"].with_user(self.user_health).create(
                {
                    "patient_id": self.patient.id,
                    "indicator_id": self.systolic.id,
                    "value": 200,
                    "level": "normal",
                }
            )
