from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .course_common import ComplaintCourseCase

RECEIVED = datetime(2026, 3, 2, 1, 0)


@tagged("post_install", "-at_install")
class TestComplaintCourse(ComplaintCourseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._make_complaint(
            received_at=RECEIVED,
            first_receiver_id=cls.employee_staff.id,
            lead_department_id=cls.surgery.id,
            user_id=cls.user_officer.id,
        )

    def _hand(self, department, hours=1):
        """Hand the complaint to a department, some hours after the last time."""
        last = self.complaint.handover_ids[-1:].at
        with freeze_time(last + timedelta(hours=hours)):
            self.complaint.with_user(self.user_officer).lead_department_id = department

    # the chain

    def test_chain_begins_with_the_receipt_and_the_way_to_the_lead_department(self):
        self.assertRecordValues(
            self.complaint.handover_ids,
            [
                {
                    "is_receipt": True,
                    "receiver_id": self.employee_staff.id,
                    "from_department_id": False,
                    "to_department_id": self.cardiology.id,
                    "at": RECEIVED,
                    "accepted_at": RECEIVED,
                },
                {
                    "is_receipt": False,
                    "receiver_id": False,
                    "from_department_id": self.cardiology.id,
                    "to_department_id": self.surgery.id,
                    "at": RECEIVED,
                    "accepted_at": False,
                },
            ],
        )
        self.assertEqual(self.complaint.handover_count, 1)

    def test_receipt_by_the_lead_department_is_one_link_that_is_taken_over(self):
        complaint = self._make_complaint(
            first_receiver_id=self.employee_staff.id,
            lead_department_id=self.cardiology.id,
        )
        self.assertEqual(len(complaint.handover_ids), 1)
        self.assertTrue(complaint.handover_ids.accepted_at)
        self.assertEqual(complaint.handover_count, 0)

    def test_receipt_in_nobodys_hands_waits(self):
        complaint = self._make_complaint(first_receiver_id=False, user_id=False)
        self.assertEqual(len(complaint.handover_ids), 1)
        self.assertFalse(complaint.handover_ids.accepted_at)
        complaint.with_user(self.user_officer).action_assign_to_me()
        self.assertEqual(complaint.handover_ids[-1].accepted_by_id, self.user_officer)
        self.assertEqual(complaint.handover_count, 0)

    def test_each_change_of_department_or_officer_is_one_link(self):
        self._hand(self.emergency, hours=2)
        with freeze_time(RECEIVED + timedelta(hours=5)):
            self.complaint.with_user(self.user_manager).action_assign_to_me()
        department, officer = self.complaint.handover_ids[-2:]
        self.assertEqual(department.from_department_id, self.surgery)
        self.assertEqual(department.to_department_id, self.emergency)
        self.assertEqual(department.by_user_id, self.user_officer)
        self.assertEqual(officer.from_user_id, self.user_officer)
        self.assertEqual(officer.to_user_id, self.user_manager)
        self.assertEqual(officer.at, RECEIVED + timedelta(hours=5))
        self.assertEqual(officer.accepted_by_id, self.user_manager)

    def test_writing_the_same_hands_adds_no_link(self):
        before = self.complaint.handover_ids
        self.complaint.write(
            {"lead_department_id": self.surgery.id, "user_id": self.user_officer.id}
        )
        self.assertEqual(self.complaint.handover_ids, before)

    def test_visit_that_brings_the_department_is_a_link(self):
        complaint = self._make_complaint()
        complaint.write(
            {"patient_id": self.patient.id, "encounter_id": self.encounter.id}
        )
        self.assertEqual(complaint.handover_ids[-1].to_department_id, self.cardiology)

    def test_each_link_shows_how_long_it_was_held(self):
        self._hand(self.emergency, hours=3)
        self._hand(self.cardiology, hours=4)
        with freeze_time(RECEIVED + timedelta(hours=12)):
            self.complaint.invalidate_recordset()
            hours = self.complaint.handover_ids.mapped("dwell_hours")
        self.assertEqual(hours, [0, 3, 4, 5])

    # pushing away

    def test_return_to_who_gave_it_away_is_pushed_back(self):
        self._hand(self.emergency)
        self.assertFalse(self.complaint.handover_warning)
        self._hand(self.surgery)
        self.assertTrue(self.complaint.handover_ids[-1].is_pushed_back)
        self.assertTrue(self.complaint.handover_warning)
        found = self.env["patient.complaint"].search([("handover_warning", "=", True)])
        self.assertIn(self.complaint, found)

    def test_return_to_the_first_receiver_is_pushed_back(self):
        self._hand(self.cardiology)
        self.assertTrue(self.complaint.handover_ids[-1].is_pushed_back)

    def test_change_of_officer_within_a_department_is_not_pushed_back(self):
        self._hand(self.emergency)
        self.complaint.user_id = self.user_manager
        self.assertFalse(self.complaint.handover_ids[-1].is_pushed_back)

    def test_more_than_three_hand_overs_warn(self):
        ward, clinic = self.env["hr.department"].create(
            [{"name": "病区"}, {"name": "门诊"}]
        )
        self._hand(self.emergency)
        self._hand(ward)
        self.assertEqual(self.complaint.handover_count, 3)
        self.assertFalse(self.complaint.handover_warning)
        self._hand(clinic)
        self.assertEqual(self.complaint.handover_count, 4)
        self.assertTrue(self.complaint.handover_warning)

    # taking over

    def test_staff_of_the_new_department_takes_over_once(self):
        complaint = self.complaint.with_user(self.user_staff_surgery)
        self.assertTrue(complaint.is_to_take_over)
        complaint.action_take_over()
        last = self.complaint.handover_ids[-1]
        self.assertEqual(last.accepted_by_id, self.user_staff_surgery)
        self.assertFalse(complaint.is_to_take_over)
        with self.assertRaisesRegex(UserError, self.complaint.name):
            complaint.action_take_over()

    def test_others_do_not_take_over(self):
        complaint = self.complaint.with_user(self.user_staff)  # received it first
        self.assertFalse(complaint.is_to_take_over)
        with self.assertRaisesRegex(UserError, "does not wait for you"):
            complaint.action_take_over()
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.user_plain).action_take_over()

    def test_work_on_it_counts_as_taking_over(self):
        self.complaint.with_user(self.user_staff_surgery).action_acknowledge()
        last = self.complaint.handover_ids[-1]
        self.assertEqual(last.accepted_by_id, self.user_staff_surgery)

    def test_work_of_somebody_else_does_not_count(self):
        self.complaint.with_user(self.user_manager).action_acknowledge()
        self.assertFalse(self.complaint.handover_ids[-1].accepted_at)

    # the wizard

    def _open_wizard(self, user):
        action = self.complaint.with_user(user).action_hand_over()
        model = self.env[action["res_model"]].with_user(user)
        return Form(model.with_context(**action["context"]))

    def test_wizard_keeps_why(self):
        form = self._open_wizard(self.user_officer)
        self.assertEqual(form.lead_department_id, self.surgery)
        form.lead_department_id = self.emergency
        form.note = "首诊在急诊"
        form.save().action_hand_over()
        last = self.complaint.handover_ids[-1]
        self.assertEqual(
            (last.note, last.to_department_id.name), ("首诊在急诊", "急诊科")
        )

    def test_staff_that_gives_it_away_is_led_back_to_the_list(self):
        form = self._open_wizard(self.user_staff_surgery)
        form.lead_department_id = self.emergency
        form.note = "病人一直在急诊"
        action = form.save().action_hand_over()
        self.assertEqual(action["res_model"], "patient.complaint")
        self.assertEqual(self.complaint.lead_department_id, self.emergency)
        self.assertEqual(
            self.complaint.handover_ids[-1].by_user_id, self.user_staff_surgery
        )

    def test_wizard_wants_other_hands_and_an_open_complaint(self):
        form = self._open_wizard(self.user_officer)
        form.note = "x"
        with self.assertRaisesRegex(UserError, self.complaint.name):
            form.save().action_hand_over()
        self.complaint.write({"state": "withdrawn", "state_note": "撤回"})
        form = self._open_wizard(self.user_officer)
        form.note = "x"
        form.lead_department_id = self.emergency
        with self.assertRaisesRegex(UserError, "has ended"):
            form.save().action_hand_over()

    # many at once

    def test_hand_overs_of_many_cost_the_same_as_of_one(self):
        complaints = self._make_many(40)
        self._count_handing(complaints[21:22], self.surgery)  # fills the caches
        one = self._count_handing(complaints[:1], self.surgery)
        self.assertEqual(self._count_handing(complaints[1:21], self.surgery), one)
        self.assertEqual(
            set(complaints[:21].handover_ids.mapped("to_department_id.name")),
            {"心内科", "外科"},
        )

    def _make_many(self, count):
        return self.env["patient.complaint"].create(
            [
                {"summary": f"等候{number}", "lead_department_id": self.cardiology.id}
                for number in range(count)
            ]
        )

    def _count_handing(self, complaints, department):
        self.env.flush_all()
        self.env.invalidate_all()
        quiet = complaints.with_context(tracking_disable=True)
        before = self.env.cr.sql_log_count
        quiet.write({"lead_department_id": department.id})
        self.env.flush_all()
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestComplaintCourseAccess(ComplaintCourseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._make_complaint(
            lead_department_id=cls.cardiology.id,
            patient_id=cls.patient.id,
            kind="complaint",
        )
        cls.complaint.write({"state": "withdrawn", "state_note": "撤回"})
        cls.complaint._reopen("新的证据", "张伟", cls.user_officer)
        cls.records = (cls.complaint.handover_ids, cls.complaint.reopening_ids)

    def _assert_hidden(self, user):
        for records in self.records:
            seen = records.with_user(user)
            with self.subTest(model=records._name, user=user.login):
                if seen.browse().has_access("read"):
                    self.assertFalse(seen.search([("id", "in", records.ids)]))
                with self.assertRaises(AccessError):
                    seen.read(["display_name"])

    def _assert_read_only(self, user):
        for records in self.records:
            seen = records.with_user(user)
            with self.subTest(model=records._name, user=user.login):
                self.assertEqual(seen.search([("id", "in", records.ids)]), records)
                self.assertTrue(seen.read(["display_name"]))
                for right in ("write", "create", "unlink"):
                    self.assertFalse(seen.browse().has_access(right))
                with self.assertRaises(AccessError):
                    seen.write({"by_user_id": user.id})

    def test_who_reads_the_complaint_reads_its_course_and_writes_nothing(self):
        for user in (self.user_staff, self.user_officer, self.user_manager):
            self._assert_read_only(user)

    def test_other_departments_and_others_see_nothing(self):
        for user in (self.user_staff_surgery, self.user_plain, self.user_portal):
            self._assert_hidden(user)

    def test_course_follows_the_complaint_to_another_department(self):
        self.complaint.lead_department_id = self.surgery
        self.records = (self.complaint.handover_ids, self.complaint.reopening_ids)
        self._assert_read_only(self.user_staff_surgery)
        self._assert_hidden(self.user_staff)

    def test_accused_sees_nothing_whatever_the_role(self):
        for user in (self.user_staff, self.user_manager):
            self._make_accused(self.complaint, user)
            self._assert_hidden(user)

    def test_other_hospital_sees_nothing(self):
        company = self._make_company()
        stranger = self._make_user(
            "pr_stranger", "manager", company_id=company.id, company_ids=company.ids
        )
        self._assert_hidden(stranger)
