from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import FhirCase, FhirHttpCase

OURS = (
    "patient.fhir.department",
    "patient.fhir.practitioner",
    "patient.fhir.import",
    "patient.fhir.import.file",
    "patient.fhir.import.count",
    "patient.fhir.import.reject",
    "patient.fhir.import.upload",
)
CANARY = "Zzcanary"


@tagged("post_install", "-at_install")
class TestAccess(FhirCase):
    """Who may what: see security/patient_fhir_groups.xml."""

    def assertRights(self, user, model, expected):
        """Assert which of read, write, create, unlink (``rwcu``) a user has."""
        model = self.env[model].with_user(user)
        rights = zip("rwcu", ("read", "write", "create", "unlink"), strict=True)
        found = "".join(letter for letter, name in rights if model.has_access(name))
        self.assertEqual(found, expected, f"{user.login} on {model}")

    def test_only_managers_see_imports_and_mappings(self):
        for user in (
            self.user_plain,
            self.user_staff,
            self.user_officer,
            self.user_portal,
            self.user_fhir,
        ):
            for model in OURS:
                self.assertRights(user, model, "")

    def test_managers_map_and_import(self):
        for model, rights in zip(
            OURS, ("rwcu", "rwcu", "rwcu", "rc", "r", "r", "rwcu"), strict=True
        ):
            self.assertRights(self.user_manager, model, rights)

    def test_the_account_for_exchange_changes_patients_and_deletes_nothing(self):
        for model in (
            "patient.patient",
            "patient.identifier",
            "patient.encounter",
            "patient.condition",
        ):
            self.assertRights(self.user_fhir, model, "rwc")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_the_account_for_exchange_reads_no_complaint(self):
        for model in ("patient.complaint", "patient.complaint.problem"):
            self.assertRights(self.user_fhir, model, "")
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.user_fhir).search([])

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_the_account_for_exchange_changes_no_other_contact(self):
        partner = self.env["res.partner"].create({"name": "Supplier"})
        as_account = partner.with_user(self.user_fhir)
        with self.assertRaises(AccessError):
            as_account.write({"name": "x"})
        with self.assertRaises(AccessError):
            as_account.create({"name": "x"})
        with self.assertRaises(AccessError):
            as_account.unlink()
        patient = self.patient.partner_id.with_user(self.user_fhir)
        patient.write({"phone": "1"})

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_the_account_for_exchange_sees_no_identity_number(self):
        with self.assertRaises(AccessError):
            self.patient.with_user(self.user_fhir).read(["national_id"])

    def test_an_account_of_one_hospital_touches_nothing_of_another(self):
        other = self._make_company()
        account = new_test_user(
            self.env,
            login="pr_fhir_other",
            groups="base.group_user,patient_fhir.patient_fhir_group_integration",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.exchange = self.env["patient.fhir.exchange"].with_user(account)
        self.user_fhir = account
        account.fhir_source = "https://his.example.org"
        theirs = self._take(self._patient(), self._encounter(), self._condition())
        self.assertEqual(self._outcomes(theirs), ["created"] * 3)
        self.assertEqual(self._record(theirs).company_id, other)
        self.assertEqual(self._record(theirs, 1).fhir_department_id.company_id, other)
        self.assertFalse(
            self._record(theirs).with_user(self.user_manager).has_access("read")
        )

    def test_the_same_source_serves_two_hospitals(self):
        ours = self._record(self._take(self._patient()))
        self.test_an_account_of_one_hospital_touches_nothing_of_another()
        self.assertEqual(ours.name, "李雷")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_runs_of_another_hospital_are_not_seen(self):
        run = self.env["patient.fhir.import"].create(
            {"name": "x", "company_id": self._make_company().id}
        )
        self.assertFalse(run.with_user(self.user_manager).has_access("read"))


@tagged("post_install", "-at_install")
class TestCompanyCanary(FhirHttpCase):
    """Nothing of one hospital comes out through the account of another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls._make_company()
        patient = cls.env["patient.patient"].create(
            {
                "name": CANARY,
                "phone": "13912344321",
                "birth_date": "1950-02-03",
                "company_id": other.id,
                "identifier_ids": [(0, 0, {"system": "s", "value": CANARY})],
            }
        )
        visit = cls.env["patient.encounter"].create(
            {"patient_id": patient.id, "status": "finished", "reason": CANARY}
        )
        condition = cls.env["patient.condition"].create(
            {"patient_id": patient.id, "encounter_id": visit.id, "name": CANARY}
        )
        # Worse than usual: the account may even work in both.
        cls.user_fhir.company_ids += other
        cls.records = patient, visit, condition
        cls.env.flush_all()

    def test_no_read_and_no_search_finds_it(self):
        server = self.exchange._get_server()
        patient, visit, condition = (server.id_of(record.id) for record in self.records)
        for path in (
            f"/Patient/{patient}",
            f"/Encounter/{visit}",
            f"/Condition/{condition}",
            f"/Patient?name={CANARY}",
            f"/Patient?identifier={CANARY}",
            "/Patient?phone=13912344321",
            "/Patient?birthdate=1950-02-03",
            f"/Patient?_id={patient}",
            f"/Encounter?patient={patient}",
            "/Encounter?status=finished",
            f"/Condition?patient={patient}",
            f"/Condition?encounter={visit}",
            "/Patient?_count=500",
        ):
            with self.subTest(path=path):
                response = self._get(path)
                self.assertNotIn(CANARY, response.text.replace(f"={CANARY}", ""))
                self.assertIn(response.status_code, (200, 404))

    def test_no_bundle_reaches_it(self):
        server = self.exchange._get_server()
        name = server.id_of(self.records[0].id)
        bundle = self._bundle(
            self._encounter(subject={"reference": f"Patient/{name}"}),
            self._encounter(
                "e2", subject={"identifier": {"system": "s", "value": CANARY}}
            ),
            self._patient(name),
            kind="batch",
        )
        bundle["entry"][2]["request"] = {"method": "PUT", "url": f"Patient/{name}"}
        answer = self._post(bundle).json()
        statuses = [entry["response"]["status"] for entry in answer["entry"]]
        self.assertEqual(statuses, ["422", "422", "404"])
        self.assertNotIn(CANARY, json_without_diagnostics(answer))


def json_without_diagnostics(answer):
    return str([entry["response"].get("location") for entry in answer["entry"]])
