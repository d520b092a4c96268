from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import MODULE
from .course_common import ComplaintCourseCase

TODAY = datetime(2026, 6, 1, 2, 0)


@tagged("post_install", "-at_install")
class TestComplaintRepeatNumber(ComplaintCourseCase):
    def _receive(self, days_ago, **values):
        values.setdefault("patient_id", self.patient.id)
        return self._make_complaint(
            received_at=TODAY - timedelta(days=days_ago), **values
        )

    def test_complaints_of_a_patient_are_numbered_within_180_days(self):
        numbers = [self._receive(days).repeat_number for days in (400, 170, 100, 0)]
        self.assertEqual(numbers, [1, 1, 2, 3])

    def test_without_a_patient_the_telephone_number_counts(self):
        first, second = (
            self._receive(days, patient_id=False, complainant_phone=phone)
            for days, phone in ((3, "139-0000-1111"), (1, "13900001111"))
        )
        self.assertEqual((first.repeat_number, second.repeat_number), (1, 2))

    def test_nobody_known_is_no_repeat(self):
        self._receive(3, patient_id=False)
        self.assertEqual(self._receive(1, patient_id=False).repeat_number, 1)

    def test_praise_is_neither_counted_nor_numbered(self):
        self._receive(9, kind="praise")
        self.assertEqual(self._receive(5).repeat_number, 1)
        self.assertEqual(self._receive(1, kind="praise").repeat_number, 1)

    def test_many_of_one_batch_are_numbered_in_their_order(self):
        complaints = self.env["patient.complaint"].create(
            [
                {
                    "summary": "等候",
                    "patient_id": self.patient.id,
                    "received_at": TODAY - timedelta(days=3 - number),
                }
                for number in range(3)
            ]
        )
        self.assertEqual(complaints.mapped("repeat_number"), [1, 2, 3])

    def test_patient_found_later_is_counted_then(self):
        self._receive(9)
        complaint = self._receive(1, patient_id=False)
        complaint.patient_id = self.patient
        self.assertEqual(complaint.repeat_number, 2)
        complaint.kind = "suggestion"
        self.assertEqual(complaint.repeat_number, 1)

    def test_merged_one_is_not_counted(self):
        merged = self._receive(9)
        merged._merge_into(self._receive(8))
        self.assertEqual(self._receive(1).repeat_number, 2)

    def test_other_hospital_is_not_counted(self):
        company = self._make_company()
        self._receive(
            9, patient_id=False, company_id=company.id, complainant_phone="139"
        )
        own = self._receive(1, patient_id=False, complainant_phone="139")
        self.assertEqual(own.repeat_number, 1)

    def test_days_of_the_hospital_count(self):
        self.company.patient_repeat_days = 30
        self._receive(40)
        self.assertEqual(self._receive(0).repeat_number, 1)

    def _accuse(self, days_ago, times=1, **values):
        category = self.env.ref(f"{MODULE}.patient_complaint_category_respect")
        problem = {"category_id": category.id, "employee_id": self.employee_doctor.id}
        return self._receive(
            days_ago,
            patient_id=False,
            problem_ids=[Command.create(problem)] * times,
            **values,
        ).problem_ids

    def test_complaints_about_a_person_are_numbered_not_problems(self):
        first, second = self._accuse(20, times=2), self._accuse(1)
        self.assertEqual(first.mapped("employee_repeat_number"), [1, 1])
        self.assertEqual(second.employee_repeat_number, 2)

    def test_praise_about_a_person_is_not_numbered(self):
        self._accuse(20, kind="praise")
        self.assertEqual(self._accuse(1).employee_repeat_number, 1)

    def test_person_taken_off_a_problem_takes_the_number_off(self):
        self._accuse(20)
        problem = self._accuse(1)
        problem.employee_id = False
        self.assertEqual(problem.employee_repeat_number, 0)
        problem.employee_id = self.employee_doctor
        self.assertEqual(problem.employee_repeat_number, 2)

    def test_hospital_cannot_count_the_first_one_as_repeated(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self.company.patient_repeat_patient_from = 1
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestComplaintRepeat(ComplaintCourseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.env["patient.complaint.repeat"]
        cls.rows.search([]).unlink()
        cls.company.patient_repeat_user_id = cls.user_manager
        cls.first, cls.second = (
            cls._make_complaint(
                received_at=TODAY - timedelta(days=days),
                patient_id=cls.patient.id,
                lead_department_id=cls.cardiology.id,
            )
            for days in (100, 10)
        )

    def _refresh(self, moment=TODAY):
        with freeze_time(moment):
            self.rows._refresh(self.company)
        return self.rows.search([("company_id", "=", self.company.id)])

    def _get_activities(self, rows):
        return self.env["mail.activity"].search(
            [("res_model", "=", rows._name), ("res_id", "in", rows.ids)]
        )

    def _accuse(self, complaints, employee):
        for complaint in complaints:
            complaint.problem_ids.employee_id = employee

    def test_row_tells_how_many_the_last_and_the_open_ones(self):
        self.first.write({"state": "withdrawn", "state_note": "撤回"})
        row = self._refresh()
        self.assertRecordValues(
            row,
            [
                {
                    "subject": "patient",
                    "patient_id": self.patient.id,
                    "complaint_count": 2,
                    "open_count": 1,
                    "last_received_at": self.second.received_at,
                    "complaint_ids": (self.first | self.second).ids,
                }
            ],
        )
        action = row.action_open_complaints()
        self.assertEqual(
            self.env["patient.complaint"].search(action["domain"]),
            self.first | self.second,
        )

    def test_numbers_and_employees_have_rows_too(self):
        for days in (3, 2):
            self._make_complaint(
                received_at=TODAY - timedelta(days=days),
                complainant_phone="13911112222",
            )
        self._accuse(self.first | self.second, self.employee_doctor)
        rows = self._refresh().grouped("subject")
        self.assertEqual(set(rows), {"patient", "phone", "employee"})
        self.assertEqual(rows["phone"].display_name, "13911112222")
        self.assertEqual(rows["employee"].employee_id, self.employee_doctor)

    def test_row_goes_when_nothing_repeats_any_more(self):
        self._refresh()
        self.assertFalse(self._refresh(TODAY + timedelta(days=100)))

    def test_quiet_night_changes_nothing(self):
        row = self._refresh()
        before = row.read()
        self.assertEqual(self._refresh(), row)
        self.assertEqual(row.read(), before)

    def test_numbers_of_the_hospital_decide(self):
        self.company.patient_repeat_patient_from = 3
        self.assertFalse(self._refresh())

    def test_praise_makes_no_row(self):
        self.second.kind = "praise"
        self.assertFalse(self._refresh())

    # telling the manager

    def test_manager_gets_one_activity_for_each_person_and_no_second_one(self):
        row = self._refresh()
        activity = self._get_activities(row)
        self.assertEqual(activity.user_id, self.user_manager)
        self.assertIn("2 complaints", activity.summary)
        self._refresh()
        self._make_complaint(
            received_at=TODAY - timedelta(days=1), patient_id=self.patient.id
        )
        self._refresh()
        self.assertEqual(self._get_activities(row), activity)

    def test_after_it_was_done_only_more_complaints_tell_again(self):
        row = self._refresh()
        self._get_activities(row).with_user(self.user_manager).action_feedback("已约谈")
        self._refresh()
        self.assertFalse(self._get_activities(row))
        self._make_complaint(
            received_at=TODAY - timedelta(days=1), patient_id=self.patient.id
        )
        self._refresh()
        self.assertIn("3 complaints", self._get_activities(row).summary)

    def test_person_complained_about_is_neither_told_nor_shown(self):
        employee = self.env["hr.employee"].create(
            {"name": "周敏", "user_id": self.user_manager.id}
        )
        self._accuse(self.second, employee)
        other = self._make_user("pr_manager_second", "manager")
        rows = self._refresh()
        self.assertNotIn(self.user_manager, self._get_activities(rows).user_id)
        self.assertTrue(self._get_activities(rows))
        self.assertFalse(self.rows.with_user(self.user_manager).search([]))
        with self.assertRaises(AccessError):
            rows.with_user(self.user_manager).read(["complaint_count"])
        self.assertEqual(rows.with_user(other).search([]), rows)

    def test_cron_goes_through_all_hospitals(self):
        with freeze_time(TODAY), self.enter_registry_test_mode():
            self.env.ref(
                f"{MODULE}.patient_complaint_repeat_cron"
            ).method_direct_trigger()
        self.assertTrue(self.rows.search([("patient_id", "=", self.patient.id)]))

    # access

    def test_list_is_the_managers_and_nobody_writes_it(self):
        row = self._refresh()
        for user in (self.user_staff, self.user_officer, self.user_plain):
            with self.assertRaises(AccessError):
                row.with_user(user).read(["complaint_count"])
        manager = row.with_user(self.user_manager)
        self.assertTrue(manager.read(["display_name", "complaint_count"]))
        for right in ("write", "create", "unlink"):
            self.assertFalse(manager.has_access(right))

    def test_other_hospital_sees_nothing(self):
        company = self._make_company()
        stranger = self._make_user(
            "pr_stranger", "manager", company_id=company.id, company_ids=company.ids
        )
        row = self._refresh()
        self.assertFalse(row.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            row.with_user(stranger).read(["complaint_count"])
