import base64

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import MODULE, PatientRelationsCase

CANARY = "金丝雀七七四九"


@tagged("post_install", "-at_install")
class TestComplaintAccess(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._make_complaint(
            lead_department_id=cls.cardiology.id, patient_id=cls.patient.id
        )
        cls.evidence = cls.env["patient.complaint.evidence"].create(
            {
                "complaint_id": cls.complaint.id,
                "name": "照片",
                "datas": base64.b64encode(b"picture"),
            }
        )
        cls.records = (cls.complaint, cls.complaint.problem_ids, cls.evidence)

    def _assert_hidden(self, user):
        for record in self.records:
            seen = record.with_user(user)
            with self.subTest(model=record._name, user=user.login):
                if seen.browse().has_access("read"):
                    self.assertFalse(seen.search([("id", "=", record.id)]))
                with self.assertRaises(AccessError):
                    seen.read(["display_name"])
                with self.assertRaises(AccessError):
                    seen.write({"write_uid": user.id})

    def _assert_seen(self, user):
        for record in self.records:
            seen = record.with_user(user)
            with self.subTest(model=record._name, user=user.login):
                self.assertEqual(seen.search([("id", "=", record.id)]), record)
                self.assertTrue(seen.read(["display_name"]))
                self.assertTrue(seen.has_access("write"))

    # department staff

    def test_staff_sees_what_their_department_leads(self):
        self._assert_seen(self.user_staff)

    def test_staff_sees_what_their_department_received_first(self):
        self.complaint.lead_department_id = self.surgery
        self.complaint.first_department_id = self.cardiology
        self._assert_seen(self.user_staff)

    def test_staff_of_another_department_sees_nothing(self):
        self._assert_hidden(self.user_staff_surgery)

    def test_staff_sees_a_sub_department(self):
        ward = self.env["hr.department"].create(
            {"name": "心内科一病区", "parent_id": self.cardiology.id}
        )
        self.env.registry.clear_cache()
        self.complaint.lead_department_id = ward
        self._assert_seen(self.user_staff)

    def test_staff_sees_a_problem_of_their_department_without_the_complaint(self):
        problem = self.complaint.problem_ids
        problem.department_id = self.surgery
        self.assertTrue(problem.with_user(self.user_staff_surgery).has_access("read"))
        self.assertFalse(
            self.complaint.with_user(self.user_staff_surgery).has_access("read")
        )

    def test_staff_cannot_add_to_a_complaint_they_do_not_see(self):
        category = self.env.ref(f"{MODULE}.patient_complaint_category_safety")
        with self.assertRaises(AccessError):
            self.env["patient.complaint.problem"].with_user(
                self.user_staff_surgery
            ).create(
                {
                    "complaint_id": self.complaint.id,
                    "category_id": category.id,
                    "department_id": self.surgery.id,
                }
            )
        with self.assertRaises(AccessError):
            self.evidence.with_user(self.user_staff_surgery).create(
                {
                    "complaint_id": self.complaint.id,
                    "name": "x",
                    "datas": base64.b64encode(b"x"),
                }
            )

    def test_staff_registers_but_does_not_delete(self):
        complaint = (
            self.env["patient.complaint"]
            .with_user(self.user_staff)
            .create({"summary": "病房嘈杂", "lead_department_id": self.cardiology.id})
        )
        self.assertTrue(complaint.has_access("write"))
        for record in (complaint, *self.records):
            with self.assertRaises(AccessError):
                record.with_user(self.user_staff).unlink()

    # everybody else

    def test_others_see_nothing(self):
        self._assert_hidden(self.user_plain)
        self._assert_hidden(self.user_portal)
        with self.assertRaises(AccessError):
            self.env["patient.complaint"].with_user(self.user_plain).search([])
        with self.assertRaises(AccessError):
            self.env["patient.complaint"].with_user(self.user_plain).create(
                {"summary": "x"}
            )

    def test_enquiry_of_a_plain_user_opens_in_spite_of_its_complaint(self):
        lead = self.env["crm.lead"].create({"name": "询问", "type": "opportunity"})
        self.complaint.lead_id = lead
        salesman = self._make_user("pr_sales")
        salesman.group_ids = [
            Command.link(self.env.ref("sales_team.group_sale_salesman").id)
        ]
        lead.user_id = salesman
        names = list(lead.with_user(salesman).fields_get())
        self.assertNotIn("complaint_ids", names)
        self.assertTrue(lead.with_user(salesman).read(names))

    # officer and manager

    def test_officer_sees_all_and_deletes_nothing_but_problems(self):
        self._assert_seen(self.user_officer)
        for record in (self.complaint, self.evidence):
            with self.assertRaises(AccessError):
                record.with_user(self.user_officer).unlink()
        self.complaint.problem_ids.with_user(self.user_officer).unlink()

    def test_officer_does_not_configure(self):
        with self.assertRaises(AccessError):
            self.env["patient.complaint.category"].with_user(self.user_officer).create(
                {"name": "x"}
            )

    def test_manager_deletes_and_configures(self):
        self.env["patient.complaint.category"].with_user(self.user_manager).create(
            {"name": "停车"}
        )
        self.evidence.with_user(self.user_manager).unlink()
        self.complaint.with_user(self.user_manager).unlink()

    # the person complained about

    def test_accused_sees_nothing_whatever_the_role(self):
        for user in (self.user_staff, self.user_officer, self.user_manager):
            employee = user.employee_id or self.env["hr.employee"].create(
                {"name": user.login, "user_id": user.id}
            )
            self.complaint.problem_ids.employee_id = employee
            self._assert_hidden(user)
            self.assertFalse(
                self.env["patient.complaint"]
                .with_user(user)
                .formatted_read_group(
                    [("id", "=", self.complaint.id)], ["state"], ["__count"]
                )
            )

    def test_second_problem_about_someone_hides_the_whole_complaint(self):
        safety = self.env.ref(f"{MODULE}.patient_complaint_category_safety")
        self.complaint.problem_ids = [
            Command.create(
                {"category_id": safety.id, "employee_id": self.employee_staff.id}
            )
        ]
        problems = self.complaint.problem_ids.with_user(self.user_staff)
        self.assertEqual(len(problems), 2)
        self.assertFalse(problems._filtered_access("read"))

    def test_accused_does_not_read_the_conversation(self):
        words = "院内讨论"
        message = self.complaint.message_post(body=words)
        self.complaint.problem_ids.employee_id = self.employee_staff
        with self.assertRaises(AccessError):
            message.with_user(self.user_staff).read(["body"])

    def test_honest_officer_registers_a_complaint_about_themselves(self):
        employee = self.env["hr.employee"].create(
            {"name": "周敏", "user_id": self.user_officer.id}
        )
        category = self.env.ref(f"{MODULE}.patient_complaint_category_respect")
        intake = (
            self.env["patient.complaint.intake"]
            .with_user(self.user_officer)
            .create(
                {
                    "narrative": "接待员态度生硬",
                    "problem_ids": [
                        Command.create(
                            {"category_id": category.id, "employee_id": employee.id}
                        )
                    ],
                }
            )
        )
        action = intake.action_register()
        self.assertEqual(action["tag"], "display_notification")
        complaint = self.env["patient.complaint"].search([], order="id desc", limit=1)
        self.assertFalse(complaint.user_id)
        self.assertFalse(complaint.with_user(self.user_officer).has_access("read"))

    # hospitals

    def test_other_hospital_finds_nothing(self):
        """A word of one hospital reaches nobody of another, by whichever way."""
        company = self._make_company()
        stranger = self._make_user(
            "pr_stranger", "manager", company_id=company.id, company_ids=company.ids
        )
        stranger.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        complaint = self._make_complaint(
            summary=CANARY, narrative=CANARY, complainant_name=CANARY
        )
        complaint.problem_ids.description = CANARY
        evidence = self.evidence.create(
            {
                "complaint_id": complaint.id,
                "name": CANARY,
                "datas": base64.b64encode(CANARY.encode()),
            }
        )
        for record in (complaint, complaint.problem_ids, evidence):
            seen = record.with_user(stranger)
            model = seen.browse()
            with self.subTest(model=record._name):
                self.assertFalse(model.search([("id", "=", record.id)]))
                found = model.name_search(record.display_name)
                self.assertNotIn(record.id, [res_id for res_id, _name in found])
                rows = model.formatted_read_group([], ["company_id"], ["__count"])
                self.assertFalse(
                    [row for row in rows if row["company_id"][0] == self.company.id]
                )
                with self.assertRaises(AccessError):
                    seen.export_data(["display_name"])
        report = self.env["report.patient_relations.complaint_register"]
        report = report.with_user(stranger).with_context(active_model=complaint._name)
        with self.assertRaises(AccessError):
            report.create_xlsx_report(complaint.ids, {})
        register = (
            self.env["patient.complaint.register"]
            .with_user(stranger)
            .create({"company_id": self.company.id})
        )
        self.assertFalse(register._get_complaints())
        self.env["patient.department.month"]._refresh()
        self.assertFalse(
            self.env["patient.department.month"]
            .with_user(stranger)
            .search([("company_id", "=", self.company.id)])
        )
        with self.assertRaises(AccessError):
            complaint.message_ids[:1].with_user(stranger).read(["body"])
