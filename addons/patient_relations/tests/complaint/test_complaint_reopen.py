from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .course_common import ComplaintCourseCase


@tagged("post_install", "-at_install")
class TestComplaintReopen(ComplaintCourseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._make_complaint(
            received_at="2026-03-02 01:00:00",
            complainant_name="张伟",
            user_id=cls.user_officer.id,
        )
        cls.complaint.problem_ids.finding = "founded"
        officer = cls.complaint.with_user(cls.user_officer)
        with freeze_time("2026-03-03 01:00:00"):
            cls._reply(cls.complaint)
        with freeze_time("2026-03-05 01:00:00"):
            officer.action_close()
            officer.write({"satisfaction": "2", "satisfaction_comment": "不满意"})

    def _open(self, user=None):
        user = user or self.user_officer
        action = self.complaint.with_user(user).action_reopen()
        model = self.env[action["res_model"]].with_user(user)
        return Form(model.with_context(**action["context"]))

    def _reopen(self, moment="2026-04-01 01:00:00"):
        form = self._open()
        form.new_facts = "外院的片子显示骨折"
        with freeze_time(moment):
            form.save().action_reopen()

    def test_reopened_one_begins_anew_and_keeps_the_end_it_had(self):
        self._reopen()
        self.assertRecordValues(
            self.complaint,
            [
                {
                    "state": "received",
                    "closed_at": False,
                    "acknowledged_on": False,
                    "responded_on": False,
                    "reopen_count": 1,
                    "reopened_on": datetime(2026, 4, 1, 1),
                    "satisfaction": False,
                    "satisfaction_comment": False,
                    "user_id": self.user_officer.id,
                }
            ],
        )
        self.assertRecordValues(
            self.complaint.reopening_ids,
            [
                {
                    "new_facts": "外院的片子显示骨折",
                    "told_by": "张伟",
                    "by_user_id": self.user_officer.id,
                    "reopened_at": datetime(2026, 4, 1, 1),
                    "former_state": "closed",
                    "former_ended_at": datetime(2026, 3, 5, 1),
                    "former_responded_on": datetime(2026, 3, 3, 1),
                    "former_user_id": self.user_officer.id,
                    "former_satisfaction": "2",
                    "former_satisfaction_comment": "不满意",
                }
            ],
        )
        self.assertIn("外院的片子显示骨折", self.complaint.message_ids[0].body)

    def test_findings_stay_and_may_be_changed(self):
        self._reopen()
        problem = self.complaint.problem_ids.with_user(self.user_officer)
        self.assertEqual(problem.finding, "founded")
        problem.finding = "pending"
        self.assertEqual(problem.finding, "pending")

    def test_flow_runs_again_and_may_end_again(self):
        self._reopen()
        officer = self.complaint.with_user(self.user_officer)
        with freeze_time("2026-04-01 03:00:00"):
            officer.action_acknowledge()
        officer.action_investigate()
        self._reply(self.complaint)
        officer.action_close()
        self.assertEqual(self.complaint.hours_to_acknowledge, 2)  # from the reopening
        self._reopen("2026-05-01 01:00:00")
        self.assertEqual(self.complaint.reopen_count, 2)
        self.assertEqual(len(self.complaint.reopening_ids), 2)

    def test_not_accepted_one_is_reopened_and_needs_a_new_reason_later(self):
        self.complaint = self._make_complaint()
        self.complaint.write(
            {"state": "not_accepted", "not_accepted_reason": "no_facts"}
        )
        self._reopen()
        self.assertFalse(self.complaint.not_accepted_reason)
        self.assertEqual(self.complaint.reopening_ids.former_reason, "no_facts")

    def test_new_facts_are_wanted(self):
        form = self._open()
        with self.assertRaises(AssertionError):  # required on the screen
            form.save()
        with self.assertRaisesRegex(UserError, "what is new"):
            self.complaint.with_user(self.user_officer)._reopen("  ")
        self.assertEqual(self.complaint.state, "closed")
        self.assertFalse(self.complaint.reopening_ids)

    def test_open_escalated_and_merged_ones_are_not_reopened(self):
        escalated = self._make_complaint(state="escalated", state_note="诉讼")
        with self.assertRaisesRegex(UserError, escalated.name):
            escalated.with_user(self.user_officer)._reopen("新证据")
        with self.assertRaisesRegex(UserError, "is received"):
            self._make_complaint()._reopen("新证据")
        main = self._make_complaint()
        self.complaint._merge_into(main)
        with self.assertRaisesRegex(UserError, main.name):
            self.complaint._reopen("新证据")

    def test_person_complained_about_does_not_become_the_officer(self):
        self._make_accused(self.complaint, self.user_manager)
        with self.assertRaisesRegex(UserError, self.complaint.name):
            self.complaint.with_user(self.user_officer)._reopen(
                "新证据", user=self.user_manager
            )

    def test_staff_does_not_reopen(self):
        self.complaint.lead_department_id = self.cardiology
        with self.assertRaises(AccessError):
            self.env["patient.complaint.reopen"].with_user(self.user_staff).create({})
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.user_staff)._reopen("新证据")
        with self.assertRaises(UserError):
            self.complaint.with_user(self.user_officer).write({"state": "received"})

    def test_set_back_of_the_manager_stays_for_mistakes(self):
        self.complaint.with_user(self.user_manager).action_investigate()
        self.assertFalse(self.complaint.reopening_ids)
        self.assertFalse(self.complaint.reopen_count)
        self.assertTrue(self.complaint.acknowledged_on)
        self.assertFalse(self.complaint.responded_on)
