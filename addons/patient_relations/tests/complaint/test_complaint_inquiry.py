import base64
import hashlib
from datetime import datetime, timedelta

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import PatientRelationsCase
from .test_complaint_evidence import PNG

NOW = datetime(2026, 3, 4, 2, 0)


class InquiryCase(PatientRelationsCase):
    """One complaint of cardiology, about which surgery is asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._make_complaint(
            lead_department_id=cls.cardiology.id,
            received_at=NOW - timedelta(days=1),
            user_id=cls.user_officer.id,
        )
        cls.inquiry = cls._ask(department_id=cls.surgery.id)

    @classmethod
    def _ask(cls, **values):
        values.setdefault("complaint_id", cls.complaint.id)
        values.setdefault("question", "请说明会诊经过")
        return (
            cls.env["patient.complaint.inquiry"]
            .with_user(cls.user_officer)
            .create(values)
            .with_env(cls.env)
        )

    def _answer(self, inquiry=None, user=None, text="十点到场，会诊记录见附件"):
        inquiry = (inquiry or self.inquiry).with_user(user or self.user_staff_surgery)
        inquiry.answer = text
        inquiry.action_answer()

    def _attach(self, inquiry, user, raw=PNG, name="page.png"):
        inquiry = inquiry.with_user(user)
        file = inquiry.env["ir.attachment"].create(
            {
                "name": name,
                "raw": raw,
                "res_model": inquiry._name,
                "res_id": inquiry.id,
            }
        )
        inquiry.file_ids = [Command.link(file.id)]
        return file


@tagged("post_install", "-at_install")
class TestComplaintInquiry(InquiryCase):
    # asking

    def test_question_knows_number_hospital_and_three_working_days(self):
        with freeze_time(NOW):
            inquiry = self._ask(department_id=self.emergency.id)
        self.assertEqual(inquiry.number, self.complaint.name)
        self.assertEqual(inquiry.company_id, self.company)
        self.assertEqual(inquiry.asked_by_id, self.user_officer)
        self.assertEqual(inquiry.asked_at, NOW)
        # to the end of the third working day, in the hospital's zone
        self.assertEqual(inquiry.due_at, datetime(2026, 3, 9, 15, 59, 59))
        self.assertEqual(inquiry.state, "asked")

    def test_colleague_brings_department_account_and_address(self):
        self.employee_staff.work_email = "wang@example.com"
        inquiry = self._ask(employee_id=self.employee_staff.id, kind="statement")
        self.assertEqual(inquiry.department_id, self.cardiology)
        self.assertEqual(inquiry.user_id, self.user_staff)
        self.assertEqual(inquiry.person_name, "王芳")
        self.assertEqual(inquiry.person_email, "wang@example.com")

    def _find_notices(self, user):
        return self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("notified_partner_ids", "in", user.partner_id.ids),
            ]
        )

    def test_who_is_asked_gets_one_message_without_the_question(self):
        self.surgery.manager_id = self.employee_staff
        self.env["patient.complaint.inquiry"].with_user(self.user_officer).create(
            [
                {
                    "complaint_id": self.complaint.id,
                    "department_id": self.surgery.id,
                    "question": "请说明值班安排",
                }
            ]
            * 3
        )
        notice = self._find_notices(self.user_staff)
        self.assertEqual(len(notice), 1)
        self.assertEqual(notice.body.count("/odoo/complaint-questions/"), 3)
        self.assertNotIn("值班", notice.body)
        self.assertFalse(notice.res_id)

    def test_accused_head_is_passed_over(self):
        self.surgery.manager_id = self.employee_staff
        self.surgery.parent_id = self.cardiology
        self.cardiology.manager_id = self.env["hr.employee"].create(
            {"name": "主任", "user_id": self.user_staff_surgery.id}
        )
        self.complaint.problem_ids.employee_id = self.employee_staff
        inquiry = self._ask(department_id=self.surgery.id)
        self.assertEqual(inquiry._get_asked_user(), self.user_staff_surgery)

    def test_answer_sent_back_is_told_to_who_gave_it(self):
        inquiry = self._ask(employee_id=self.employee_staff.id, kind="statement")
        self._answer(inquiry, self.user_staff)
        inquiry.with_user(self.user_officer)._send_back("请补充时间")
        subjects = self._find_notices(self.user_staff).sorted("id").mapped("subject")
        self.assertEqual(
            subjects,
            [
                "You are asked about a complaint",
                "Your answer about a complaint came back",
            ],
        )

    def test_several_are_asked_at_once(self):
        action = self.complaint.with_user(self.user_officer).action_ask_departments()
        form = Form(
            self.env["patient.complaint.ask"]
            .with_user(self.user_officer)
            .with_context(**action["context"])
        )
        self.assertEqual(form.department_ids[:], self.cardiology, "of the problem")
        form.department_ids.add(self.emergency)
        doctor = self.env["hr.employee.public"].browse(self.employee_doctor.id)
        form.employee_ids.add(doctor)
        form.question = "请说明经过"
        form.save().action_ask()
        asked = self.complaint.inquiry_ids - self.inquiry
        self.assertEqual(len(asked), 3)
        self.assertEqual(asked.mapped("question"), ["请说明经过"] * 3)
        self.assertEqual(
            asked.filtered("employee_id").mapped("kind"), ["statement"], "a person's"
        )

    def test_asking_many_costs_no_more_queries_than_asking_two(self):
        departments = self.env["hr.department"].create(
            [{"name": f"科室{number}"} for number in range(12)]
        )

        def ask(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["patient.complaint.inquiry"].create(
                [
                    {
                        "complaint_id": self.complaint.id,
                        "department_id": department.id,
                        "question": "请说明",
                    }
                    for department in some
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        ask(departments[:1])  # warms what is cached once
        few, many = ask(departments[1:3]), ask(departments[3:])
        self.assertLessEqual(many, few + 1)

    def test_wizard_wants_somebody_to_ask(self):
        wizard = (
            self.env["patient.complaint.ask"]
            .with_user(self.user_officer)
            .create({"complaint_id": self.complaint.id, "question": "?"})
        )
        with self.assertRaises(UserError):
            wizard.action_ask()

    def test_second_department_takes_part_and_the_lead_does_not_twice(self):
        self._ask(department_id=self.cardiology.id)
        self.assertEqual(self.complaint.participant_department_ids, self.surgery)
        self.assertEqual(
            self.complaint._join_departments(self.surgery | self.emergency),
            self.emergency,
            "only who newly joins",
        )
        self.assertIn("急诊科", self.complaint.message_ids[0].body)

    def test_nobody_is_asked_about_what_has_ended(self):
        self.complaint.write({"state": "withdrawn", "state_note": "撤诉"})
        with self.assertRaisesRegex(UserError, self.complaint.name):
            self._ask(department_id=self.emergency.id)

    def test_person_from_outside_is_asked_on_one_screen(self):
        action = self.complaint.with_user(self.user_officer).action_ask_person()
        form = Form(
            self.env["patient.complaint.inquiry"]
            .with_user(self.user_officer)
            .with_context(**action["context"])
        )
        self.assertEqual(form.kind, "statement")
        form.person_name = "贺子衿"
        form.person_email = "he.zijin@example.com"
        form.question = "请写下经过"
        inquiry = form.save()
        self.assertFalse(inquiry.department_id)
        self.assertTrue(inquiry.can_be_linked)

    def test_somebody_must_be_asked(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
        ):
            self._ask()

    def test_bad_address_is_refused_by_name(self):
        with self.assertRaisesRegex(ValidationError, "nobody at home"):
            self._ask(person_name="李四", person_email="nobody at home")

    # answering

    def test_answer_is_noted_with_who_and_when(self):
        with freeze_time(NOW):
            self._answer()
        self.assertEqual(self.inquiry.state, "answered")
        self.assertEqual(self.inquiry.answered_at, NOW)
        self.assertEqual(self.inquiry.answered_by_id, self.user_staff_surgery)
        self.assertEqual(self.inquiry.answer_way, "account")
        self.assertIn("十点到场", self.complaint.message_ids[0].body)

    def test_office_writes_an_answer_down(self):
        self._answer(user=self.user_officer)
        self.assertEqual(self.inquiry.answer_way, "recorded")
        self.assertEqual(self.inquiry.answered_by_name, "外科")
        self.assertEqual(self.inquiry.answered_by_id, self.user_officer)

    def test_empty_answer_is_refused(self):
        for text in (False, " \n", "\x00"):
            with self.subTest(text=text), self.assertRaises(UserError):
                self.inquiry._record_answer(text, [], answer_way="account")
        self.assertEqual(self.inquiry.state, "asked")

    def test_files_become_evidence_of_the_complaint(self):
        file = self._attach(self.inquiry, self.user_staff_surgery)
        self._answer()
        evidence = self.complaint.evidence_ids
        self.assertEqual(evidence.inquiry_id, self.inquiry)
        self.assertEqual(evidence.sha256, hashlib.sha256(PNG).hexdigest())
        self.assertEqual(evidence.kind, "photo")
        self.assertEqual(base64.b64decode(evidence.datas), PNG)
        self.assertIn(evidence.sha256[:12], self.inquiry.answer_files)
        self.assertFalse(file.exists(), "kept once, as evidence")

    def test_refused_file_leaves_the_question_unanswered(self):
        self._attach(self.inquiry, self.user_staff_surgery, b"<svg/>", "x.png")
        self._attach(self.inquiry, self.user_staff_surgery, b"<html><script/>", "y.txt")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._answer()
        self.assertEqual(self.inquiry.state, "asked")
        self.assertFalse(self.complaint.evidence_ids)

    def test_file_of_somebody_else_does_not_come_along(self):
        foreign = self.env["ir.attachment"].create(
            {
                "name": "secret.txt",
                "raw": b"secret",
                "res_model": "patient.complaint",
                "res_id": self.complaint.id,
            }
        )
        self.inquiry.file_ids = [Command.link(foreign.id)]
        self._answer()
        self.assertFalse(self.complaint.evidence_ids)
        self.assertTrue(foreign.exists())

    def test_name_of_a_file_hides_nothing(self):
        clean = self.env["patient.complaint.inquiry"]._clean_filename
        self.assertEqual(clean("../../etc/pass\x00wd"), "passwd")
        self.assertEqual(clean("C:\\tmp\\a\u202egpj.exe"), "agpj.exe")
        self.assertEqual(clean(""), "file")

    # deciding

    def test_accepted_answer_stays(self):
        self._answer()
        with freeze_time(NOW):
            self.inquiry.with_user(self.user_officer).action_accept()
        self.assertEqual(self.inquiry.state, "accepted")
        self.assertEqual(self.inquiry.accepted_at, NOW)
        self.assertEqual(self.inquiry.accepted_by_id, self.user_officer)
        for user in (self.user_staff_surgery, self.user_officer, self.user_manager):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.inquiry.with_user(user).answer = "改口"
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.inquiry.with_user(user).action_answer()

    def test_sent_back_is_answered_again_and_history_keeps_both(self):
        self._answer(text="记不清了")
        wizard = (
            self.env["patient.complaint.send.back"]
            .with_user(self.user_officer)
            .create({"inquiry_ids": self.inquiry.ids, "reason": "请写明时间"})
        )
        wizard.action_confirm()
        self.assertEqual(self.inquiry.state, "sent_back")
        self.assertEqual(self.inquiry.return_reason, "请写明时间")
        self._answer(text="十点零五分到场")
        told = "".join(self.complaint.message_ids.mapped("body"))
        self.assertIn("记不清了", told)
        self.assertIn("十点零五分到场", told)

    def test_only_an_answer_is_accepted_or_sent_back(self):
        officer = self.inquiry.with_user(self.user_officer)
        with self.assertRaises(UserError):
            officer.action_accept()
        with self.assertRaises(UserError):
            officer._send_back("x")

    def test_question_stays_as_it_was_asked(self):
        officer = self.inquiry.with_user(self.user_officer)
        officer.question = "请说明会诊经过和时间"
        self._answer()
        with self.assertRaises(UserError):
            officer.question = "别的问题"

    def test_overdue_by_the_clock_and_only_while_waiting(self):
        self.inquiry.due_at = NOW
        overdue = [("is_overdue", "=", True), ("id", "=", self.inquiry.id)]
        for moment, late in ((NOW - timedelta(seconds=1), False), (NOW, True)):
            with freeze_time(moment), self.subTest(moment=moment):
                self.inquiry.invalidate_recordset()
                self.assertEqual(self.inquiry.is_overdue, late)
                self.assertEqual(bool(self.inquiry.search(overdue)), late)
        self._answer()
        self.assertFalse(self.inquiry.is_overdue)

    # the complaint above

    def _finish(self):
        self.complaint.problem_ids.finding = "founded"
        self._reply(self.complaint)
        self.complaint.with_user(self.user_officer).action_close()

    def test_complaint_with_open_questions_does_not_close(self):
        for state in ("asked", "answered"):
            if state == "answered":
                self._answer()
            with (
                self.subTest(state=state),
                self.assertRaisesRegex(UserError, "外科"),
                self.env.cr.savepoint(),
            ):
                self._finish()
        self.inquiry.with_user(self.user_officer).action_accept()
        self._finish()
        self.assertEqual(self.complaint.state, "closed")

    def test_open_questions_are_cancelled_on_request(self):
        answered = self._ask(department_id=self.emergency.id)
        answered.write({"state": "accepted", "answered_at": NOW})
        self.complaint.with_user(self.user_officer).action_cancel_inquiries()
        self.assertEqual(self.inquiry.state, "cancelled")
        self.assertTrue(self.inquiry.cancel_reason)
        self.assertEqual(answered.state, "accepted")
        self._finish()

    def test_withdrawn_complaint_takes_its_questions_back(self):
        self.complaint.with_user(self.user_officer).write(
            {"state": "withdrawn", "state_note": "患者撤回"}
        )
        self.assertEqual(self.inquiry.state, "cancelled")

    def test_escalated_complaint_still_waits_for_answers(self):
        self.complaint.with_user(self.user_officer).write(
            {"state": "escalated", "state_note": "转调解"}
        )
        self.assertEqual(self.inquiry.state, "asked")

    def test_merging_takes_questions_and_departments_along(self):
        main = self._make_complaint(lead_department_id=self.emergency.id)
        self.complaint.with_user(self.user_officer)._merge_into(
            main.with_user(self.user_officer)
        )
        self.assertEqual(self.inquiry.complaint_id, main)
        self.assertEqual(self.inquiry.number, main.name)
        self.assertEqual(main.participant_department_ids, self.surgery)

    def test_counts_on_complaint_and_department(self):
        self._ask(department_id=self.surgery.id)
        self._answer()
        self.inquiry.with_user(self.user_officer).action_accept()
        self.assertEqual(self.complaint.inquiry_count, 2)
        self.assertEqual(self.complaint.inquiry_open_count, 1)
        self.assertEqual(self.surgery.inquiry_count, 1)
        action = self.surgery.action_open_inquiries()
        found = self.env["patient.complaint.inquiry"].search(action["domain"])
        self.assertEqual(len(found), 2)
