from datetime import date

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PatientRelationsCase

TODAY = "2026-03-02 04:00:00"


@tagged("post_install", "-at_install")
class TestPatientSafetyFlag(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_safety = cls._make_user("pr_safety", "staff", "safety")
        with freeze_time(TODAY):
            cls.flag = cls._make_flag(cls.user_safety)

    @classmethod
    def _make_flag(cls, user=None, **values):
        return (
            cls.env["patient.safety.flag"]
            .with_user(user or cls.env.user)
            .create(
                {
                    "patient_id": cls.patient.id,
                    "facts": "三次推搡护士，并扬言带刀来",
                    "has_escort": True,
                    "review_on": "2026-09-02",
                    **values,
                }
            )
            .with_env(cls.env)
        )

    def _get_activities(self, flag=None):
        flag = flag or self.flag
        return self.env["mail.activity"].search(
            [("res_model", "=", flag._name), ("res_id", "=", flag.id)]
        )

    def _remind(self, moment):
        with freeze_time(moment):
            self.env["patient.safety.flag"]._cron_remind()

    # who

    def test_group_sees_sets_and_ends_but_does_not_delete(self):
        flag = self.flag.with_user(self.user_safety)
        self.assertEqual(flag.set_by_id, self.user_safety)
        self.assertTrue(flag.read(["facts"]))
        flag.measures = "两人同行"
        with self.assertRaises(AccessError):
            flag.unlink()

    def test_nobody_else_sees_anything_managers_included(self):
        for user in (self.user_staff, self.user_officer, self.user_manager):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.flag.with_user(user).read(["facts"])
                with self.assertRaises(AccessError):
                    self.flag.with_user(user).search([])
                patient = self.patient.with_user(user)
                self.assertNotIn("safety_flag_ids", patient.fields_get())
                arch = patient.get_view(view_type="form")["arch"]
                self.assertNotIn("safety_flag_ids", arch)

    def test_patient_file_shows_flags_in_force_to_the_group(self):
        patient = self.patient.with_user(self.user_safety)
        self.assertEqual(patient.safety_flag_ids, self.flag)
        self.assertIn("safety_flag_ids", patient.get_view(view_type="form")["arch"])
        self.flag.ended_reason = "已道歉"
        self.flag.action_end()
        patient.invalidate_recordset()
        self.assertFalse(patient.safety_flag_ids)

    def test_canary_of_another_hospital(self):
        company = self._make_company()
        stranger = self._make_user(
            "pr_stranger", "safety", company_id=company.id, company_ids=company.ids
        )
        flag = self.flag.with_user(stranger)
        self.assertFalse(flag.search([]))
        with self.assertRaises(AccessError):
            flag.read(["facts"])

    # what a flag must have

    @freeze_time(TODAY)
    def test_flag_names_a_patient_or_describes_a_person(self):
        self._make_flag(patient_id=False, person="灰帽男子")
        for person in (False, "  "):
            with (
                self.subTest(person=person),
                self.assertRaises(psycopg2.errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self._make_flag(patient_id=False, person=person)

    @freeze_time(TODAY)
    def test_review_comes_within_twelve_months(self):
        self._make_flag(review_on="2027-03-02")
        for day in ("2027-03-03", "2026-03-02", "2026-03-01"):
            with self.subTest(day=day), self.assertRaises(ValidationError):
                self._make_flag(review_on=day)
        with self.assertRaises(ValidationError):
            self.flag.review_on = "2027-03-03"

    @freeze_time(TODAY)
    def test_day_of_setting_is_the_hospitals(self):
        with freeze_time("2026-03-02 17:00:00"):
            self.assertEqual(self._make_flag().set_on, date(2026, 3, 3))

    def test_flag_ends_with_a_reason(self):
        flag = self.flag.with_user(self.user_safety)
        with self.assertRaises(UserError):
            flag.action_end()
        flag.ended_reason = "家属已调解"
        with freeze_time("2026-05-04 04:00:00"):
            flag.action_end()
        self.assertEqual(flag.ended_on, date(2026, 5, 4))
        for action in (flag.action_end, flag.action_confirm_review):
            with self.assertRaises(UserError):
                action()

    # reviews

    def test_due_review_makes_one_activity_for_who_set_the_flag(self):
        self._remind("2026-09-01 04:00:00")
        self.assertFalse(self._get_activities())
        self._remind("2026-09-03 04:00:00")
        self._remind("2026-09-04 04:00:00")
        activity = self._get_activities()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.user_safety)
        self.assertEqual(activity.date_deadline, date(2026, 9, 2))

    def test_manager_of_the_group_decides_when_the_setter_may_not(self):
        manager = self._make_user("pr_safety_manager", "manager", "safety")
        self.user_safety.group_ids -= self.env.ref(
            "patient_relations.patient_relations_group_safety"
        )
        self._remind("2026-09-03 04:00:00")
        self.assertEqual(self._get_activities().user_id, manager)

    def test_confirmed_flag_runs_another_term_and_reminds_again(self):
        self._remind("2026-09-03 04:00:00")
        with freeze_time("2026-09-03 04:00:00"):
            self.flag.with_user(self.user_safety).action_confirm_review()
        self.assertEqual(self.flag.reviewed_on, date(2026, 9, 3))
        self.assertEqual((self.flag.review_on - self.flag.reviewed_on).days, 184)
        self.assertFalse(self._get_activities())
        self._remind("2027-04-01 04:00:00")
        self.assertEqual(len(self._get_activities()), 1)

    def test_ended_flags_remind_nobody(self):
        self.flag.ended_reason = "x"
        self.flag.action_end()
        self._remind("2026-12-01 04:00:00")
        self.assertFalse(self._get_activities())

    def test_many_flags_are_reminded_with_the_queries_of_few(self):
        def count(number):
            with freeze_time(TODAY):
                for _flag in range(number):
                    self._make_flag(self.user_safety)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._remind("2026-09-03 04:00:00")
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1)
        few = count(2)
        self.assertLessEqual(count(30), few + 6)
