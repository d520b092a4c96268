from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PatientRelationsCase


@tagged("post_install", "-at_install")
class TestPatientLead(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_officer.group_ids += cls.env.ref("sales_team.group_sale_salesman")

    def _make_lead(self, **values):
        lead = self.env["crm.lead"].create(
            {
                "name": "体检咨询",
                "type": "lead",
                "contact_name": "李娜",
                "phone": "137 0000 1111",
                "email_from": "lina@example.com",
                "city": "上海",
                "user_id": self.user_officer.id,
                **values,
            }
        )
        return lead.with_user(self.user_officer)

    def test_one_click_makes_a_patient_and_keeps_the_link(self):
        lead = self._make_lead()
        action = lead.action_create_patient()
        patient = lead.patient_id
        self.assertEqual(action["res_id"], patient.id)
        self.assertEqual(
            patient.read(["name", "phone", "email", "city"])[0],
            {
                "id": patient.id,
                "name": "李娜",
                "phone": "137 0000 1111",
                "email": "lina@example.com",
                "city": "上海",
            },
        )
        self.assertTrue(patient.mrn)
        self.assertTrue(patient.partner_id.is_patient)
        self.assertEqual(patient.lead_ids, lead)
        self.assertEqual(patient.company_id, self.company)

    def test_a_second_click_opens_the_same_patient(self):
        lead = self._make_lead()
        lead.action_create_patient()
        count = self.env["patient.patient"].search_count([])
        action = lead.action_create_patient()
        self.assertEqual(action["res_id"], lead.patient_id.id)
        self.assertEqual(self.env["patient.patient"].search_count([]), count)

    def test_a_file_with_the_same_name_and_telephone_is_taken(self):
        lead = self._make_lead(contact_name="张伟", phone="+86 138 0000 1234")
        lead.action_create_patient()
        self.assertEqual(lead.patient_id, self.patient)

    def test_two_such_files_are_not_guessed_at(self):
        self._make_patient("张伟", phone="13800001234")
        lead = self._make_lead(contact_name="张伟", phone="13800001234")
        lead.action_create_patient()
        self.assertNotEqual(lead.patient_id, self.patient)
        self.assertEqual(len(lead.patient_id.duplicate_ids), 2)

    def test_the_same_name_alone_is_not_enough(self):
        lead = self._make_lead(contact_name="张伟", phone=False)
        lead.action_create_patient()
        self.assertNotEqual(lead.patient_id, self.patient)

    def test_a_lead_of_a_patient_finds_the_file(self):
        lead = self._make_lead(partner_id=self.patient.partner_id.id)
        lead.action_create_patient()
        self.assertEqual(lead.patient_id, self.patient)

    def test_the_contact_of_the_lead_stays_an_ordinary_one(self):
        contact = self.env["res.partner"].create({"name": "李娜"})
        lead = self._make_lead(partner_id=contact.id)
        lead.action_create_patient()
        self.assertNotEqual(lead.patient_id.partner_id, contact)
        self.assertFalse(contact.is_patient)
        self.assertTrue(contact.with_user(self.user_plain).has_access("read"))

    def test_merged_leads_keep_the_patient(self):
        lead, twin = self._make_lead(), self._make_lead()
        twin.action_create_patient()
        patient = twin.patient_id
        merged = (lead | twin).merge_opportunity()
        self.assertEqual(merged.patient_id, patient)

    def test_a_lead_without_a_person_says_so(self):
        lead = self._make_lead(contact_name=False, phone=False)
        with self.assertRaisesRegex(UserError, "体检咨询"):
            lead.action_create_patient()

    def test_another_hospital_opens_its_own_file(self):
        company = self._make_company()
        self.user_officer.company_ids += company
        lead = self._make_lead(
            contact_name="张伟", phone="13800001234", company_id=company.id
        )
        lead = lead.with_context(allowed_company_ids=(self.company | company).ids)
        lead.action_create_patient()
        self.assertEqual(lead.patient_id.company_id, company)
        self.assertNotEqual(lead.patient_id, self.patient)
