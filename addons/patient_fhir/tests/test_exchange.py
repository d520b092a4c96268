from unittest.mock import patch

import psycopg2

from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import bundle as bundles
from .common import SOURCE, FhirCase

ROOM = ("patient.patient", "res.partner", "patient.encounter", "patient.condition")


# What the 24 sample Bundles hold of what is kept.
EXPECTED = {
    "Patient": 24,
    "Encounter": 648,
    "Condition": 179,
    "Observation": 3067,
    "DiagnosticReport": 214,
}


@tagged("post_install", "-at_install")
class TestExchange(FhirCase):
    """The intake, without HTTP."""

    def _get_row_versions(self):
        """Return table → id → (xmin, ctid): a row that is written gets others."""
        self.env.flush_all()
        found = {}
        for table in (
            "patient_patient",
            "res_partner",
            "patient_identifier",
            "patient_encounter",
            "patient_condition",
        ):
            self.env.cr.execute(f"SELECT id, xmin::text, ctid::text FROM {table}")  # pylint: disable=sql-injection
            found[table] = self.env.cr.fetchall()
        return found

    # upsert

    def test_the_same_bundle_twice_changes_nothing(self):
        resources = self._patient(), self._encounter(), self._condition()
        self.assertEqual(self._outcomes(self._take(*resources)), ["created"] * 3)
        before = self._get_row_versions()
        taken = self._take(*resources)
        self.assertEqual(self._outcomes(taken), ["unchanged"] * 3)
        self.assertEqual(self._get_row_versions(), before)

    def test_what_differs_is_written_and_nothing_else(self):
        first = self._take(self._patient(), self._patient("p2"))
        changed = self._patient(telecom=[{"system": "phone", "value": "13700000000"}])
        taken = self._take(changed, self._patient("p2"))
        self.assertEqual(self._outcomes(taken), ["updated", "unchanged"])
        self.assertEqual(self._record(taken), self._record(first))
        self.assertEqual(self._record(taken).phone, "13700000000")

    def test_what_a_patient_does_not_say_stays(self):
        taken = self._take(self._patient())
        patient = self._record(taken)
        patient.email = "by.hand@example.org"
        self._take(self._patient(telecom=[]))
        self.assertEqual(patient.email, "by.hand@example.org")
        self.assertEqual(patient.phone, "13900005678")

    def test_what_a_visit_does_not_say_is_emptied(self):
        reason = [{"text": "头晕"}]
        taken = self._take(self._patient(), self._encounter(reasonCode=reason))
        self.assertEqual(self._record(taken, 1).reason, "头晕")
        self._take(self._patient(), self._encounter())
        self.assertFalse(self._record(taken, 1).reason)

    def test_a_patient_is_recognised_by_any_identifier(self):
        card = {"system": "https://cards.example.org", "value": "77"}
        patient = self._patient()
        patient["identifier"].append(card)
        first = self._take(patient)
        other = self._patient("another-id", identifier=[card])
        taken = self._take(other)
        self.assertEqual(self._record(taken), self._record(first))
        values = self._record(taken).identifier_ids.mapped("value")
        self.assertCountEqual(values, ["P1", "77", "p1", "another-id"])

    def test_a_visit_is_recognised_by_the_id_of_a_known_source(self):
        taken = self._take(self._patient(), self._encounter())
        visit = self._record(taken, 1)
        self.assertEqual((visit.source_system, visit.source_id), (SOURCE, "e1"))

    def test_without_a_source_the_full_url_names_a_resource(self):
        self.user_fhir.fhir_source = False
        bundle = self._bundle(
            self._encounter(None, subject={"reference": "urn:uuid:1"})
        )
        patient = self._patient("x", id=None, identifier=[])
        entry = {"resource": patient, "request": {"method": "POST", "url": "Patient"}}
        bundle["entry"].append({**entry, "fullUrl": "urn:uuid:1"})
        bundle["entry"][0]["fullUrl"] = "urn:uuid:2"
        for outcome in ("created", "unchanged"):
            taken = self._take_bundle(bundle)
            self.assertEqual(self._outcomes(taken), [outcome] * 2)
        self.assertEqual(self._record(taken).source_id, "urn:uuid:2")
        self.assertEqual(self._record(taken, 1).identifier_ids.type_code, "RI")

    def test_the_bundle_may_name_its_source(self):
        taken = self._take(self._patient(), meta={"source": "https://other#7"})
        systems = self._record(taken).identifier_ids.mapped("system")
        self.assertIn("https://other", systems)

    def test_a_resource_without_any_name_is_refused(self):
        self.user_fhir.fhir_source = False
        taken = self._take(self._patient(identifier=[]))
        self.assertEqual(
            self._first_issue(taken), (422, "required", "Bundle.entry[0].resource")
        )

    def test_an_archived_patient_is_found_again(self):
        patient = self._record(self._take(self._patient()))
        patient.active = False
        taken = self._take(self._patient())
        self.assertEqual(self._outcomes(taken), ["unchanged"])
        self.assertEqual(
            self._outcomes(self._take(self._patient(active=True))), ["updated"]
        )
        self.assertTrue(patient.active)

    def test_death_without_a_time_is_kept_once_and_taken_back(self):
        patient = self._record(self._take(self._patient(deceasedBoolean=True)))
        died_at = patient.deceased_at
        self.assertTrue(died_at)
        taken = self._take(self._patient(deceasedBoolean=True))
        self.assertEqual(self._outcomes(taken), ["unchanged"])
        self._take(self._patient(deceasedBoolean=False))
        self.assertFalse(patient.deceased_at)

    def test_address_and_language_are_looked_up(self):
        address = {"line": ["1 Main St"], "city": "Quincy", "state": "Massachusetts"}
        patient = self._patient(
            address=[{**address, "country": "US"}],
            communication=[{"language": {"coding": [{"code": "es"}]}}],
        )
        found = self._record(self._take(patient))
        self.assertEqual(found.country_id, self.env.ref("base.us"))
        self.assertEqual(found.state_id.code, "MA")
        self.assertEqual(found.language_id.code, "es_ES")

    def test_unknown_places_and_languages_are_warned_of(self):
        patient = self._patient(
            address=[{"city": "X", "state": "Nowhere", "country": "Atlantis"}],
            communication=[{"language": {"coding": [{"code": "xx"}]}}],
        )
        taken = self._take(patient)
        self.assertEqual(self._outcomes(taken), ["created"])
        self.assertEqual(len(taken.entries[0].warnings), 3)

    # requests of entries

    def _entry(self, resource, **request):
        base = {"method": "POST", "url": resource["resourceType"]}
        return {"resource": resource, "request": {**base, **request}}

    def _take_entry(self, resource, **request):
        bundle = self._bundle(kind="batch")
        bundle["entry"] = [self._entry(resource, **request)]
        return self._take_bundle(bundle)

    def test_put_with_the_id_of_the_source_is_an_upsert(self):
        request = {"method": "PUT", "url": "Patient/p1"}
        self.assertEqual(
            self._outcomes(self._take_entry(self._patient(), **request)), ["created"]
        )
        self.assertEqual(
            self._outcomes(self._take_entry(self._patient(), **request)), ["unchanged"]
        )

    def test_put_with_an_id_of_this_server_changes_that_record(self):
        name = self.exchange._get_server().id_of(self.patient.id)
        patient = self._patient(name, identifier=[])
        taken = self._take_entry(patient, method="PUT", url=f"Patient/{name}")
        self.assertEqual(self._record(taken), self.patient)
        self.assertEqual(self.patient.name, "李雷")

    def test_put_with_an_id_that_this_server_never_gave_is_not_found(self):
        name = self.exchange._get_server().id_of(999_999_999)
        taken = self._take_entry(
            self._patient(name), method="PUT", url=f"Patient/{name}"
        )
        self.assertEqual(self._first_issue(taken)[:2], (404, "not-found"))

    def test_conditional_create_leaves_what_is_there(self):
        self._take(self._patient())
        changed = self._patient(gender="female")
        condition = f"identifier={SOURCE}/pid|P1"
        taken = self._take_entry(changed, ifNoneExist=condition)
        self.assertEqual(self._outcomes(taken), ["unchanged"])
        self.assertEqual(self._record(taken).gender, "male")

    def test_conditional_update_finds_by_identifier(self):
        first = self._take(self._patient())
        changed = self._patient("zz", gender="female", identifier=[])
        url = f"Patient?identifier={SOURCE}/pid|P1"
        taken = self._take_entry(changed, method="PUT", url=url)
        self.assertEqual(self._record(taken), self._record(first))
        self.assertEqual(self._record(taken).gender, "female")

    def test_if_match_refuses_a_record_that_has_changed(self):
        self._take(self._patient())
        taken = self._take_entry(self._patient(gender="female"), ifMatch='W/"1"')
        self.assertEqual(
            self._first_issue(taken),
            (412, "conflict", "Bundle.entry[0].request.ifMatch"),
        )

    def test_wrong_requests_are_refused(self):
        for status, request in (
            (405, {"method": "DELETE"}),
            (400, {"method": None}),
            (400, {"url": "Encounter"}),
            (400, {"url": "../etc"}),
            (400, {"url": "Patient/1"}),
            (400, {"method": "PUT"}),
            (422, {"ifNoneExist": "name=x"}),
            (400, {"method": "PUT", "url": "Patient/other"}),
        ):
            with self.subTest(request=request):
                taken = self._take_entry(self._patient(), **request)
                self.assertEqual(self._first_issue(taken)[0], status)

    # transaction, batch

    def test_other_resources_are_ignored_whatever_they_hold(self):
        taken = self._take(
            {"resourceType": "Immunization", "status": 7},
            self._patient(),
            {"resourceType": "Claim"},
        )
        self.assertEqual(self._outcomes(taken), ["ignored", "created", "ignored"])

    def test_a_transaction_is_all_or_nothing(self):
        counts = [self.env[model].search_count([]) for model in ROOM]
        taken = self._take(
            self._patient(),
            self._encounter(),
            self._condition(encounter="nowhere"),
            {"resourceType": "Claim"},
        )
        self.assertEqual(
            self._outcomes(taken), ["rejected", "rejected", "rejected", "ignored"]
        )
        refusal = taken.refusal()
        self.assertEqual(refusal.status, 422)
        self.assertEqual(
            [issue.path for issue in refusal.issues],
            ["Bundle.entry[2].resource.encounter.reference"],
        )
        self.assertEqual([self.env[model].search_count([]) for model in ROOM], counts)

    def test_one_bad_entry_of_a_batch_does_not_stop_the_others(self):
        resources = [self._patient(f"p{number}") for number in range(50)]
        resources[7]["gender"] = "?"
        resources[23]["birthDate"] = "2999-01-01"  # only the record knows it is wrong
        with mute_logger("odoo.sql_db"):
            taken = self._take(*resources, kind="batch")
        self.assertEqual(self._counts(taken, "Patient")["created"], 48)
        self.assertEqual(
            self._first_issue(taken, 7)[2], "Bundle.entry[7].resource.gender"
        )
        self.assertEqual(
            self._first_issue(taken, 23),
            (422, "business-rule", "Bundle.entry[23].resource"),
        )

    def test_the_entry_that_the_record_refuses_is_named_in_a_transaction(self):
        resources = [self._patient(f"p{number}") for number in range(5)]
        resources[3]["birthDate"] = "2999-01-01"
        taken = self._take(*resources)
        self.assertEqual(
            [issue.path for issue in taken.refusal().issues],
            ["Bundle.entry[3].resource"],
        )

    def test_one_bad_update_of_a_batch_does_not_stop_the_others(self):
        self._take(*(self._patient(f"p{number}") for number in range(5)))
        changed = [self._patient(f"p{number}", gender="female") for number in range(5)]
        changed[2]["birthDate"] = "2999-01-01"
        taken = self._take(*changed, kind="batch")
        self.assertEqual(self._counts(taken, "Patient")["updated"], 4)
        self.assertEqual(self._first_issue(taken, 2)[2], "Bundle.entry[2].resource")

    def test_what_points_to_a_rejected_entry_is_rejected(self):
        taken = self._take(
            self._patient(gender="?"),
            self._encounter(),
            self._condition(),
            kind="batch",
        )
        self.assertEqual(self._outcomes(taken), ["rejected"] * 3)
        self.assertEqual(
            self._first_issue(taken, 1),
            (422, "not-found", "Bundle.entry[1].resource.subject.reference"),
        )

    # duplicates

    def test_two_entries_with_the_same_identifier_are_refused(self):
        same = [{"system": "https://x", "value": "1"}]
        taken = self._take(
            self._patient("p1", identifier=same), self._patient("p2", identifier=same)
        )
        self.assertEqual(
            self._first_issue(taken, 1),
            (422, "duplicate", "Bundle.entry[1].resource.identifier"),
        )

    def test_two_entries_of_the_same_record_are_refused(self):
        patient = self._patient()
        patient["identifier"].append({"system": "https://x", "value": "1"})
        self._take(patient)
        taken = self._take(
            self._patient(),
            self._patient("n2", identifier=[{"system": "https://x", "value": "1"}]),
            kind="batch",
        )
        self.assertEqual(
            self._first_issue(taken, 1), (422, "duplicate", "Bundle.entry[1].resource")
        )

    def test_identifiers_of_two_patients_match_neither(self):
        self._take(self._patient("p1"), self._patient("p2"))
        both = self._patient("p1")["identifier"] + self._patient("p2")["identifier"]
        taken = self._take(self._patient("p3", identifier=both))
        self.assertEqual(
            self._first_issue(taken),
            (412, "multiple-matches", "Bundle.entry[0].resource.identifier"),
        )

    # references

    def test_a_reference_is_found_in_the_record(self):
        self._take(self._patient())
        for reference in (
            {"reference": "Patient/p1"},
            {"identifier": {"system": f"{SOURCE}/pid", "value": "P1"}},
            {"reference": f"Patient?identifier={SOURCE}/pid|P1"},
        ):
            with self.subTest(reference=reference):
                taken = self._take(self._encounter(subject=reference))
                self.assertIn(self._outcomes(taken)[0], ("created", "unchanged"))

    def test_a_reference_may_be_one_of_this_server(self):
        server = self.exchange._get_server()
        name = f"Patient/{server.id_of(self.patient.id)}"
        for number, reference in enumerate((name, f"{server.base}/{name}")):
            taken = self._take(
                self._encounter(f"e{number}", subject={"reference": reference})
            )
            self.assertEqual(self._record(taken).patient_id, self.patient)

    def test_wrong_references_are_refused(self):
        for status, code, reference in (
            (422, "not-found", {"reference": "Patient/nobody"}),
            (422, "not-found", {"reference": "urn:uuid:nobody"}),
            (422, "value", {"reference": "Group/1"}),
            (422, "value", {"reference": "#p"}),
            (422, "not-found", {"identifier": {"system": "x", "value": "y"}}),
            (422, "required", {"display": "Somebody"}),
        ):
            with self.subTest(reference=reference):
                taken = self._take(self._encounter(subject=reference))
                self.assertEqual(self._first_issue(taken)[:2], (status, code))

    def test_a_diagnosis_belongs_to_the_visit_of_its_own_patient(self):
        taken = self._take(
            self._patient("p1"),
            self._patient("p2"),
            self._encounter(patient="p1"),
            self._condition(patient="p2"),
        )
        self.assertEqual(
            self._first_issue(taken, 3),
            (422, "business-rule", "Bundle.entry[3].resource.encounter.reference"),
        )

    # numbers

    def test_the_mrn_comes_from_the_system_of_the_hospital_only(self):
        self.company.fhir_mrn_system = "https://hospital/mrn"
        ours = {"system": "https://hospital/mrn", "value": "zy0815"}
        theirs = {
            "system": "https://elsewhere/mrn",
            "value": "7",
            "type": {"coding": [{"code": "MR"}]},
        }
        patient = self._record(self._take(self._patient(identifier=[ours, theirs])))
        self.assertEqual(patient.mrn, "ZY0815")
        self.assertEqual(
            patient.identifier_ids.mapped(lambda row: (row.value, row.type_code)),
            [("7", "MR"), ("p1", "RI")],
        )
        again = self._take(self._patient("other", identifier=[ours]))
        self.assertEqual(self._record(again), patient)

    def test_an_identity_number_is_kept_from_accounts_that_may_see_it(self):
        number = "11010519491231002X"
        self.company.fhir_national_id_system = "urn:id"
        identifier = [{"system": "urn:id", "value": number}]
        taken = self._take(self._patient(identifier=identifier))
        patient = self._record(taken)
        self.assertFalse(patient.national_id)
        self.assertEqual(taken.entries[0].warnings[0].code, "security")
        self.assertNotIn(number, patient.identifier_ids.mapped("value"))
        group = self.env.ref("patient_relations.patient_relations_group_identity")
        self.user_fhir.group_ids += group
        self.assertEqual(
            self._outcomes(self._take(self._patient(identifier=identifier))),
            ["updated"],
        )
        self.assertEqual(patient.national_id, number)

    def test_an_identity_number_of_another_system_is_not_kept_in_clear(self):
        number = "11010519491231002X"
        taken = self._take(
            self._patient(identifier=[{"system": "https://x", "value": number}])
        )
        self.assertNotIn(number, self._record(taken).identifier_ids.mapped("value"))
        self.assertEqual(taken.entries[0].warnings[0].code, "security")

    # workers

    def test_another_worker_with_the_same_patient_makes_the_request_start_anew(self):
        Resource = type(self.env["patient.fhir.patient"])
        clash = patch.object(
            Resource, "_create_entries", side_effect=psycopg2.errors.UniqueViolation
        )
        with clash, self.assertRaises(ConcurrencyError):
            self._take(self._patient())

    # real input

    def test_all_sample_bundles_go_in_and_are_recognised(self):
        files = self._read_synthea()
        if not files:
            self.skipTest("The sample Bundles are not beside this checkout.")
        self.user_fhir.fhir_source = False
        for outcome in ("created", "unchanged"):
            totals = dict.fromkeys(EXPECTED, 0)
            for content in files.values():
                taken = self.exchange._take(bundles.parse(content))
                self.assertIsNone(taken.refusal())
                for kind in totals:
                    totals[kind] += self._counts(taken, kind)[outcome]
            self.assertEqual(totals, EXPECTED)
            self.env.flush_all()
            self.env.invalidate_all()
        source = [("source_system", "=", "urn:ietf:rfc:3986")]
        stays = self.env["patient.encounter"].search_count(
            [*source, ("encounter_class", "=", "IMP")]
        )
        self.assertEqual(stays, 68)
        dead = self.env["patient.patient"].search_count([("deceased_at", "!=", False)])
        self.assertEqual(dead, 8)
        self._check_sample_values(source)
        self._check_sample_reports(source, files.values())

    def _check_sample_reports(self, source, contents):
        """Every report carries the values that it names, and has its visit and day."""
        reports = self.env["patient.examination"].search(source)
        self.assertEqual(len(reports), EXPECTED["DiagnosticReport"])
        sent = {
            entry["resource"]["id"]: len(entry["resource"].get("result", ()))
            for content in contents
            for entry in bundles.parse(content)["entry"]
            if entry["resource"]["resourceType"] == "DiagnosticReport"
        }
        carried = {
            report.source_id.removeprefix("urn:uuid:"): len(
                report.measurement_ids.filtered(lambda one: not one.fhir_head_id)
            )
            for report in reports
        }
        self.assertEqual(carried, sent)
        self.assertEqual(set(reports.mapped("category")), {"laboratory"})
        self.assertTrue(all(report.encounter_id for report in reports))

    def _check_sample_values(self, source):
        """Every value has its LOINC code; those with a unit are numbers in our unit."""
        values = self.env["patient.measurement"].search(
            [*source, ("fhir_head_id", "=", False)]
        )
        values |= values.fhir_part_ids
        # 184 blood pressures have two values each
        self.assertEqual(len(values), EXPECTED["Observation"] + 184)
        self.assertTrue(all(values.indicator_id.mapped("loinc_code")))
        numbers = values.filtered(
            lambda one: one.indicator_id.value_kind == "number" and not one.text
        )
        self.assertEqual(len(numbers), 3019)
        # 20 total proteins have a wrong unit in the files (g/dL): kept as they came
        sent = values.filtered("unit_text")
        self.assertEqual(len(sent), 20)
        self.assertEqual(sent.indicator_id.code, "protein")
        self.assertFalse(values.filtered(lambda one: not one.effective_month))
