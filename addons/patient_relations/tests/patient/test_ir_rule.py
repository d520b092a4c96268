from ..common import PatientRelationsCase


class TestIrRule(PatientRelationsCase):
    def test_search_of_files_joins_no_contacts(self):
        domain = self._get_domain()
        self.assertNotIn("partner_id", str(domain))
        self.assertIn("company_id", str(domain))

    def test_rule_of_an_administrator_on_the_contact_stays(self):
        self.env["ir.rule"].create(
            {
                "name": "Patients of this city",
                "model_id": self.env["ir.model"]._get_id("patient.patient"),
                "domain_force": "[('partner_id.city', '=', '云澜')]",
            }
        )
        patients = self.env["patient.patient"].with_user(self.user_officer)
        self.assertNotIn(self.patient, patients.search([]))
        self.patient.city = "云澜"
        self.assertIn(self.patient, patients.search([]))

    def _get_domain(self):
        rules = self.env["ir.rule"].with_user(self.user_officer)
        return rules._compute_domain("patient.patient")
