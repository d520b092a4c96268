from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import MODULE
from .test_complaint_inquiry import InquiryCase

CANARY = "金丝雀三三一八"


@tagged("post_install", "-at_install")
class TestComplaintInquiryAccess(InquiryCase):
    def _assert_hidden(self, inquiry, user):
        seen = inquiry.with_user(user)
        if seen.browse().has_access("read"):
            self.assertFalse(seen.search([("id", "=", inquiry.id)]))
        with self.assertRaises(AccessError):
            seen.read(["question"])
        with self.assertRaises(AccessError):
            seen.write({"answer": "x"})
        with self.assertRaises(UserError):
            seen.action_answer()

    def _assert_read(self, inquiry, user):
        seen = inquiry.with_user(user)
        self.assertEqual(seen.search([("id", "=", inquiry.id)]), inquiry)
        self.assertEqual(seen.read(["question"])[0]["question"], inquiry.question)

    # who is asked

    def test_asked_department_reads_the_question_and_not_the_complaint(self):
        self._assert_read(self.inquiry, self.user_staff_surgery)
        self.assertFalse(
            self.complaint.with_user(self.user_staff_surgery).has_access("read")
        )
        seen = self.inquiry.with_user(self.user_staff_surgery)
        self.assertFalse(seen.can_handle)
        self.assertTrue(seen.can_answer)
        form = seen.get_view(view_type="form")
        names = [name for name in form["models"][seen._name] if name != "id"]
        specification = {
            name: {"fields": {"display_name": {}}}
            if seen._fields[name].type == "many2one"
            else {}
            for name in names
        }
        values = seen.web_read(specification)[0]
        self.assertEqual(values["complaint_id"]["display_name"], self.complaint.name)

    def test_asked_department_above_reads_too(self):
        ward = self.env["hr.department"].create(
            {"name": "外科一病区", "parent_id": self.surgery.id}
        )
        inquiry = self._ask(department_id=ward.id)
        self._assert_read(inquiry, self.user_staff_surgery)

    def test_asked_write_the_answer_and_nothing_else(self):
        seen = self.inquiry.with_user(self.user_staff_surgery)
        for values in (
            {"question": "x"},
            {"due_at": "2030-01-01 00:00:00"},
            {"department_id": self.emergency.id},
            {"answer": "x", "kind": "expert"},
            {"state": "accepted"},
            {"answered_at": "2026-01-01 00:00:00"},
            {"answered_by_name": "别人"},
            {"complaint_id": self._make_complaint().id},
            {"link_token_hash": "0" * 64},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                seen.write(values)
        for call in (
            seen.action_accept,
            seen.action_send_link,
            seen.action_show_link,
            seen.action_withdraw_link,
            lambda: seen._send_back("x"),
            lambda: seen._cancel("x"),
        ):
            with self.assertRaises(UserError):
                call()
        seen.answer = "我科十点到场"
        self.assertEqual(self.inquiry.state, "asked")

    def test_asked_ask_nobody_and_delete_nothing(self):
        staff = self.inquiry.with_user(self.user_staff_surgery)
        with self.assertRaises(AccessError):
            staff.create(
                {
                    "complaint_id": self.complaint.id,
                    "department_id": self.surgery.id,
                    "question": "x",
                }
            )
        with self.assertRaises(AccessError):
            staff.unlink()

    def test_question_to_a_colleague_is_answered_by_that_colleague_alone(self):
        surgeon = self.env["hr.employee"].create(
            {
                "name": "赵医生",
                "user_id": self._make_user("pr_surgeon", "staff").id,
                "department_id": self.surgery.id,
            }
        )
        inquiry = self._ask(employee_id=surgeon.id, kind="statement")
        self._assert_read(inquiry, self.user_staff_surgery)
        with self.assertRaisesRegex(UserError, "赵医生"):
            inquiry.with_user(self.user_staff_surgery).answer = "我替他写"
        self._answer(inquiry, surgeon.user_id)
        self.assertEqual(inquiry.answered_by_name, surgeon.user_id.name)

    # who works on the complaint

    def test_lead_department_asks_and_decides(self):
        inquiry = (
            self.env["patient.complaint.inquiry"]
            .with_user(self.user_staff)
            .create(
                {
                    "complaint_id": self.complaint.id,
                    "department_id": self.emergency.id,
                    "question": "请说明",
                }
            )
        )
        self.assertTrue(inquiry.can_handle)
        self._answer()
        self.inquiry.with_user(self.user_staff).action_accept()
        self.assertEqual(self.inquiry.accepted_by_id, self.user_staff)

    def test_officer_and_manager_read_all_and_only_the_manager_deletes(self):
        self._assert_read(self.inquiry, self.user_officer)
        with self.assertRaises(AccessError):
            self.inquiry.with_user(self.user_officer).unlink()
        self._assert_read(self.inquiry, self.user_manager)
        self.inquiry.with_user(self.user_manager).unlink()

    def test_others_see_nothing(self):
        stranger = self._make_user("pr_staff_emergency", "staff")
        stranger.patient_department_ids = self.emergency
        self._assert_hidden(self.inquiry, stranger)
        self._assert_hidden(self.inquiry, self._make_user("pr_reader", "reader"))
        self._assert_hidden(self.inquiry, self.user_plain)
        self._assert_hidden(self.inquiry, self.user_portal)

    def test_nobody_forges_what_the_server_notes(self):
        for user in (self.user_officer, self.user_manager):
            for values in (
                {"state": "answered"},
                {"answered_by_id": user.id},
                {"accepted_at": "2026-01-01 00:00:00"},
                {"asked_at": "2026-01-01 00:00:00"},
                {"answer_way": "link"},
            ):
                with self.subTest(values=values), self.assertRaises(UserError):
                    self.inquiry.with_user(user).write(values)
                with self.subTest(values=values), self.assertRaises(UserError):
                    self.inquiry.with_user(user).create(
                        {
                            "complaint_id": self.complaint.id,
                            "department_id": self.surgery.id,
                            "question": "x",
                            **values,
                        }
                    )

    def test_hash_of_a_link_is_read_by_nobody(self):
        self.inquiry.write({"person_name": "李四"})
        self.inquiry._create_link()
        for user in (self.user_officer, self.user_manager):
            with self.assertRaises(AccessError):
                self.inquiry.with_user(user).read(["link_token_hash"])
            with self.assertRaises(AccessError):
                self.inquiry.with_user(user).search([("link_token_hash", "!=", False)])

    # the person complained about

    def _accuse(self, user):
        employee = user.employee_id or self.env["hr.employee"].create(
            {
                "name": user.login,
                "user_id": user.id,
                "department_id": self.surgery.id,
            }
        )
        self.complaint.user_id = False
        self.complaint.problem_ids.employee_id = employee
        return employee

    def test_accused_reads_only_the_question_to_them_whatever_the_role(self):
        for user in (self.user_staff_surgery, self.user_officer, self.user_manager):
            with self.subTest(user=user.login):
                employee = self._accuse(user)
                own = self.env["patient.complaint.inquiry"].create(
                    {
                        "complaint_id": self.complaint.id,
                        "employee_id": employee.id,
                        "question": "请写情况说明",
                        "kind": "statement",
                    }
                )
                other = own.create(
                    {
                        "complaint_id": self.complaint.id,
                        "employee_id": self.employee_doctor.id,
                        "department_id": self.surgery.id,
                        "question": "请写您所见",
                        "kind": "statement",
                    }
                )
                self._assert_read(own, user)
                self._assert_hidden(other, user)
                self._assert_hidden(self.inquiry, user)
                self.assertFalse(self.complaint.with_user(user).has_access("read"))

    def test_accused_head_of_the_department_asked_reads_no_statement(self):
        employee = self._accuse(self.user_staff_surgery)
        self.surgery.manager_id = employee
        self._assert_hidden(self.inquiry, self.user_staff_surgery)

    def test_accused_officer_answers_and_does_not_decide(self):
        employee = self._accuse(self.user_officer)
        own = self.env["patient.complaint.inquiry"].create(
            {
                "complaint_id": self.complaint.id,
                "employee_id": employee.id,
                "question": "请写情况说明",
            }
        )
        self._attach(own, self.user_officer)
        self._answer(own, self.user_officer, "我当时在门诊")
        self.assertEqual(own.answer_way, "account")
        self.assertFalse(own.with_user(self.user_officer).can_handle)
        with self.assertRaises(UserError):
            own.with_user(self.user_officer).action_accept()
        evidence = self.complaint.evidence_ids
        self.assertEqual(evidence.inquiry_id, own)
        self.assertFalse(evidence.with_user(self.user_officer).has_access("read"))
        self.assertIn(
            evidence.sha256[:12], own.with_user(self.user_officer).answer_files
        )

    # my questions

    def test_my_questions_are_those_to_me_or_my_department(self):
        domain = [("is_for_me", "=", True)]
        mine = self.env["patient.complaint.inquiry"].with_user(self.user_staff_surgery)
        self.assertEqual(mine.search(domain), self.inquiry)
        self.assertTrue(self.inquiry.with_user(self.user_staff_surgery).is_for_me)
        lead = mine.with_user(self.user_staff)
        self.assertFalse(lead.search(domain), "reads them, but is not asked")
        self.assertIn(self.inquiry, lead.search([("is_for_me", "=", False)]))

    # hospitals

    def test_other_hospital_finds_nothing(self):
        company = self._make_company()
        stranger = self._make_user(
            "pr_stranger", "manager", company_id=company.id, company_ids=company.ids
        )
        stranger.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        inquiry = self._ask(person_name=CANARY, question=CANARY)
        model = inquiry.with_user(stranger).browse()
        self._assert_hidden(inquiry, stranger)
        self.assertFalse(model.search([("question", "ilike", CANARY)]))
        self.assertFalse(model.name_search(CANARY))
        self.assertFalse(
            model.formatted_read_group(
                [("person_name", "=", CANARY)], ["company_id"], ["__count"]
            )
        )
        with self.assertRaises(AccessError):
            inquiry.with_user(stranger).export_data(["question"])

    def test_department_of_another_hospital_cannot_be_asked(self):
        foreign = self.env["hr.department"].create(
            {"name": "外院科室", "company_id": self._make_company().id}
        )
        with self.assertRaises(UserError):
            self._ask(department_id=foreign.id)

    def test_group_of_the_menu_is_that_of_staff(self):
        menu = self.env.ref(f"{MODULE}.patient_complaint_inquiry_menu")
        visible = menu.with_user(self.user_staff).search([("id", "=", menu.id)])
        self.assertEqual(visible, menu)
