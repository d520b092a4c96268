"""What an internal user without a patient group, and a portal user, see of patients."""

import base64
import io
import json
from datetime import datetime, timedelta

from PIL import Image

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from ..common import PatientRelationsCase

NAME = "金丝雀"
PHONE = "13911118888"
EMAIL = "canary@patient.example"
TRACES = (NAME, PHONE, EMAIL, "CANARY77")
# Types of fields whose values may hold a name or a number
TELLING = (
    *("char", "text", "html", "json"),
    *("many2one", "many2one_reference", "reference"),
)

GREETING = "您好"


class HiddenCase(PatientRelationsCase):
    """A patient who takes part in everything that other apps offer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.canary = cls._make_patient(
            NAME, phone=PHONE, email=EMAIL, mrn="CANARY77", gender="female"
        )
        cls.contact = cls.canary.partner_id
        cls.user_plain.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.user_plain.group_ids += cls.env.ref("base.group_partner_manager")
        cls.user_plain.group_ids += cls.env.ref("hr.group_hr_manager")
        cls.user_plain.group_ids += cls.env.ref("base.group_allow_export")
        cls._create_lead()
        cls._create_events()

    @classmethod
    def _create_lead(cls):
        """A lead of a patient, and one with another contact that a patient follows."""
        cls.lead, cls.other_lead = cls.env["crm.lead"].create(
            [
                {
                    "name": f"咨询 {NAME}",
                    "type": "opportunity",
                    "user_id": False,
                    "partner_id": cls.contact.id,
                },
                {
                    "name": "介绍来的",
                    "type": "opportunity",
                    "user_id": cls.user_plain.id,
                    "patient_id": cls.canary.id,
                },
            ]
        )
        for lead in (cls.lead, cls.other_lead):
            lead.message_subscribe(partner_ids=cls.contact.ids)
            lead.message_post(
                body=GREETING,
                partner_ids=cls.contact.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    @classmethod
    def _create_events(cls):
        times = {"start": "2026-12-01 01:00:00", "stop": "2026-12-01 02:00:00"}
        cls.events = cls.env["calendar.event"].create(
            [
                {"name": f"复诊 {NAME}", "patient_id": cls.canary.id, **times},
                {
                    "name": f"会面 {NAME}",
                    "partner_ids": [Command.link(cls.contact.id)],
                    **times,
                },
            ]
        )

    def assertNoTrace(self, data):
        shown = repr(data)
        for trace in TRACES:
            self.assertNotIn(trace, shown)

    def assertNoModelTells(self, user):
        """Read every field of every record of every model that a user may read."""
        self.env.flush_all()
        self.env.invalidate_all()
        for name in sorted(self.env.registry):
            model = self.env[name].with_user(user)
            if model._abstract or model._transient or not model.has_access("read"):
                continue
            records = model.with_context(active_test=False).search([], limit=2000)
            for field in model._fields.values():
                if field.type in TELLING and model._has_field_access(field, "read"):
                    with self.subTest(model=name, field=field.name):
                        self.assertNoTrace(self._read_what_is_allowed(records, field))

    def _read_what_is_allowed(self, records, field):
        """Return what a user reads of a field; one by one when some are refused."""
        shown = []
        for some in (records, *records[:200]):
            try:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False):
                    shown += some.read([field.name])
            except Exception:  # noqa: BLE001  what fails tells nothing
                continue
            if some == records:
                break
        return shown


@tagged("post_install", "-at_install")
class TestPatientHidden(HiddenCase):
    def setUp(self):
        super().setUp()
        self.partners = self.env["res.partner"].with_user(self.user_plain)

    def test_patients_are_refused_altogether(self):
        for model in ("patient.patient", "patient.encounter", "patient.condition"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.user_plain).search_count([])

    def test_contacts_are_not_found(self):
        for text in (NAME, EMAIL, PHONE):
            self.assertFalse(self.partners.name_search(text))
        self.assertFalse(self.partners.search([("id", "in", self.contact.ids)]))
        names = ["name", "display_name", "complete_name", "phone", "email"]
        self.assertNoTrace(self.partners.search_read([], names))
        self.assertFalse(
            self.partners.web_search_read([("phone", "=", PHONE)], {"name": {}})[
                "records"
            ]
        )
        everybody = self.partners.with_context(active_test=False)
        self.canary.action_archive()
        self.assertFalse(everybody.search([("name", "=", NAME)]))

    def test_contacts_are_not_read_written_or_deleted(self):
        contact = self.contact.with_user(self.user_plain)
        with self.assertRaises(AccessError):
            contact.read(["name"])
        with self.assertRaises(AccessError):
            contact.write({"name": "改"})
        with self.assertRaises(AccessError):
            contact.unlink()
        with self.assertRaises(AccessError):
            contact.message_post(body=GREETING)

    def test_contacts_are_not_counted_or_exported(self):
        domain = [("id", "in", (self.contact | self.user_plain.partner_id).ids)]
        self.assertEqual(self.partners.search_count(domain), 1)
        groups = self.partners.formatted_read_group(domain, ["name"], ["__count"])
        self.assertEqual(sum(group["__count"] for group in groups), 1)
        self.assertNoTrace(groups)
        with self.assertRaises(AccessError):
            self.contact.with_user(self.user_plain).export_data(["name", "phone"])

    def test_contacts_are_not_suggested_in_the_chatter(self):
        self.assertNoTrace(self.partners.get_mention_suggestions(NAME))
        self.assertNoTrace(self.partners.search_for_channel_invite(NAME))
        self.assertNoTrace(self.partners.get_mention_suggestions(EMAIL))
        lead = self.other_lead.with_user(self.user_plain)
        self.assertNoTrace(lead._message_get_suggested_recipients())

    def test_leads_of_patients_are_hidden(self):
        leads = self.env["crm.lead"].with_user(self.user_plain)
        self.assertEqual(
            leads.search([("id", "in", (self.lead | self.other_lead).ids)]),
            self.other_lead,
        )
        for field in ("name", "partner_id", "contact_name"):
            with self.assertRaises(AccessError):
                self.lead.with_user(self.user_plain).read([field])
        for domain in (
            [("partner_id", "ilike", NAME)],
            [("partner_id.phone", "=", PHONE)],
            [("phone", "=", PHONE)],
        ):
            self.assertFalse(leads.search(domain))
        self.assertNoTrace(leads.formatted_read_group([], ["partner_id"], ["__count"]))
        self.assertNoTrace(
            leads.web_read_group([], groupby=["contact_name"], aggregates=["__count"])
        )
        self.assertIn(
            self.lead, self.env["crm.lead"].with_user(self._sales_officer()).search([])
        )

    def _sales_officer(self):
        self.user_officer.group_ids += self.env.ref("sales_team.group_sale_manager")
        return self.user_officer

    def test_a_lead_that_became_a_patient_is_worked_on_as_before(self):
        lead = self.other_lead.with_user(self.user_plain)
        views = lead.get_views([(False, "form"), (False, "list"), (False, "kanban")])
        shown = views["models"]["crm.lead"]["fields"]
        self.assertNotIn("patient_id", shown)
        self.assertNoTrace(lead.web_read({name: {} for name in shown}))
        with self.assertRaises(AccessError):
            lead.read(["patient_id"])
        self.assertNoTrace(lead.export_data(["name", "partner_id"]))
        lead.write({"name": "咨询二", "priority": "2"})
        lead.message_post(body=GREETING, message_type="comment")
        lead.action_set_won()

    def test_links_to_a_patient_show_no_name(self):
        """Odoo reads the names of linked records with full rights."""
        contact = self.contact.with_user(self.user_plain).sudo()
        self.assertEqual(contact.display_name, "Patient")
        message = self.env["mail.message"].create(
            {"body": "x", "author_id": self.contact.id, "model": False}
        )
        shown = message.with_user(self.user_plain).sudo().read(["author_id"])
        self.assertEqual(shown[0]["author_id"], (self.contact.id, "Patient"))
        for user in (self.user_staff, self.user_officer):
            self.assertEqual(self.contact.with_user(user).sudo().display_name, NAME)

    def test_appointments_are_hidden(self):
        events = self.env["calendar.event"].with_user(self.user_plain)
        self.assertFalse(events.search([("id", "in", self.events.ids)]))
        for event in self.events.with_user(self.user_plain):
            self.assertEqual(event.display_name, "Busy")
            with self.assertRaises(AccessError):
                event.read(["name"])
            with self.assertRaises(AccessError):
                event.write({"name": "改"})
        attendees = self.env["calendar.attendee"].with_user(self.user_plain)
        self.assertNoTrace(attendees.search_read([], ["common_name", "event_id"]))
        # searching messages meets those of hidden appointments
        messages = self.env["mail.message"].with_user(self.user_plain)
        self.assertNoTrace(messages.search_read([], ["subject"]))

    def test_appointments_are_seen_by_who_is_invited(self):
        event = self.events[0]
        event.partner_ids |= self.user_plain.partner_id
        self.env.invalidate_all()
        invited = event.with_user(self.user_plain)
        self.assertEqual(invited.name, f"复诊 {NAME}")
        shown = invited.web_read({"partner_ids": {"fields": {"display_name": {}}}})
        self.assertNotIn(NAME, repr(shown))
        with self.assertRaises(AccessError):
            invited.read(["patient_id"])

    def test_an_appointment_is_hidden_as_soon_as_a_patient_is_invited(self):
        contact = self.env["res.partner"].create({"name": "新病人"})
        event = self.env["calendar.event"].create(
            {
                "name": "会面",
                "partner_ids": [Command.link(contact.id)],
                "start": "2026-12-01 01:00:00",
                "stop": "2026-12-01 02:00:00",
            }
        )
        seen = event.with_user(self.user_plain)
        self.assertTrue(seen.has_access("read"))
        self.env["patient.patient"].create({"partner_id": contact.id})
        self.assertFalse(seen.has_access("read"))

    def test_no_model_tells(self):
        self.assertNoModelTells(self.user_plain)

    def test_portal_users_see_themselves_and_no_other_patient(self):
        patient = self.env["patient.patient"].create(
            {"partner_id": self.user_portal.partner_id.id}
        )
        partners = self.env["res.partner"].with_user(self.user_portal)
        own = partners.browse(patient.partner_id.id)
        self.assertEqual(own.name, self.user_portal.name)
        self.assertEqual(own.display_name, self.user_portal.name)
        self.assertFalse(partners.search([("name", "=", NAME)]))
        with self.assertRaises(AccessError):
            patient.with_user(self.user_portal).read(["mrn"])
        # and colleagues do not see the account
        users = self.env["res.users"].with_user(self.user_plain)
        self.assertFalse(users.search([("login", "=", "pr_portal")]))


@tagged("post_install", "-at_install")
class TestPatientHiddenHttp(HiddenCase, HttpCase):
    """The same over HTTP: what the web client and programs ask."""

    def _json2(self, user, model, method, **arguments):
        key = (
            self.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate("rpc", "test", datetime.now() + timedelta(days=1))
        )
        return self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps(arguments),
            headers={
                "Authorization": f"Bearer {key}",
                "Content-Type": "application/json",
                "X-Odoo-Database": self.env.cr.dbname,
            },
        )

    def test_programs_see_no_patient(self):
        everybody = self._json2(
            self.user_plain,
            "res.partner",
            "search_read",
            domain=[],
            fields=["name", "phone", "email"],
        )
        self.assertEqual(everybody.status_code, 200)
        self.assertTrue(everybody.json())
        self.assertNoTrace(everybody.json())
        found = self._json2(
            self.user_officer,
            "patient.patient",
            "search_read",
            domain=[["mrn", "=", "CANARY77"]],
            fields=["name"],
        )
        self.assertEqual([row["name"] for row in found.json()], [NAME])

    @mute_logger("odoo.http")
    def test_programs_are_refused_patients(self):
        for arguments in ({"fields": ["name"]}, {"fields": ["national_id"]}):
            response = self._json2(
                self.user_plain,
                "patient.patient",
                "search_read",
                domain=[],
                **arguments,
            )
            self.assertEqual(response.status_code, 403)
            self.assertNoTrace(response.text)
        response = self._json2(
            self.user_officer,
            "patient.patient",
            "search_read",
            domain=[],
            fields=["national_id"],
        )
        self.assertEqual(response.status_code, 403)

    def test_no_portrait_is_given(self):
        picture = io.BytesIO()
        Image.new("RGB", (64, 64), "#0b5c8a").save(picture, "PNG")
        self.contact.image_1920 = base64.b64encode(picture.getvalue())
        self.authenticate("pr_plain", "pr_plain")
        other = self.url_open(f"/web/image/res.partner/{self.contact.id}/image_128")
        anything = self.url_open("/web/image/res.partner/999999999/image_128")
        self.assertEqual(other.content, anything.content)
        avatar = self.url_open(f"/web/image/res.partner/{self.contact.id}/avatar_128")
        self.assertNotIn(NAME[0], avatar.text)
        self.authenticate("pr_officer", "pr_officer")
        shown = self.url_open(f"/web/image/res.partner/{self.contact.id}/image_128")
        self.assertNotEqual(shown.content, anything.content)

    @mute_logger("odoo.http")
    def test_the_chatter_of_a_lead_tells_no_follower(self):
        self.authenticate("pr_plain", "pr_plain")
        for route, params in {
            "/mail/data": {
                "fetch_params": [
                    [
                        "mail.thread",
                        {
                            "thread_model": "crm.lead",
                            "thread_id": self.other_lead.id,
                            "request_list": [
                                "followers",
                                "suggestedRecipients",
                                "activities",
                                "attachments",
                            ],
                        },
                    ]
                ]
            },
            "/mail/thread/messages": {
                "thread_model": "crm.lead",
                "thread_id": self.other_lead.id,
            },
            "/mail/thread/recipients": {
                "thread_model": "crm.lead",
                "thread_id": self.other_lead.id,
            },
        }.items():
            with self.subTest(route):
                try:
                    shown = self.make_jsonrpc_request(route, params)
                except JsonRpcException as refusal:
                    self.fail(str(refusal.__cause__ or refusal))
                self.assertNoTrace(shown)


@tagged("post_install", "-at_install")
class TestPatientCompany(HiddenCase):
    """Nobody sees anything of a hospital they do not work for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_officer.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.user_officer.group_ids += cls.env.ref("base.group_allow_export")

    @classmethod
    def _make_patient(cls, name, **values):
        """Open the file of the canary in another hospital."""
        if name != NAME:
            return super()._make_patient(name, **values)
        cls.other_company = cls._make_company()
        cls.other_department = cls.env["hr.department"].create(
            {"name": f"{NAME}科", "company_id": cls.other_company.id}
        )
        canary = super()._make_patient(
            name,
            company_id=cls.other_company.id,
            relative_ids=[Command.create({"name": f"{NAME}之父", "phone": PHONE})],
            identifier_ids=[Command.create({"system": "HIS", "value": "CANARY77"})],
            **values,
        )
        cls.env["patient.encounter"].create(
            {
                "patient_id": canary.id,
                "department_id": cls.other_department.id,
                "reason": NAME,
                "condition_ids": [Command.create({"name": NAME})],
            }
        )
        tag = cls.env["patient.tag"].create({"name": "院内"})
        cls.env["patient.tag.rule"].create(
            {"name": NAME, "tag_id": tag.id, "company_id": cls.other_company.id}
        )
        return canary

    def test_patients_of_another_hospital_are_not_found(self):
        for user in (self.user_staff, self.user_officer, self.user_manager):
            patients = self.env["patient.patient"].with_user(user)
            for text in (NAME, "jsq", PHONE, PHONE[-4:], "CANARY77"):
                self.assertFalse(patients.name_search(text))
            self.assertEqual(patients.search([]), self.patient)
            groups = patients.formatted_read_group([], ["gender"], ["__count"])
            self.assertEqual(sum(group["__count"] for group in groups), 1)
            self.assertNoTrace(patients.web_search_read([], {"name": {}, "mrn": {}}))
            self.assertNoTrace(
                self.env["res.partner"].with_user(user).get_mention_suggestions(NAME)
            )
            with self.assertRaises(AccessError):
                self.canary.with_user(user).read(["mrn"])

    def test_a_link_to_another_hospital_shows_no_name(self):
        officer = self.canary.with_user(self.user_officer).sudo()
        self.assertEqual(officer.display_name, "Patient")
        self.assertEqual(officer.partner_id.display_name, "Patient")
        with self.assertRaises(AccessError) as caught:
            self.canary.with_user(self.user_officer).check_access("read")
        self.assertNoTrace(str(caught.exception))

    def test_no_model_tells(self):
        self.assertNoModelTells(self.user_manager)

    def test_files_are_not_opened_in_another_hospital(self):
        for user in (self.user_officer, self.user_manager):
            with self.assertRaises(AccessError):
                self.env["patient.patient"].with_user(user).create(
                    {"name": "外院", "company_id": self.other_company.id}
                )
            with self.assertRaises(AccessError):
                own = self._make_patient("误建")
                own.with_user(user).company_id = self.other_company

    def test_visits_are_in_departments_of_their_hospital(self):
        with self.assertRaises(UserError):
            self.encounter.department_id = self.other_department
        with self.assertRaises(UserError):
            self.env["patient.encounter"].create(
                {"patient_id": self.canary.id, "department_id": self.cardiology.id}
            )

    def test_who_works_in_both_sees_both(self):
        self.user_officer.company_ids += self.other_company
        patients = self.env["patient.patient"].with_user(self.user_officer)
        both = patients.with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        self.assertEqual(both.search([]), self.patient | self.canary)
        one = patients.with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(one.search([]), self.patient)
        self.assertEqual(both.browse(self.canary.id).display_name, f"{NAME} · CANARY77")
