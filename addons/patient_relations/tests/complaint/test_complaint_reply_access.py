from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import PatientRelationsCase

CANARY = "金丝雀五五二一"


@tagged("post_install", "-at_install")
class TestComplaintReplyAccess(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._make_complaint(
            lead_department_id=cls.cardiology.id, complainant_name="张伟"
        )
        cls.reply, cls.remedy = cls._make_records(cls.complaint, "已说明")
        cls.records = (cls.reply, cls.remedy)

    @classmethod
    def _make_records(cls, complaint, words):
        reply = cls.env["patient.complaint.reply"].create(
            {
                "complaint_id": complaint.id,
                "kind": "holding",
                "way": "letter",
                "template_id": False,
                "receiver_name": words,
                "body": f"<p>{words}</p>",
            }
        )
        remedy = cls.env["patient.complaint.remedy"].create(
            {"complaint_id": complaint.id, "note": words, "given_on": date(2026, 3, 4)}
        )
        return reply, remedy

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
        with self.assertRaises(AccessError):
            self.reply.with_user(user).action_send()
        with self.assertRaises(AccessError):
            self.reply.with_user(user).action_approve()

    def _assert_seen(self, user):
        for record in self.records:
            seen = record.with_user(user)
            with self.subTest(model=record._name, user=user.login):
                self.assertEqual(seen.search([("id", "=", record.id)]), record)
                self.assertTrue(seen.has_access("write"))

    def test_staff_works_on_what_their_department_leads_or_received(self):
        self._assert_seen(self.user_staff)
        self.complaint.lead_department_id = self.surgery
        self.complaint.first_department_id = self.cardiology
        self._assert_seen(self.user_staff)
        for record in self.records:
            with self.assertRaises(AccessError):
                record.with_user(self.user_staff).unlink()

    def test_staff_of_another_department_sees_and_adds_nothing(self):
        self._assert_hidden(self.user_staff_surgery)
        for record in self.records:
            with self.assertRaises(AccessError):
                record.with_user(self.user_staff_surgery).create(
                    {"complaint_id": self.complaint.id, "given_on": date(2026, 3, 4)}
                    if record == self.remedy
                    else {"complaint_id": self.complaint.id}
                )

    def test_staff_sends_an_acknowledgement(self):
        self.reply.with_user(self.user_staff).action_send()
        self.assertEqual(self.reply.state, "sent")
        self.assertTrue(self.reply.letter_id.with_user(self.user_staff).raw)

    def test_letter_is_read_by_those_who_read_the_reply(self):
        self.reply.action_send()
        with self.assertRaises(AccessError):
            self.reply.letter_id.with_user(self.user_staff_surgery).read(["raw"])

    def test_officer_deletes_drafts_only(self):
        self._assert_seen(self.user_officer)
        self.remedy.with_user(self.user_officer).unlink()
        gone, _remedy = self._make_records(self.complaint, "x")
        gone.action_send()
        self.reply.with_user(self.user_officer).unlink()
        for user in (self.user_officer, self.user_manager):
            with self.assertRaises(UserError):
                gone.with_user(user).unlink()

    def test_others_see_nothing(self):
        self._assert_hidden(self.user_plain)
        self._assert_hidden(self.user_portal)

    def test_accused_reads_writes_approves_and_sends_nothing_whatever_the_role(self):
        for user in (self.user_staff, self.user_officer, self.user_manager):
            employee = user.employee_id or self.env["hr.employee"].create(
                {"name": user.login, "user_id": user.id}
            )
            self.complaint.problem_ids.employee_id = employee
            self._assert_hidden(user)

    def test_other_hospital_finds_nothing(self):
        company = self._make_company()
        stranger = self._make_user(
            "pr_stranger", "manager", company_id=company.id, company_ids=company.ids
        )
        stranger.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        records = self._make_records(self._make_complaint(), CANARY)
        for record in records:
            seen = record.with_user(stranger)
            with self.subTest(model=record._name):
                self.assertFalse(seen.browse().search([("id", "=", record.id)]))
                found = seen.browse().name_search(record.display_name)
                self.assertNotIn(record.id, [res_id for res_id, _name in found])
                rows = seen.browse().formatted_read_group(
                    [], ["company_id"], ["__count"]
                )
                self.assertFalse(
                    [row for row in rows if row["company_id"][0] == self.company.id]
                )
                with self.assertRaises(AccessError):
                    seen.export_data(["display_name"])
        with self.assertRaises(AccessError):
            records[0].with_user(stranger).action_preview()
