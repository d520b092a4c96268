from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import NOW
from .score_common import ScoreCase


@tagged("post_install", "-at_install")
class TestAssessmentAccess(ScoreCase):
    """Who sees results, and who does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.lace._assess_one(cls.patient, cls.stay, assessed_at=NOW)
        cls.stranger = cls._make_patient("李四", mrn="T0002")
        cls.strange_stay = cls._make_stay(cls.stranger, department_id=cls.surgery.id)
        cls.strange = cls.lace._assess_one(cls.stranger, cls.strange_stay)
        cls.mental = cls.phq9._assess_one(cls.patient, answers=cls._answer_phq9(q9="1"))
        cls.every = cls.own + cls.strange + cls.mental

    def _visible(self, user):
        return (
            self.env["patient.assessment"]
            .with_user(user)
            .search([("id", "in", self.every.ids)])
        )

    def _lines(self, user):
        domain = [("assessment_id", "in", self.every.ids)]
        lines = self.env["patient.assessment.line"].with_user(user).search(domain)
        return lines.sudo().assessment_id

    def test_clinician_sees_patients_of_the_own_departments(self):
        self.assertEqual(self._visible(self.user_clinician), self.own)
        self.assertEqual(self._lines(self.user_clinician), self.own)
        for hidden in self.strange + self.mental:
            with self.assertRaises(AccessError):
                hidden.with_user(self.user_clinician).read(["total"])

    def test_clinician_assesses_the_same_patients_only(self):
        lace = self.lace.with_user(self.user_clinician)
        stay = self.stay.with_user(self.user_clinician)
        anew = lace._assess_cohort(stay).assessments
        self.assertEqual(anew.total, 4)
        with self.assertRaises(AccessError):
            lace._assess_cohort(self.strange_stay.with_user(self.user_clinician))
        stroke = self._score("cha2ds2_va").with_user(self.user_clinician)
        self.stranger.birth_date = "1950-01-01"
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            stroke._assess_one(self.stranger.with_user(self.user_clinician))
        self.assertFalse(
            self.stranger.assessment_ids.filtered(lambda one: one != self.strange)
        )

    def test_visits_of_all_departments_count(self):
        """A score that left some out would be wrong; a number and a date are told."""
        self._make_stay(
            encounter_class="EMER",
            department_id=self.surgery.id,
            started_at="2026-01-10 02:00:00",
            ended_at="2026-01-10 04:00:00",
        )
        explained = self.lace.with_user(self.user_clinician)._explain(
            self.patient.with_user(self.user_clinician),
            self.stay.with_user(self.user_clinician),
        )
        self.assertEqual(explained[-1]["points"], 1)

    def test_nobody_rewrites_or_deletes_a_result(self):
        for user in (self.user_clinician, self.user_health):
            own = self.own.with_user(user)
            with self.assertRaises(AccessError, msg=user.login):
                own.write({"total": 0})
            with self.assertRaises(AccessError, msg=user.login):
                own.line_ids.write({"points": 0})
            with self.assertRaises(AccessError, msg=user.login):
                own.unlink()

    def test_health_management_sees_and_assesses_all_of_the_hospital(self):
        self.assertEqual(self._visible(self.user_health), self.strange + self.own)
        self.assertEqual(self._lines(self.user_health), self.own + self.strange)
        cohort = self.lace.with_user(self.user_health)._assess_cohort(
            (self.stay + self.strange_stay).with_user(self.user_health)
        )
        self.assertEqual(len(cohort.assessments), 2)

    def test_health_management_reads_visits_and_changes_none(self):
        stay = self.strange_stay.with_user(self.user_health)
        self.assertEqual(stay.encounter_class, "IMP")
        with self.assertRaises(AccessError):
            stay.reason = "x"

    def test_clinician_changes_no_score(self):
        score = self.lace.copy().with_user(self.user_clinician)
        for change in (
            lambda: score.write({"name": "x"}),
            lambda: score.band_ids[0].write({"name": "x"}),
            lambda: score.item_ids[0].write({"name": "x"}),
            lambda: score.item_ids.option_ids[0].unlink(),
            score.action_use,
            score.action_new_version,
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                change()

    def test_mental_results_need_a_right_of_their_own(self):
        self.assertEqual(self._visible(self.user_mind), self.own + self.mental)
        self.assertEqual(self._lines(self.user_mind), self.own + self.mental)
        answers = self._answer_phq9()
        for user in (self.user_clinician, self.user_health):
            with self.assertRaises(AccessError) as caught:
                self.phq9.with_user(user)._assess_one(
                    self.patient.with_user(user), answers=answers
                )
            self.assertIn("sensitive", str(caught.exception))
        mine = self.phq9.with_user(self.user_mind)._assess_one(
            self.patient.with_user(self.user_mind), answers=answers
        )
        self.assertTrue(mine.is_sensitive)

    def test_statistics_counts_without_knowing_of_whom(self):
        model = self.env["patient.assessment"].with_user(self.user_statistics)
        found = model._read_group(
            [("id", "in", self.every.ids)], ["score_id"], ["total:avg", "__count"]
        )
        self.assertEqual(found, [(self.lace, 4.0, 2)])
        self.assertEqual(
            model.browse(self.own.id).read(["total", "band_id"])[0]["band_id"][1],
            "Low Risk",
        )
        for name in ("patient_id", "encounter_id", "line_ids", "reason"):
            with self.assertRaises(AccessError, msg=name):
                model.browse(self.own.id).read([name])
        with self.assertRaises(AccessError):
            self._lines(self.user_statistics)
        with self.assertRaises(AccessError):
            self.lace.with_user(self.user_statistics)._assess_cohort(self.stay)

    def test_others_see_nothing(self):
        for user in (
            self.user_plain,
            self.user_staff,
            self.user_officer,
            self.user_manager,
            self.user_portal,
        ):
            with self.assertRaises(AccessError, msg=user.login):
                self._visible(user)
            with self.assertRaises(AccessError, msg=user.login):
                self.lace.with_user(user)._assess_cohort(self.stay.with_user(user))

    def test_another_hospital_sees_nothing(self):
        company = self._make_company()
        user = self._make_health_user(
            "ph_elsewhere",
            "manager",
            "sensitive",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(self._visible(user))
        self.assertFalse(self._lines(user))
        model = self.env["patient.assessment"].with_user(user)
        self.assertFalse(model._read_group([], ["score_id"], ["__count"]))
        with self.assertRaises(AccessError):
            model.browse(self.own.id).read(["total"])
        with self.assertRaises(AccessError):
            self.lace.with_user(user)._assess_cohort(self.stay.with_user(user))
