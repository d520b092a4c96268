from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CareCase


@tagged("post_install", "-at_install")
class TestDutyAccess(CareCase):
    """Who sees duties and their clocks, and who does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._measure("systolic", 190, encounter_id=cls.encounter.id)
        cls._measure(
            "systolic", 191, patient_id=cls.stranger.id, department_id=cls.surgery.id
        )
        duties = cls.env["patient.health.duty"]
        cls.duty = duties.search([("patient_id", "=", cls.patient.id)])
        cls.other = duties.search([("patient_id", "=", cls.stranger.id)])

    def _visible(self, user, model="patient.health.duty"):
        both = self.duty + self.other
        records = both if model == both._name else both.deadline_ids
        return self.env[model].with_user(user).search([("id", "in", records.ids)])

    def test_clinician_sees_patients_of_the_own_departments(self):
        self.assertEqual(self._visible(self.user_clinician), self.duty)
        with self.assertRaises(AccessError):
            self.other.with_user(self.user_clinician).read(["level"])
        with self.assertRaises(AccessError):
            self.other.with_user(self.user_clinician).action_claim()
        self.duty.department_id = self.surgery  # the patient is ours all the same
        self.assertEqual(self._visible(self.user_clinician), self.duty)

    def test_clinician_works_and_deletes_nothing(self):
        self.duty.with_user(self.user_clinician).action_claim()
        self._close(self.duty, self.user_clinician)
        with self.assertRaises(AccessError):
            self.duty.with_user(self.user_clinician).unlink()
        model = self.env["patient.health.duty"].with_user(self.user_clinician)
        with self.assertRaises(AccessError):
            model.create(
                {
                    "patient_id": self.stranger.id,
                    "summary": "复查",
                    "department_id": self.surgery.id,
                }
            )

    def test_work_list_of_the_own_departments(self):
        self.duty.department_id = self.surgery
        model = self.env["patient.health.duty"]
        domain = [
            ("is_of_my_departments", "=", True),
            ("id", "in", (self.duty + self.other).ids),
        ]
        self.assertFalse(model.with_user(self.user_clinician).search(domain))
        self.duty.department_id = self.cardiology
        self.assertEqual(model.with_user(self.user_clinician).search(domain), self.duty)
        self.assertTrue(self.duty.with_user(self.user_clinician).is_of_my_departments)
        # health management has no department here, and sees the lists of all
        found = model.with_user(self.user_health).search(domain)
        self.assertEqual(found, self.duty + self.other)

    def test_health_management_sees_all_of_the_hospital(self):
        self.assertEqual(self._visible(self.user_health), self.duty + self.other)
        self.assertEqual(
            self._visible(self.user_health, "patient.deadline"),
            (self.duty + self.other).deadline_ids,
        )

    def test_statistics_counts_without_knowing_of_whom(self):
        model = self.env["patient.health.duty"].with_user(self.user_statistics)
        found = model._read_group(
            [("id", "in", (self.duty + self.other).ids)],
            ["department_id", "level"],
            ["__count"],
        )
        self.assertEqual(
            sorted((one.name, level, count) for one, level, count in found),
            sorted(
                [
                    (self.cardiology.name, "critical", 1),
                    (self.surgery.name, "critical", 1),
                ]
            ),
        )
        mine = model.browse(self.duty.id)
        for name in ("patient_id", "phone", "reason", "last_values", "closed_note"):
            with self.assertRaises(AccessError, msg=name):
                mine.read([name])
        self.assertNotIn("张伟", mine.display_name)
        # what the list behind a figure shows
        [row] = mine.read(["level", "next_due_at", "is_overdue", "deadline_status"])
        self.assertEqual(
            (row["is_overdue"], row["deadline_status"]), (False, "in_time")
        )
        with self.assertRaises(AccessError):
            model.search([("patient_id", "=", self.patient.id)])
        with self.assertRaises(AccessError):
            mine.action_claim()

    def test_clocks_are_seen_by_clinicians_only(self):
        clocks = self.duty.deadline_ids
        self.assertEqual(self._visible(self.user_clinician, "patient.deadline"), clocks)
        self.other.user_id = self.user_clinician
        self.assertEqual(
            self._visible(self.user_clinician, "patient.deadline"),
            clocks + self.other.deadline_ids,
        )
        for user in (self.user_staff, self.user_officer, self.user_manager):
            self.assertFalse(self._visible(user, "patient.deadline"), user.login)

    def test_officer_who_is_a_clinician_sees_no_more_clocks(self):
        self.user_clinician.group_ids += self.env.ref(
            "patient_relations.patient_relations_group_officer"
        )
        complaint = self._make_complaint()
        found = self._visible(self.user_clinician, "patient.deadline")
        self.assertEqual(found, self.duty.deadline_ids)
        clocks = complaint.deadline_ids.with_user(self.user_clinician)
        self.assertTrue(clocks.has_access("read"))

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

    def test_sensitive_duties_need_a_right_of_their_own(self):
        self.systolic.is_sensitive = True
        for user in (self.user_clinician, self.user_health, self.user_statistics):
            self.assertFalse(self._visible(user), user.login)
        for user in (self.user_clinician, self.user_health):
            self.assertFalse(self._visible(user, "patient.deadline"), user.login)
        self.user_clinician.group_ids += self.env.ref(
            "patient_health.patient_health_group_sensitive"
        )
        self.assertEqual(self._visible(self.user_clinician), self.duty)
        self.assertTrue(self._visible(self.user_clinician, "patient.deadline"))

    def test_another_hospital_sees_nothing(self):
        company = self._make_company()
        user = self._make_health_user(
            "ph_elsewhere",
            *("manager", "sensitive", "statistics"),
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        model = self.env["patient.health.duty"].with_user(user)
        self.assertFalse(model.search_count([]))
        self.assertFalse(model._read_group([], ["level"], ["__count"]))
        self.assertFalse(
            model.env["patient.deadline"].search_count([("duty_id", "!=", False)])
        )
        with self.assertRaises(AccessError):
            model.browse(self.duty.id).read(["level"])
