# pylint: disable=translation-required
import base64
from datetime import datetime, timedelta

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common import PatientRelationsCase

NAME = "欧阳金丝雀"
PHONE = "139 0000 7749"
DIGITS = "13900007749"
MAIL = "canary.ouyang@example.com"
PATIENT = "端木百灵"
WORDS = (NAME, PHONE, DIGITS, MAIL, PATIENT)
# Where the words may stand: the vault, and what is no trace of the complaint.
ALLOWED = {
    "patient_complaint_identity",
    "patient_patient",
    "res_partner",
    "crm_lead",
    "mail_alias",
}


class IdentityCase(PatientRelationsCase):
    """A complaint with a long history, whose complainant shall be protected."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={
                **cls.env.context,
                "mail_notrack": False,
                "tracking_disable": False,
            }
        )
        cls.user_custodian = cls._make_user("pr_custodian", "officer", "custodian")
        cls.canary_patient = cls._make_patient(
            PATIENT, mrn="T0777", phone="13700008888", email="bailing@example.com"
        )
        cls.category = cls.env.ref(
            "patient_relations.patient_complaint_category_communication"
        )

    @classmethod
    def _make_canary(cls, **values):
        return cls._make_complaint(
            **{
                "summary": f"{NAME}反映护士态度",
                "narrative": f"我是{NAME}，电话{DIGITS}，请回我{MAIL.upper()}",
                "complainant_name": NAME,
                "complainant_phone": PHONE,
                "complainant_email": MAIL,
                "complainant_relation": "child",
                "complainant_type": "relative",
                "patient_id": cls.canary_patient.id,
                "lead_department_id": cls.cardiology.id,
                "user_id": cls.user_officer.id,
                **values,
            }
        )

    def _write_history(self, complaint):
        """Leave the words wherever people and Odoo leave them."""
        complaint.complainant_name = "李四"
        self.env.flush_all()
        complaint._track_finalize()
        complaint.write({"complainant_name": NAME, "narrative": f"{NAME}补充"})
        complaint._track_finalize()
        outsider = self.env["res.partner"].create({"name": NAME, "email": MAIL})
        complaint.message_subscribe(outsider.ids)
        complaint.message_post(
            body=f"给{NAME}打了电话，{PHONE}",
            subject=f"{NAME}",
            partner_ids=outsider.ids,
        )
        complaint.message_post(
            body="来信", email_from=f"{NAME} <{MAIL}>", message_type="email"
        )
        complaint.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=f"回{NAME}",
            note=f"电话{DIGITS}",
            user_id=self.user_officer.id,
        )
        self.env["ir.attachment"].create(
            {
                "name": f"{NAME}的信.txt",
                "raw": NAME.encode(),
                "res_model": complaint._name,
                "res_id": complaint.id,
            }
        )
        self._add_evidence(complaint, name=f"{NAME}的照片", filename=f"{NAME}.txt")
        complaint.problem_ids.description = f"对{NAME}不耐烦"

    def _add_evidence(self, complaint, **values):
        return self.env["patient.complaint.evidence"].create(
            {
                "complaint_id": complaint.id,
                "name": "照片",
                "datas": base64.b64encode(b"picture"),
                **values,
            }
        )

    def _find_words(self):
        """Return table.column of all texts of the database that hold one of the words."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT table_name, column_name FROM information_schema.columns c
                     JOIN pg_tables t ON t.tablename = c.table_name
                    WHERE c.table_schema = 'public' AND t.schemaname = 'public'
                      AND data_type IN ('text', 'character varying', 'jsonb')"""
            )
        )
        found = set()
        for table, column in rows:
            if table in ALLOWED:
                continue
            condition = SQL(" OR ").join(
                SQL("%s::text ILIKE %s", SQL.identifier(column), f"%{word}%")
                for word in WORDS
            )
            query = SQL(
                "SELECT 1 FROM %s WHERE %s LIMIT 1", SQL.identifier(table), condition
            )
            if self.env.execute_query(query):
                found.add(f"{table}.{column}")
        return found

    def _open(self, complaint, user=None, reason="来电要求回访"):
        wizard = (
            self.env["patient.complaint.identity.open"]
            .with_user(user or self.user_custodian)
            .create({"complaint_id": complaint.id, "reason": reason})
        )
        wizard.action_open()
        return wizard


@tagged("post_install", "-at_install")
class TestComplaintProtection(IdentityCase):
    """Protecting: nothing but the vault still tells who it is."""

    def _protect(self, complaint, user=None, **values):
        wizard = (
            self.env["patient.complaint.protect"]
            .with_user(user or self.user_officer)
            .create({"complaint_id": complaint.id, **values})
        )
        return wizard.action_confirm()

    def test_no_text_of_the_database_tells_the_identity_any_more(self):
        complaint = self._make_canary()
        self._write_history(complaint)
        self.assertIn("patient_complaint.complainant_name", self._find_words())
        self.assertIn("mail_tracking_value.new_value_char", self._find_words())
        self._protect(complaint)
        complaint._track_finalize()
        self.assertEqual(self._find_words(), set())
        self.assertIn("●●●", complaint.narrative)
        self.assertIn("●●●反映护士态度", complaint.summary)

    def test_links_to_people_are_gone_too(self):
        complaint = self._make_canary(encounter_id=False)
        self._write_history(complaint)
        self._protect(complaint)
        self.assertFalse(complaint.patient_id)
        self.assertFalse(complaint.problem_ids.patient_id)
        self.assertFalse(complaint.complainant_phone_digits)
        partners = complaint.message_follower_ids.partner_id
        partners |= complaint.message_ids.author_id | complaint.message_ids.partner_ids
        partners |= complaint.message_ids.notification_ids.res_partner_id
        self.assertFalse(partners.filtered(lambda partner: partner.email == MAIL))
        self.assertFalse(self.canary_patient.complaint_ids)

    def test_problems_counts_and_department_stay(self):
        visit = self.encounter.copy({"patient_id": self.canary_patient.id})
        complaint = self._make_canary(encounter_id=visit.id)
        self._protect(complaint)
        self.assertEqual(len(complaint.problem_ids), 1)
        self.assertEqual(complaint.lead_department_id, self.cardiology)
        self.assertFalse(complaint.encounter_id)
        self.assertEqual(complaint.complainant_type, "relative")

    def test_patient_may_stay_when_that_is_chosen(self):
        complaint = self._make_canary()
        self._protect(complaint, is_patient_hidden=False)
        self.assertEqual(complaint.patient_id, self.canary_patient)
        self.assertFalse(complaint.complainant_name)
        self._protect(complaint, is_patient_hidden=True)
        self.assertFalse(complaint.patient_id)
        identity = complaint._get_identity()
        self.assertEqual(identity.patient_id, self.canary_patient)
        self.assertEqual(identity.complainant_name, NAME)

    def test_related_complaints_give_no_hint(self):
        first, second = self._make_canary(), self._make_canary()
        self.assertIn(second, first.related_ids)
        self._protect(second)
        self.env.invalidate_all()
        self.assertFalse(first.related_ids)
        self.assertFalse(second.related_ids)

    def test_neighbours_keep_their_words(self):
        complaint, other = self._make_canary(), self._make_canary()
        self._protect(complaint)
        self.assertEqual(other.complainant_name, NAME)
        self.assertIn(NAME, other.narrative)

    def test_what_is_changed_in_the_same_transaction_leaves_no_tracking(self):
        complaint = self._make_canary()
        self.env.flush_all()
        complaint.complainant_phone = "13900009999"
        complaint.write({"protection": "protected", "complainant_name": "百里画眉"})
        complaint._track_finalize()
        values = complaint.message_ids.sudo().tracking_value_ids
        self.assertFalse(
            values.filtered(lambda value: "complainant" in value.field_id.name)
        )
        identity = complaint._get_identity()
        self.assertEqual(identity.complainant_name, "百里画眉")
        self.assertEqual(identity.complainant_phone, "13900009999")

    def test_new_complaints_are_protected_from_the_start(self):
        common = {
            "summary": f"{NAME}来电",
            "complainant_name": NAME,
            "complainant_phone": PHONE,
            "encounter_id": self.encounter.id,
            "protection": "protected",
        }
        complaints = self.env["patient.complaint"].create(
            [common, {**common, "protection": "anonymous"}, {"summary": "公开"}]
        )
        self.assertEqual(self._find_words(), set())
        self.assertEqual(len(complaints._get_identity()), 2)
        protected = complaints[0]
        self.assertEqual(protected._get_identity().patient_id, self.patient)
        self.assertEqual(protected.lead_department_id, self.cardiology)
        self.assertFalse(protected.patient_id)
        self.assertEqual(complaints[2].protection, "open")

    def test_identity_that_comes_by_defaults_is_protected_as_well(self):
        complaint = (
            self.env["patient.complaint"]
            .with_context(default_complainant_name=NAME, default_protection="protected")
            .create({"summary": "转来"})
        )
        self.assertFalse(complaint.complainant_name)
        self.assertEqual(complaint._get_identity().complainant_name, NAME)

    def test_many_are_protected_with_the_queries_of_one(self):
        def count(number):
            values = {
                "summary": "x",
                "complainant_name": NAME,
                "patient_id": self.canary_patient.id,
                "protection": "protected",
            }
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["patient.complaint"].create(
                [dict(values) for _row in range(number)]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertLessEqual(count(30), count(2) + 4)

    def test_a_mail_that_comes_later_tells_nothing(self):
        complaint = self._make_canary(source_message_id="<one@mail.example.com>")
        self._protect(complaint)
        complaint.message_post(
            body=f"我是{NAME}",
            subject=NAME,
            email_from=f"{NAME} <{MAIL}>",
            message_type="email",
            message_id="<canary.ouyang@example.com>",
        )
        complaint.message_subscribe(
            self.env["res.partner"].create({"name": "外人"}).ids
        )
        self.assertEqual(self._find_words(), set())
        self.assertFalse(
            complaint.message_follower_ids.partner_id.filtered("partner_share")
        )
        known = self.env["patient.complaint"]._find_received_mail(
            self.company, {"message_id": "<one@mail.example.com>"}
        )
        self.assertEqual(known, complaint)

    def test_fields_that_tell_an_identity_are_refused_afterwards(self):
        complaint = self._make_canary()
        self._protect(complaint)
        for values in (
            {"complainant_name": "李四"},
            {"complainant_phone": "1"},
            {"patient_id": self.patient.id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError) as caught:
                complaint.with_user(self.user_manager).write(values)
            self.assertIn(complaint.name, str(caught.exception))
        complaint.with_user(self.user_officer).write(
            {"complainant_name": "", "priority": "1"}
        )
        self.assertEqual(complaint.priority, "1")

    def test_what_a_custodian_enters_goes_into_the_vault_on_record(self):
        complaint = self._make_canary()
        self._protect(complaint)
        complaint.with_user(self.user_custodian).complainant_phone = "13611112222"
        self.assertFalse(complaint.complainant_phone)
        identity = complaint._get_identity()
        self.assertEqual(identity.complainant_phone, "13611112222")
        self.assertEqual(identity.complainant_name, NAME)
        self.assertEqual(complaint.identity_access_ids.action, "changed")

    def test_protection_cannot_be_taken_back(self):
        complaint = self._make_canary(protection="protected")
        with self.assertRaises(UserError):
            complaint.with_user(self.user_manager).protection = "open"

    def test_database_keeps_identities_out_of_protected_complaints(self):
        complaint = self._make_canary(protection="protected")
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE patient_complaint SET complainant_name = 'x' WHERE id = %s",
                [complaint.id],
            )

    def test_staff_may_register_protected_but_not_protect_later(self):
        complaint = (
            self.env["patient.complaint"]
            .with_user(self.user_staff)
            .create(
                {
                    "summary": "匿名",
                    "complainant_name": NAME,
                    "protection": "protected",
                    "lead_department_id": self.cardiology.id,
                }
            )
        )
        self.assertFalse(complaint.complainant_name)
        opened = self._make_canary()
        with self.assertRaises(UserError):
            opened.with_user(self.user_staff).protection = "protected"
        with self.assertRaises(AccessError):
            self._protect(opened, user=self.user_staff)

    def test_reply_to_a_protected_complaint_names_nobody(self):
        complaint = self._make_canary(protection="protected")
        reply = self._reply(complaint, receiver_name=False)
        self.assertFalse(reply.receiver_name or reply.receiver_email)
        self.assertEqual(complaint.state, "responded")
        self.assertEqual(self._find_words(), set())
        for values in ({"receiver_name": NAME}, {"receiver_email": MAIL}):
            with self.assertRaises(ValidationError) as raised:
                self._reply(complaint, **{"receiver_name": False, **values})
            self.assertIn(complaint.name, str(raised.exception))

    def test_letter_of_a_protected_complaint_is_for_custodians(self):
        complaint = self._make_canary(protection="protected")
        reply = self._reply(complaint, receiver_name=False)
        letter = self.env["ir.attachment"].create(
            {"name": "答复函.pdf", "res_model": reply._name, "res_id": reply.id}
        )
        seen = letter.with_user(self.user_officer)
        self.assertFalse(seen.has_access("read"))
        self.assertFalse(seen.search([("id", "=", letter.id)]))

    def test_protected_and_open_complaints_are_not_merged(self):
        complaint, other = (
            self._make_canary(protection="protected"),
            self._make_canary(),
        )
        for one, main in ((complaint, other), (other, complaint)):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                one.with_user(self.user_officer)._merge_into(main)
        other.protection = "protected"
        other.with_user(self.user_officer)._merge_into(complaint)
        self.assertEqual(other.duplicate_of_id, complaint)

    def test_intake_keeps_no_caller_of_a_protected_complaint(self):
        intake = (
            self.env["patient.complaint.intake"]
            .with_user(self.user_officer)
            .create(
                {
                    "protection": "protected",
                    "phone": PHONE,
                    "complainant_type": "relative",
                    "complainant_name": NAME,
                    "patient_id": self.canary_patient.id,
                    "narrative": f"{NAME}投诉",
                }
            )
        )
        action = intake.action_register()
        self.assertEqual(action["res_model"], "patient.complaint.receipt.show")
        self.assertEqual(self._find_words(), set())
        self.assertEqual(intake.complaint_id._get_identity().complainant_name, NAME)

    def test_copy_stays_protected(self):
        complaint = self._make_canary(protection="protected")
        self.assertEqual(complaint.copy().protection, "protected")


@tagged("post_install", "-at_install")
class TestComplaintIdentity(IdentityCase):
    """The vault: closed to all, opened by few, on record for good."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._make_canary(protection="protected")
        cls.employee_custodian = cls.env["hr.employee"].create(
            {
                "name": "档案保管人",
                "user_id": cls.user_custodian.id,
                "department_id": cls.emergency.id,
            }
        )

    def _accuse(self, employee):
        self.complaint.problem_ids.employee_id = employee

    # who

    def test_nobody_reaches_the_vault_through_the_orm(self):
        identity = self.complaint._get_identity()
        users = (
            self.user_staff,
            self.user_officer,
            self.user_manager,
            self.user_custodian,
            self.user_plain,
        )
        for user in users:
            vault = self.env["patient.complaint.identity"].with_user(user)
            with self.subTest(user=user.login):
                for call in (
                    lambda vault=vault: vault.search([]),
                    lambda vault=vault: vault.browse(identity.id).read(),
                    lambda vault=vault: vault.create({"complaint_id": 1}),
                    lambda vault=vault: vault.browse(identity.id).unlink(),
                ):
                    with self.assertRaises(AccessError):
                        call()

    def test_custodian_opens_it_with_a_reason(self):
        wizard = self._open(self.complaint)
        self.assertEqual(wizard.complainant_name, NAME)
        self.assertEqual(wizard.complainant_phone, PHONE)
        self.assertEqual(wizard.patient_id, self.canary_patient)
        self.assertTrue(wizard.is_shown)

    def test_nothing_is_shown_before_the_reason(self):
        wizard = (
            self.env["patient.complaint.identity.open"]
            .with_user(self.user_custodian)
            .create({"complaint_id": self.complaint.id})
        )
        self.assertFalse(wizard.complainant_name)
        for reason in (False, "", " \n "):
            wizard.reason = reason
            with self.assertRaises(UserError):
                wizard.action_open()
        self.assertFalse(self.complaint.identity_access_ids)

    def test_others_are_refused(self):
        for user in (self.user_manager, self.user_officer, self.user_staff):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._open(self.complaint, user=user)

    def test_what_was_opened_closes_after_ten_minutes(self):
        wizard = self._open(self.complaint)
        with freeze_time(datetime.now() + timedelta(minutes=11)):
            wizard.invalidate_recordset()
            self.assertFalse(wizard.complainant_name)

    def test_entry_of_somebody_else_or_of_another_complaint_opens_nothing(self):
        other = self._make_canary(protection="protected")
        entry = self._open(self.complaint).access_id
        forged = (
            self.env["patient.complaint.identity.open"]
            .with_user(self.user_custodian)
            .create({"complaint_id": other.id, "access_id": entry.id})
        )
        self.assertFalse(forged.complainant_name)
        second = self._make_user("pr_custodian_2", "officer", "custodian")
        forged = (
            self.env["patient.complaint.identity.open"]
            .with_user(second)
            .create({"complaint_id": self.complaint.id, "access_id": entry.id})
        )
        self.assertFalse(forged.complainant_name)

    def test_custodian_of_another_hospital_is_refused(self):
        company = self._make_company()
        stranger = self._make_user(
            "pr_stranger",
            "manager",
            "custodian",
            company_id=company.id,
            company_ids=company.ids,
        )
        with self.assertRaises(AccessError):
            self._open(self.complaint, user=stranger)

    # the line of the person complained about

    def _assert_refused(self, employee):
        self._accuse(employee)
        with self.assertRaises(AccessError) as caught:
            self._open(self.complaint)
        self.assertIn(self.complaint.name, str(caught.exception))

    def test_custodian_who_is_complained_about_is_refused(self):
        self._assert_refused(self.employee_custodian)

    def test_custodian_below_or_above_the_accused_is_refused(self):
        chief, clerk = self.env["hr.employee"].create(
            [{"name": "院长"}, {"name": "办事员"}]
        )
        middle = self.env["hr.employee"].create({"name": "主任", "parent_id": chief.id})
        self.employee_custodian.parent_id = middle
        clerk.parent_id = self.employee_custodian
        for employee in (middle, chief, clerk):
            with self.subTest(employee=employee.name):
                self._assert_refused(employee)

    def test_custodian_of_the_same_line_of_departments_is_refused(self):
        ward, whole = self.env["hr.department"].create(
            [
                {"name": "急诊病房", "parent_id": self.emergency.id},
                {"name": "门急诊部"},
            ]
        )
        self.emergency.parent_id = whole
        for department in (self.emergency, ward, whole):
            employee = self.env["hr.employee"].create(
                {"name": "某人", "department_id": department.id}
            )
            with self.subTest(department=department.name):
                self._assert_refused(employee)

    def test_custodian_of_another_department_is_not_refused(self):
        self._accuse(self.employee_doctor)
        self.assertEqual(self._open(self.complaint).complainant_name, NAME)

    def test_accusation_closes_what_was_opened(self):
        wizard = self._open(self.complaint)
        self._accuse(self.employee_custodian)
        wizard.invalidate_recordset()
        with self.assertRaises(AccessError):
            wizard.read(["complainant_name"])

    # the record of openings

    def test_every_opening_is_on_record_and_officers_read_it(self):
        self._open(self.complaint, reason=f" 给{NAME}回电 ")
        entry = self.complaint.with_user(self.user_officer).identity_access_ids
        self.assertEqual(entry.user_id, self.user_custodian)
        self.assertEqual(entry.action, "opened")
        self.assertEqual(entry.reason, "给●●●回电")
        with self.assertRaises(AccessError):
            entry.with_user(self.user_staff).read(["reason"])

    def test_record_is_changed_by_nobody(self):
        entry = self._open(self.complaint).access_id
        for user in (self.user_manager, self.user_custodian):
            with self.subTest(user=user.login):
                with self.assertRaises(UserError):
                    entry.with_user(user).write({"reason": "x"})
                with self.assertRaises(AccessError):
                    entry.with_user(user).unlink()
        with self.assertRaises(UserError):
            entry.sudo().write({"reason": "x"})
        with self.assertRaises(UserError):
            entry.sudo().unlink()

    def test_database_refuses_as_well(self):
        entry = self._open(self.complaint).access_id
        for statement in (
            "UPDATE patient_complaint_identity_access SET reason = 'x' WHERE id = %s",
            "DELETE FROM patient_complaint_identity_access WHERE id = %s",
        ):
            with (
                self.subTest(statement=statement),
                self.assertRaises(psycopg2.errors.RaiseException),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [entry.id])

    def test_complaint_with_openings_is_not_deleted(self):
        self._open(self.complaint)
        with self.assertRaises(UserError):
            self.complaint.with_user(self.user_manager).unlink()
        other = self._make_canary(protection="protected")
        other.with_user(self.user_manager).unlink()
        self.assertFalse(
            self.env["patient.complaint.identity"].search(
                [("complaint_id", "=", other.id)]
            )
        )

    # deleting for good

    def test_manager_deletes_the_identity_and_statistics_stay(self):
        self._add_evidence(self.complaint)
        statistics = self.env["patient.complaint.problem"].formatted_read_group(
            [], ["category_id", "department_id"], ["__count"]
        )
        wizard = (
            self.env["patient.complaint.identity.erase"]
            .with_user(self.user_manager)
            .create({"complaint_id": self.complaint.id})
        )
        with self.assertRaises(UserError):
            wizard.action_erase()
        wizard.reason = "本人书面要求"
        wizard.action_erase()
        identity = self.complaint._get_identity()
        self.assertFalse(identity.complainant_name or identity.patient_id)
        self.assertFalse(self.complaint.evidence_ids)
        self.assertEqual(self.complaint.identity_access_ids.action, "erased")
        self.assertEqual(
            self.env["patient.complaint.problem"].formatted_read_group(
                [], ["category_id", "department_id"], ["__count"]
            ),
            statistics,
        )
        self.assertTrue(self._open(self.complaint).is_empty)

    def test_only_managers_delete_and_only_what_is_protected(self):
        model = self.env["patient.complaint.identity.erase"]
        with self.assertRaises(AccessError):
            model.with_user(self.user_officer).create(
                {"complaint_id": self.complaint.id, "reason": "x"}
            )
        wizard = model.with_user(self.user_manager).create(
            {"complaint_id": self._make_canary().id, "reason": "x"}
        )
        with self.assertRaises(UserError):
            wizard.action_erase()

    # files

    def test_evidence_that_tells_an_identity_is_for_custodians(self):
        telling = self._add_evidence(self.complaint, name="身份证")
        silent = self._add_evidence(
            self.complaint, name="湿滑的地面", reveals_identity=False
        )
        self.assertTrue(telling.is_hidden)
        for user in (self.user_staff, self.user_officer, self.user_manager):
            with self.subTest(user=user.login):
                found = telling.with_user(user).search(
                    [("complaint_id", "=", self.complaint.id)]
                )
                self.assertEqual(found, silent)
                with self.assertRaises(AccessError):
                    telling.with_user(user).read(["name"])
        self.assertTrue(telling.with_user(self.user_custodian).read(["name", "datas"]))
        self.assertNotIn("身份证", "".join(self.complaint.message_ids.mapped("body")))

    def test_officer_adds_evidence_that_only_custodians_then_read(self):
        evidence = (
            self.env["patient.complaint.evidence"]
            .with_user(self.user_officer)
            .create(
                {
                    "complaint_id": self.complaint.id,
                    "name": "信",
                    "datas": base64.b64encode(b"letter"),
                }
            )
        )
        with self.assertRaises(AccessError):
            evidence.read(["name"])

    def test_open_complaints_hide_no_evidence(self):
        evidence = self._add_evidence(self._make_canary())
        self.assertFalse(evidence.is_hidden)
        evidence.complaint_id.protection = "protected"
        self.assertTrue(evidence.is_hidden)

    def _attach(self):
        return self.env["ir.attachment"].create(
            {
                "name": "letter.txt",
                "raw": b"letter",
                "res_model": self.complaint._name,
                "res_id": self.complaint.id,
            }
        )

    def test_files_of_the_correspondence_are_for_custodians(self):
        file = self._attach()
        domain = [
            ("res_model", "=", self.complaint._name),
            ("res_id", "=", self.complaint.id),
        ]
        for user in (self.user_staff, self.user_officer, self.user_manager):
            seen = file.with_user(user)
            with self.subTest(user=user.login):
                self.assertFalse(seen.search(domain))
                self.assertFalse(seen.search([("id", "=", file.id)]))
                for operation in ("read", "write", "unlink"):
                    self.assertFalse(seen.has_access(operation), operation)
                with self.assertRaises(AccessError):
                    seen.read(["raw"])
        seen = file.with_user(self.user_custodian)
        self.assertEqual(seen.search(domain), file)
        self.assertEqual(seen.read(["raw"])[0]["raw"], b"letter")

    def test_chatter_gives_no_key_to_a_protected_file(self):
        file = self._attach()
        message = self.complaint.message_post(body="见附件", attachment_ids=file.ids)
        for user, name in (
            (self.user_officer, False),
            (self.user_custodian, "letter.txt"),
        ):
            shown = self._get_store(message.with_user(user))
            text = str(shown["ir.attachment"])
            with self.subTest(user=user.login):
                self.assertEqual("raw_access_token" in text, bool(name))
                self.assertEqual("letter.txt" in text, bool(name))

    def _get_store(self, message):
        from odoo.addons.mail.tools.discuss import Store  # noqa: PLC0415

        return Store().add(message).get_result()

    def test_public_link_of_a_file_ends_with_protection(self):
        complaint = self._make_canary()
        file = self.env["ir.attachment"].create(
            {
                "name": "a.txt",
                "raw": b"a",
                "res_model": complaint._name,
                "res_id": complaint.id,
                "public": True,
                "access_token": "00000000-0000-4000-8000-000000000000",
            }
        )
        complaint.protection = "protected"
        self.assertFalse(file.public)
        self.assertFalse(file.access_token)

    def test_files_elsewhere_stay_as_they_were(self):
        partner = self.env["res.partner"].create({"name": "供应商"})
        file = self.env["ir.attachment"].create(
            {
                "name": "b.txt",
                "raw": b"b",
                "res_model": partner._name,
                "res_id": partner.id,
            }
        )
        seen = file.with_user(self.user_officer)
        self.assertEqual(seen.search([("res_model", "=", partner._name)]) & file, file)
        self.assertTrue(seen.has_access("read"))

    # the vault's own rules

    def test_one_identity_a_complaint(self):
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env["patient.complaint.identity"].create(
                {"complaint_id": self.complaint.id}
            )

    def test_canary_of_another_hospital(self):
        company = self._make_company()
        stranger = self._make_user(
            "pr_stranger_2",
            "manager",
            "custodian",
            company_id=company.id,
            company_ids=company.ids,
        )
        entry = self._open(self.complaint).access_id
        model = self.env["patient.complaint.identity.access"].with_user(stranger)
        self.assertFalse(model.search([]))
        with self.assertRaises(AccessError):
            model.browse(entry.id).read(["reason"])

    def test_accused_officer_reads_no_openings(self):
        entry = self._open(self.complaint).access_id
        self._accuse(
            self.env["hr.employee"].create(
                {"name": "陈", "user_id": self.user_manager.id}
            )
        )
        with self.assertRaises(AccessError):
            entry.with_user(self.user_manager).read(["reason"])
