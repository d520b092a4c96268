from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import NOW
from .score_common import DISCHARGED, ScoreCase


@tagged("post_install", "-at_install")
class TestAssessment(ScoreCase):
    """Results with the reason of every point."""

    def _assess_phq9(self, **answers):
        return self.phq9._assess_one(
            self.patient, answers=self._answer_phq9(**answers), assessed_at=NOW
        )

    def test_vector_of_lace_from_the_record(self):
        self._make_emergency(timedelta(hours=3))
        self._make_emergency(timedelta(days=30))
        self._diagnose("I50.9")
        assessment = self.lace._assess_one(self.patient, self.stay, assessed_at=NOW)
        self.assertEqual(assessment.total, 10)
        self.assertEqual(assessment.band_id.code, "high")
        self.assertEqual(assessment.level, "act")
        self.assertEqual(assessment.line_ids.mapped("points"), [4, 3, 2, 1])
        self.assertEqual(assessment.as_of, DISCHARGED)
        self.assertEqual(assessment.assessed_at, NOW)
        self.assertEqual(assessment.department_id, self.cardiology)
        self.assertEqual(assessment.company_id, self.company)
        self.assertEqual(str(assessment.assessed_month), "2026-03-01")
        self.assertIn("LACE · 10 High Risk", assessment.display_name)

    def test_every_point_says_where_it_comes_from(self):
        condition = self._diagnose("I50.9")
        assessment = self.lace._assess_one(
            self.patient, self.stay, {"emergency": True}, NOW
        )
        stay, emergency, charlson, visits = assessment._explain()
        self.assertEqual(
            (stay["item"], stay["value"], stay["points"]), ("stay_days", "5", 4)
        )
        self.assertEqual(stay["value_text"], "5 days")
        self.assertIn("Stay from", stay["origin"])
        self.assertEqual(stay["source_model"], "patient.encounter")
        self.assertEqual(stay["source_id"], self.stay.id)
        self.assertEqual((emergency["points"], emergency["is_asked"]), (3, True))
        self.assertIn("the record says No", emergency["origin"])
        self.assertIn("诊断I50.9", charlson["origin"])
        self.assertEqual(charlson["source_id"], condition.id)
        self.assertEqual((visits["points"], visits["source_id"]), (0, None))
        action = assessment.line_ids[2].action_open_source()
        self.assertEqual(action["res_id"], condition.id)

    def test_explanation_before_anything_is_kept(self):
        explained = self.lace._explain(self.patient, self.stay)
        self.assertEqual([one["points"] for one in explained], [4, 0, 0, 0])
        self.assertFalse(self.patient.assessment_ids)
        with self.assertRaises(UserError):
            self._score("findrisc")._explain(self.patient)

    def test_missing_refuses_and_keeps_nothing(self):
        score = self._score("findrisc")
        with self.assertRaises(UserError) as caught:
            score._assess_one(self.patient, answers={"active": True})
        for code in ("bmi", "waist", "vegetables", "pressure_drug", "family"):
            self.assertIn(f"({code})", str(caught.exception))
        self.assertNotIn("(age)", str(caught.exception))
        self.assertFalse(self.patient.assessment_ids)

    def test_answer_that_agrees_with_the_record_comes_from_it(self):
        assessment = self.lace._assess_one(self.patient, self.stay, {"stay_days": "5"})
        self.assertFalse(assessment.line_ids[0].is_asked)
        self.assertIn("Stay from", assessment.line_ids[0].origin)

    def test_band_of_women_is_theirs(self):
        score = self._score("cha2ds2_vasc")
        self.patient.write({"gender": "female", "birth_date": "1950-01-01"})
        self._diagnose("I10")
        self._diagnose("I63.9")
        assessment = score._assess_one(self.patient, assessed_at=NOW)
        self.assertEqual((assessment.total, assessment.band_id.code), (6, "treat"))
        self.assertEqual(assessment.band_id.sex, "female")

    # cohorts

    def test_cohort_assesses_those_who_have_all_and_lists_the_others(self):
        complete = self._make_patient("甲", birth_date="1970-01-01", gender="male")
        without_sex = self._make_patient("乙", birth_date="1970-01-01")
        empty = self._make_patient("丙")
        score = self._score("cha2ds2_vasc")
        cohort = score._assess_cohort(complete + without_sex + empty, assessed_at=NOW)
        self.assertEqual(cohort.assessments.patient_id, complete)
        self.assertEqual(set(cohort.missing), {without_sex, empty})
        self.assertIn("(sex)", cohort.missing[without_sex])
        self.assertNotIn("(age)", cohort.missing[without_sex])
        for code in ("sex", "age"):
            self.assertIn(f"({code})", cohort.missing[empty])

    def test_answers_of_a_cohort(self):
        other = self._make_stay(self._make_patient("甲"), ended_at=False)
        cohort = self.lace._assess_cohort(
            self.stay + other, {other.id: {"stay_days": 14, "emergency": True}}
        )
        self.assertFalse(cohort.missing)
        self.assertEqual(cohort.assessments.mapped("total"), [4, 10])

    def test_value_outside_the_table_is_listed_and_stops_nobody_else(self):
        score = self._score("china_bmi")
        other = self._make_patient("甲")
        self._measure("bmi", 25, NOW)
        cohort = score._assess_cohort(
            self.patient + other, {other.id: {"bmi": 500}}, assessed_at=NOW
        )
        self.assertEqual(cohort.assessments.patient_id, self.patient)
        self.assertIn("500", cohort.missing[other])

    def test_nobody_is_no_cohort(self):
        cohort = self.lace._assess_cohort(self.env["patient.encounter"])
        self.assertFalse(cohort.assessments)
        self.assertEqual(cohort.missing, {})

    # history

    def test_stay_has_one_result_and_its_history(self):
        first = self.lace._assess_one(self.patient, self.stay)
        self._diagnose("C78.0")
        second = self.lace._assess_one(self.patient, self.stay)
        self.assertEqual((first.total, second.total), (4, 9))
        self.assertEqual((first.active, first.state), (False, "replaced"))
        self.assertEqual(self.patient.assessment_ids, second)

    @mute_logger("odoo.sql_db")
    def test_one_result_of_a_stay_is_wanted_by_the_database(self):
        first = self.lace._assess_one(self.patient, self.stay)
        self.lace._assess_one(self.patient, self.stay)
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            first.sudo().write({"state": "valid", "active": True})
            first.flush_recordset()

    def test_repeated_questionnaires_all_stand(self):
        self._assess_phq9(q1="1")
        self._assess_phq9(q1="2")
        self.assertEqual(sorted(self.patient.assessment_ids.mapped("total")), [1, 2])

    def test_assessed_anew_reads_the_record_and_keeps_the_answers(self):
        former = self.lace._assess_one(
            self.patient, self.stay, {"emergency": True}, assessed_at=NOW
        )
        self.assertEqual(former.total, 7)
        self._diagnose("C78.0")
        action = former.action_assess_again()
        anew = self.env["patient.assessment"].browse(action["res_id"])
        self.assertEqual(anew.total, 12)
        self.assertEqual(anew.replaces_id, former)
        self.assertEqual(anew.as_of, former.as_of)
        self.assertEqual((former.active, former.state), (False, "replaced"))
        with self.assertRaises(UserError) as caught:
            former.action_assess_again()
        self.assertIn("assessed anew", str(caught.exception))

    def test_assessed_anew_by_the_version_in_use(self):
        former = self.lace._assess_one(self.patient, self.stay)
        version = self.lace.copy()
        version.action_use()
        former._assess_again()
        self.assertEqual(self.patient.assessment_ids.score_id, version)

    def test_what_cannot_be_assessed_anew_stays(self):
        score = self._score("china_bmi")
        measurement = self._measure("bmi", 25, NOW)
        former = score._assess_one(self.patient, assessed_at=NOW)
        measurement._void("另一病人")
        problems = former._assess_again()
        self.assertIn("(bmi)", problems[former])
        self.assertTrue(former.active)

    def test_error_leaves_the_record_and_its_reason(self):
        assessment = self._assess_phq9(q1="1")
        wizard = self.env["patient.assessment.void"].create(
            {"assessment_id": assessment.id}
        )
        with self.assertRaises(UserError):
            wizard.action_confirm()
        wizard.reason = "另一病人"
        wizard.with_user(self.user_mind).action_confirm()
        self.assertEqual((assessment.state, assessment.active), ("error", False))
        self.assertEqual(assessment.reason, "另一病人")

    # duties

    def test_any_thought_of_death_calls_a_human_today(self):
        quiet = self._assess_phq9(q1="3", q2="1")
        self.assertEqual((quiet.total, quiet.level), (4, "normal"))
        self.assertEqual(quiet._get_due_reasons(), [])
        for answer in ("1", "2", "3"):
            alarming = self._assess_phq9(q9=answer)
            self.assertEqual(alarming.band_id.code, "minimal")
            self.assertEqual(alarming.level, "critical")
            [(assessment, level, reason)] = alarming._get_due_reasons()
            self.assertEqual((assessment, level), (alarming, "critical"))
            self.assertIn("today", reason)

    def test_band_and_alert_both_call(self):
        severe = self._assess_phq9(**{f"q{number}": "3" for number in range(1, 10)})
        self.assertEqual((severe.total, severe.band_id.code), (27, "severe"))
        levels = [level for _one, level, _reason in severe._get_due_reasons()]
        self.assertEqual(levels, ["critical", "act"])
        self.assertEqual(severe.level, "critical")

    def test_duties_are_started_once_for_a_batch(self):
        other = self._make_stay(self._make_patient("甲"))
        model = type(self.env["patient.assessment"])
        with patch.object(model, "_start_duties", autospec=True) as started:
            cohort = self.lace._assess_cohort(self.stay + other)
        self.assertEqual(started.call_count, 1)
        self.assertEqual(started.call_args.args[0], cohort.assessments)

    # by hand

    def test_result_is_not_made_by_hand(self):
        with self.assertRaises(UserError) as caught:
            self.env["patient.assessment"].with_user(self.user_health).create({})
        self.assertIn("result of a score", str(caught.exception))

    def test_patient_shows_their_number(self):
        self._assess_phq9(q1="1")
        self.assertEqual(self.patient.assessment_count, 1)
        action = self.patient.action_view_assessments()
        self.assertEqual(action["domain"], [("patient_id", "=", self.patient.id)])
