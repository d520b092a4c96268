from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import NOW
from .score_common import ScoreCase


@tagged("post_install", "-at_install")
class TestAssessPage(ScoreCase):
    """The page of one patient, and that of a cohort."""

    def _open(self, score, user=None, **context):
        defaults = {
            "default_patient_id": self.patient.id,
            "default_score_id": score.id,
            "default_assessed_at": NOW,
            **context,
        }
        model = self.env["patient.assessment.assess"].with_context(**defaults)
        return Form(model.with_user(user or self.user_clinician))

    def _answers(self, form):
        return {
            self.env["patient.score.item"].browse(line["item_id"]).code: line
            for line in form.line_ids._records
        }

    def _set(self, form, code, answer):
        items = self.env["patient.score.item"]
        for index, line in enumerate(form.line_ids._records):
            if items.browse(line["item_id"]).code == code:
                with form.line_ids.edit(index) as edited:
                    edited.answer = answer
                return
        self.fail(code)

    def test_record_fills_what_it_knows_and_says_where_from(self):
        self._diagnose("I50.9")
        form = self._open(self.lace, default_encounter_id=self.stay.id)
        lines = self._answers(form)
        self.assertEqual(lines["stay_days"]["answer"], "5")
        self.assertEqual(lines["charlson"]["answer"], "2")
        self.assertEqual(lines["emergency"]["answer"], "no")
        self.assertIn("Stay from", lines["stay_days"]["origin"])
        self.assertEqual((form.is_complete, form.total), (True, 6))
        self.assertEqual(form.level, "abnormal")

    def test_total_appears_while_typing(self):
        form = self._open(self._score("findrisc"))
        self.assertFalse(form.is_complete)
        self.assertIn("(waist)", form.problem)
        for code, answer in (
            ("bmi", "30"),
            ("waist", "103"),
            ("active", "no"),
            ("vegetables", "no"),
            ("pressure_drug", "yes"),
            ("high_glucose", "yes"),
        ):
            self._set(form, code, answer)
            self.assertFalse(form.is_complete, code)
        self.assertNotIn("(waist)", form.problem)
        self._set(form, "family", "first")
        self.assertTrue(form.is_complete)
        self.assertEqual((form.total, form.level), (24, "act"))
        self.assertFalse(form.problem)
        self._set(form, "bmi", "much")
        self.assertFalse(form.is_complete)
        self.assertIn("much", form.problem)

    def test_kept_assessment_opens_and_names_the_sources(self):
        form = self._open(self.lace, default_encounter_id=self.stay.id)
        self._set(form, "emergency", "yes")
        action = form.save().action_confirm()
        assessment = self.env["patient.assessment"].browse(action["res_id"])
        self.assertEqual((assessment.total, assessment.assessed_at), (7, NOW))
        self.assertEqual(assessment.encounter_id, self.stay)
        asked = assessment.line_ids.filtered("is_asked")
        self.assertEqual(asked.item_id.code, "emergency")

    def test_missing_refuses(self):
        page = self._open(self._score("findrisc")).save()
        with self.assertRaises(UserError) as caught:
            page.action_confirm()
        self.assertIn("(waist)", str(caught.exception))
        self.assertFalse(self.patient.assessment_ids)

    def test_score_of_a_stay_wants_the_stay(self):
        page = self._open(self.lace).save()
        with self.assertRaises(UserError) as caught:
            page.action_confirm()
        self.assertIn("Choose the visit", str(caught.exception))

    def test_another_patient_lets_the_visit_go(self):
        form = self._open(self.lace, default_encounter_id=self.stay.id)
        form.patient_id = self._make_patient("甲")
        self.assertFalse(form.encounter_id)

    def test_alert_is_told_at_once(self):
        form = self._open(self.phq9, self.user_mind)
        for number in range(1, 9):
            self._set(form, f"q{number}", "0")
        self._set(form, "q9", "1")
        self.assertEqual((form.total, form.level), (1, "critical"))
        self.assertIn("today", form.alert_text)

    def test_sensitive_score_is_not_opened_without_the_right(self):
        with self.assertRaises(AccessError):
            self._open(self.phq9)

    def test_answers_are_changed_in_a_new_assessment(self):
        former = self.lace._assess_one(
            self.patient, self.stay, {"emergency": True}, assessed_at=NOW
        )
        action = former.action_open_again()
        model = self.env["patient.assessment.assess"].with_user(self.user_clinician)
        form = Form(model.with_context(**action["context"]))
        self.assertEqual(self._answers(form)["emergency"]["answer"], "yes")
        self._set(form, "emergency", "no")
        action = form.save().action_confirm()
        anew = self.env["patient.assessment"].browse(action["res_id"])
        self.assertEqual((anew.total, anew.replaces_id), (4, former))
        self.assertEqual(former.state, "replaced")

    def test_buttons_open_the_page(self):
        action = self.stay.action_assess()
        self.assertEqual(action["context"]["default_encounter_id"], self.stay.id)
        action = self.patient.action_assess()
        self.assertEqual(action["context"], {"default_patient_id": self.patient.id})

    # cohorts

    def _open_cohort(self, records, score, **values):
        model = self.env["patient.assessment.cohort"].with_user(self.user_health)
        return model.with_context(
            active_model=records._name, active_ids=records.ids
        ).create({"score_id": score.id, **values})

    def test_cohort_lists_who_lacks_what(self):
        running = self._make_stay(self._make_patient("甲"), ended_at=False)
        page = self._open_cohort(self.stay + running, self.lace)
        self.assertEqual(page.count, 2)
        page.action_assess()
        self.assertEqual((page.assessed_count, page.skipped_count), (1, 0))
        self.assertEqual(page.missing_ids.encounter_id, running)
        self.assertIn("(stay_days)", page.missing_ids.problem)
        action = page.missing_ids.action_assess()
        self.assertEqual(action["context"]["default_score_id"], self.lace.id)
        action = page.action_view_assessments()
        self.assertEqual(action["domain"], [("id", "in", page.assessment_ids.ids)])

    def test_cohort_leaves_out_those_assessed_before(self):
        self.lace._assess_one(self.patient, self.stay)
        page = self._open_cohort(self.stay, self.lace)
        page.action_assess()
        self.assertEqual((page.assessed_count, page.skipped_count), (0, 1))
        page = self._open_cohort(self.stay, self.lace, with_assessed=True)
        page.action_assess()
        self.assertEqual((page.assessed_count, page.skipped_count), (1, 0))

    def test_cohort_wants_visits_for_a_score_of_stays(self):
        for page, words in (
            (self._open_cohort(self.patient, self.lace), "list of visits"),
            (
                self._open_cohort(self.env["patient.patient"], self.lace),
                "Choose patients",
            ),
        ):
            with self.assertRaises(UserError) as caught:
                page.action_assess()
            self.assertIn(words, str(caught.exception))
