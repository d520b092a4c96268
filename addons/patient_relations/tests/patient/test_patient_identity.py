from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from ..common import PatientRelationsCase

NATIONAL_ID = "11010519491231002X"


@tagged("post_install", "-at_install")
class TestPatientIdentity(PatientRelationsCase):
    # identity number

    def test_identity_number_is_checked(self):
        for wrong in ("110105194912310021", "123", "11010519491331002X"):
            with self.assertRaisesRegex(ValidationError, "check digit"):
                self.patient.national_id = wrong

    def test_another_country_writes_its_own_numbers(self):
        self.company.country_id = self.env.ref("base.uk")
        self.patient.national_id = "943 476 5919"
        self.assertEqual(self.patient.national_id, "9434765919")

    def test_numbers_are_kept_as_they_are_compared(self):
        patient = self._make_patient(
            "李娜",
            mrn=" zy-０１ ",
            card_number="c9 ",
            national_id="110105 19491231 002x",
        )
        self.assertEqual(patient.mrn, "ZY-01")
        self.assertEqual(patient.card_number, "C9")
        self.assertEqual(patient.national_id, NATIONAL_ID)

    def test_same_identity_number_names_the_other_file(self):
        self.patient.national_id = NATIONAL_ID
        with self.assertRaisesRegex(ValidationError, "张伟 · T0001"):
            self.env["patient.patient"].with_user(self.user_manager).create(
                {"name": "冒名", "national_id": NATIONAL_ID.lower()}
            )

    def test_same_identity_number_in_a_file_one_may_not_see(self):
        """An archived rule or another hospital hides the file: no name is told."""
        self.patient.national_id = NATIONAL_ID
        other = self._make_patient("冒名")
        with (
            patch.object(
                type(self.env["patient.patient"]),
                "has_access",
                lambda records, operation: False,
            ),
            self.assertRaisesRegex(ValidationError, "may not see") as caught,
        ):
            other.national_id = NATIONAL_ID
        self.assertNotIn("T0001", str(caught.exception))

    def test_same_identity_number_within_one_batch(self):
        values = {"name": "双胞", "national_id": NATIONAL_ID}
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            self.env["patient.patient"].create([dict(values), dict(values)])
        self.assertIn("_national_id_uniq", str(caught.exception))

    def test_same_identity_number_of_an_archived_file(self):
        self.patient.national_id = NATIONAL_ID
        self.patient.action_archive()
        with self.assertRaisesRegex(ValidationError, "already in the file"):
            self._make_patient("冒名", national_id=NATIONAL_ID)

    def test_another_hospital_has_a_file_of_its_own(self):
        self.patient.national_id = NATIONAL_ID
        company = self._make_company()
        company.country_id = self.company.country_id
        twin = self._make_patient(
            "张伟", national_id=NATIONAL_ID, mrn="T0001", company_id=company.id
        )
        self.assertEqual(twin.mrn, self.patient.mrn)

    def test_the_form_takes_birth_and_gender_from_the_number(self):
        form = Form(self.env["patient.patient"].with_user(self.user_manager))
        form.name = "李娜"
        form.national_id = NATIONAL_ID
        self.assertEqual(form.birth_date, date(1949, 12, 31))
        self.assertEqual(form.gender, "female")
        self.assertEqual(form.save().national_id, NATIONAL_ID)

    def test_officers_do_not_see_the_number(self):
        self.patient.national_id = NATIONAL_ID
        self.assertNotIn(
            "national_id",
            Form(self.patient.with_user(self.user_officer))._view["fields"],
        )
        with self.assertRaises(AccessError):
            self.patient.with_user(self.user_officer).read(["national_id"])

    # medical record number and card

    def test_numbers_are_drawn(self):
        first, second = self.env["patient.patient"].create(
            [{"name": "一"}, {"name": "二"}]
        )
        self.assertRegex(first.mrn, r"^P\d{7}$")
        self.assertEqual(int(second.mrn[1:]), int(first.mrn[1:]) + 1)

    def test_a_drawn_number_is_never_one_that_came_from_elsewhere(self):
        last = int(self._make_patient("一").mrn[1:])
        taken = [f"P{last + step:07d}" for step in (1, 2)]
        given = f"P{last + 3:07d}"
        self.env["patient.patient"].create(
            [{"name": "进", "mrn": mrn} for mrn in taken]
        )
        batch = self.env["patient.patient"].create(
            [{"name": "二"}, {"name": "三", "mrn": given}, {"name": "四"}]
        )
        self.assertEqual(len(set(batch.mapped("mrn"))), 3)
        self.assertFalse(set(taken) & set(batch.mapped("mrn")))

    @mute_logger("odoo.sql_db")
    def test_numbers_are_unique_in_a_hospital(self):
        self.patient.card_number = "C1"
        for field, value in (("mrn", "t0001"), ("card_number", "c1")):
            with self.subTest(field=field), self.assertRaises(Exception) as caught:
                self._make_patient("另一个", **{field: value})
            self.assertIn("violates unique constraint", str(caught.exception))

    def test_a_card_is_issued_once(self):
        other = self._make_patient("李娜")
        both = (self.patient | other).with_user(self.user_officer)
        with freeze_time("2026-03-31 17:00:00"):  # April in Shanghai
            action = both.action_issue_card()
        self.assertEqual(
            action["report_name"], "patient_relations.patient_card_document"
        )
        numbers = both.mapped("card_number")
        self.assertRegex(numbers[0], r"^C\d{8}$")
        self.assertEqual(len(set(numbers)), 2)
        self.assertEqual(both.mapped("card_issued_on"), [date(2026, 4, 1)] * 2)
        both.action_issue_card()
        self.assertEqual(both.mapped("card_number"), numbers)

    # possibly the same person

    def test_same_name_and_birth_or_same_telephone_is_shown(self):
        by_name = self._make_patient("张伟", birth_date="1960-05-01")
        by_phone = self._make_patient("王芳", phone="+86 138-0000-1234")
        self._make_patient("张伟", birth_date="1961-05-01")
        self._make_patient("张伟明", birth_date="1960-05-01")
        self._make_patient("赵六", phone="13800001234567")
        self.assertEqual(self.patient.duplicate_ids, by_name | by_phone)
        self.assertEqual(by_phone.duplicate_ids, self.patient)
        action = self.patient.action_open_duplicates()
        self.assertEqual(
            self.env["patient.patient"].search(action["domain"]),
            self.patient | by_name | by_phone,
        )

    def test_the_form_warns_while_typing(self):
        form = Form(self.env["patient.patient"].with_user(self.user_officer))
        form.name = "另一位"
        self.assertFalse(form.duplicate_ids[:])
        form.phone = "138 0000 1234"
        self.assertEqual(form.duplicate_ids[:], self.patient)

    def test_a_patient_without_facts_is_like_nobody(self):
        nobody = self._make_patient("无")
        self._make_patient("无")
        self.assertFalse(nobody.duplicate_ids)

    # dates

    @freeze_time("2026-03-01 17:00:00")  # 2 March in Shanghai
    def test_age_counts_days_of_the_hospital(self):
        self.patient.birth_date = "1960-03-02"
        self.assertEqual(self.patient.age, 66)
        self.patient.deceased_at = "2026-02-28 12:00:00"
        self.assertEqual(self.patient.age, 65)
        self.patient.birth_date = False
        self.assertEqual(self.patient.age, 0)

    @freeze_time("2026-03-01 17:00:00")
    def test_dates_that_cannot_be(self):
        self._make_patient("新生", birth_date="2026-03-02")  # today, in Shanghai
        for problem, values in (
            ("future", {"birth_date": "2026-03-03"}),
            ("future", {"deceased_at": "2026-03-05 00:00:00"}),
            (
                "died before being born",
                {"birth_date": "2026-01-01", "deceased_at": "2025-12-30 00:00:00"},
            ),
        ):
            with self.assertRaisesRegex(ValidationError, problem):
                self._make_patient("不可能", **values)

    # the contact behind the file

    def test_an_existing_contact_becomes_a_patient(self):
        contact = self.env["res.partner"].create(
            {"name": "陈晨", "phone": "13700000000"}
        )
        patient = (
            self.env["patient.patient"]
            .with_user(self.user_officer)
            .create({"partner_id": contact.id, "email": "chen@example.com"})
        )
        self.assertEqual(patient.name, "陈晨")
        self.assertTrue(contact.is_patient)
        self.assertEqual(contact.company_id, self.company)
        self.assertEqual(contact.email, "chen@example.com")
        self.assertEqual(
            self.env["patient.patient"].search([("display_name", "ilike", "chenchen")]),
            patient,
        )

    def test_a_contact_of_another_hospital_does_not(self):
        contact = self.env["res.partner"].create(
            {"name": "陈晨", "company_id": self._make_company().id}
        )
        with self.assertRaisesRegex(ValidationError, "another hospital"):
            self.env["patient.patient"].create({"partner_id": contact.id})

    @mute_logger("odoo.sql_db")
    def test_one_contact_has_one_file(self):
        with self.assertRaises(Exception) as caught:
            self.env["patient.patient"].create(
                {"partner_id": self.patient.partner_id.id}
            )
        self.assertIn("_partner_uniq", str(caught.exception))

    def test_a_colleague_needs_a_contact_of_their_own(self):
        with self.assertRaisesRegex(ValidationError, "member of staff"):
            self.env["patient.patient"].create(
                {"partner_id": self.user_plain.partner_id.id}
            )
        own = self._make_patient(self.user_plain.name)
        self.assertNotEqual(own.partner_id, self.user_plain.partner_id)

    def test_a_portal_patient_is_not_made_a_colleague(self):
        self.env["patient.patient"].create(
            {"partner_id": self.user_portal.partner_id.id}
        )
        with self.assertRaisesRegex(ValidationError, "member of staff"):
            self.user_portal.group_ids = [
                Command.set(self.env.ref("base.group_user").ids)
            ]
        with self.assertRaisesRegex(ValidationError, "member of staff"):
            mail_new_test_user(
                self.env,
                login="pr_new",
                groups="base.group_user",
                partner_id=self.patient.partner_id.id,
            )

    def test_the_contact_stays_in_the_hospital_of_the_file(self):
        for company in (self._make_company(), self.env["res.company"]):
            with self.assertRaisesRegex(ValidationError, "another hospital"):
                self.patient.partner_id.company_id = company

    def test_a_copy_is_another_person(self):
        self.patient.write({"national_id": NATIONAL_ID, "card_number": "C1"})
        twin = self.patient.with_user(self.user_manager).copy()
        self.assertNotEqual(twin.partner_id, self.patient.partner_id)
        self.assertTrue(twin.partner_id.is_patient)
        self.assertRegex(twin.mrn, r"^P\d{7}$")
        self.assertFalse(twin.national_id or twin.card_number or twin.encounter_ids)

    def test_a_patient_cannot_be_shown_to_everybody(self):
        with self.assertRaisesRegex(ValidationError, "stays hidden"):
            self.patient.partner_id.is_patient = False

    def test_archiving_takes_the_contact_along(self):
        self.patient.with_user(self.user_officer).action_archive()
        self.assertFalse(self.patient.partner_id.active)
        self.patient.with_user(self.user_officer).action_unarchive()
        self.assertTrue(self.patient.partner_id.active)
        archived = self._make_patient("旧", active=False)
        self.assertFalse(archived.partner_id.active)

    def test_archiving_leaves_who_logs_in(self):
        patient = self.env["patient.patient"].create(
            {"partner_id": self.user_portal.partner_id.id}
        )
        patient.action_archive()
        self.assertFalse(patient.active)
        self.assertTrue(patient.partner_id.active)

    def test_contacts_of_patients_are_not_merged(self):
        other = self._make_patient("张伟")
        contact = self.env["res.partner"].create({"name": "张伟"})
        merge = self.env["base.partner.merge.automatic.wizard"]
        for partners in (
            self.patient.partner_id | other.partner_id,
            self.patient.partner_id | contact,
        ):
            with self.assertRaisesRegex(UserError, "cannot be merged"):
                merge._merge(partners.ids, self.patient.partner_id, extra_checks=False)
        self.assertTrue(other.exists())

    def test_other_contacts_are_still_merged(self):
        contacts = self.env["res.partner"].create([{"name": "甲"}, {"name": "乙"}])
        self.env["base.partner.merge.automatic.wizard"]._merge(
            contacts.ids, contacts[0]
        )
        self.assertEqual(contacts.exists(), contacts[0])

    # deleting

    def test_a_file_with_history_stays(self):
        with self.assertRaisesRegex(ValidationError, "Archive the file"):
            self.patient.with_user(self.user_manager).unlink()
        seen = self._make_patient("预约")
        event = self.env["calendar.event"].create(
            {
                "name": "复诊",
                "patient_id": seen.id,
                "start": "2026-03-02 01:00:00",
                "stop": "2026-03-02 02:00:00",
                "active": False,
            }
        )
        with self.assertRaisesRegex(ValidationError, "Archive the file"):
            seen.unlink()
        event.unlink()
        seen.unlink()

    def test_a_deleted_file_takes_its_contact_along(self):
        mistakes = self._make_patient("误建") | self._make_patient("误建二")
        contacts = mistakes.partner_id
        mistakes.with_user(self.user_manager).unlink()
        self.assertFalse(contacts.exists())

    def test_a_contact_others_speak_of_stays_hidden(self):
        mistakes = self._make_patient("误建") | self._make_patient("有线索")
        lost, kept = mistakes.partner_id
        lead = self.env["crm.lead"].create({"name": "咨询", "partner_id": kept.id})
        mistakes.unlink()
        self.assertFalse(lost.exists())
        self.assertEqual(lead.partner_id, kept)
        self.assertFalse(kept.active)
        self.assertTrue(kept.is_patient)
        self.assertFalse(
            self.env["res.partner"]
            .with_user(self.user_plain)
            .with_context(active_test=False)
            .search([("name", "=", "有线索")])
        )

    # moving

    def test_a_file_opened_in_the_wrong_hospital_is_moved(self):
        company = self._make_company()
        mistake = self._make_patient(
            "误建", identifier_ids=[Command.create({"system": "HIS", "value": "7"})]
        )
        mistake.company_id = company
        self.assertEqual(mistake.partner_id.company_id, company)
        self.assertEqual(mistake.identifier_ids.company_id, company)
        with self.assertRaisesRegex(ValidationError, "stays there"):
            self.patient.company_id = company

    # numbers elsewhere

    @mute_logger("odoo.sql_db")
    def test_a_number_of_another_system_belongs_to_one_file(self):
        values = {"system": "HIS", "value": "7"}
        self.patient.identifier_ids = [Command.create(values)]
        with self.assertRaises(Exception) as caught:
            self._make_patient("李娜", identifier_ids=[Command.create(values)])
        self.assertIn("_value_uniq", str(caught.exception))
        foreign = self._make_patient(
            "李娜",
            company_id=self._make_company().id,
            identifier_ids=[Command.create(values)],
        )
        self.assertTrue(foreign.identifier_ids)
