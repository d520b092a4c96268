import json
import logging
from unittest.mock import patch

import psycopg2
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import (
    AuthorizationError,
    ForbiddenError,
    OperationOutcome,
    ResourceNotFound,
)

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.patient_fhir_exchange import MAX_ENTRIES, MAX_MIB
from .common import FhirHttpCase


@tagged("post_install", "-at_install")
class TestHttpIntake(FhirHttpCase):
    """POST /fhir/R4: what goes in, and every way in which it does not."""

    def test_a_transaction_answers_each_entry(self):
        bundle = self._bundle(
            self._patient(birthDate="1971"),
            {"resourceType": "Claim"},
            self._encounter(),
        )
        response = self._post(bundle)
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        Bundle.model_validate(answer)
        self.assertEqual(answer["type"], "transaction-response")
        first, claim, visit = (entry["response"] for entry in answer["entry"])
        self.assertEqual(first["status"], "201 Created")
        self.assertRegex(first["location"], r"^Patient/\w+-\d+/_history/\d+$")
        self.assertEqual(first["outcome"]["issue"][0]["severity"], "warning")
        self.assertEqual(claim["status"], "202 Accepted")
        self.assertEqual(claim["outcome"]["issue"][0]["code"], "not-supported")
        self.assertEqual(visit["status"], "201 Created")

    def test_the_second_post_changes_nothing(self):
        bundle = self._bundle(self._patient(), self._encounter(), self._condition())
        first = self._post(bundle).json()
        again = self._post(bundle).json()
        self.assertEqual(
            [entry["response"]["status"] for entry in again["entry"]], ["200 OK"] * 3
        )
        for one, other in zip(first["entry"], again["entry"], strict=True):
            self.assertEqual(one["response"]["etag"], other["response"]["etag"])

    def test_a_batch_keeps_the_good_and_names_the_bad(self):
        bundle = self._bundle(
            self._patient("p1", gender="?"), self._patient("p2"), kind="batch"
        )
        answer = self._post(bundle).json()
        Bundle.model_validate(answer)
        bad, good = (entry["response"] for entry in answer["entry"])
        self.assertEqual(bad["status"], "422")
        self.assertEqual(
            bad["outcome"]["issue"][0]["expression"],
            ["Bundle.entry[0].resource.gender"],
        )
        self.assertEqual(good["status"], "201 Created")

    def test_a_refused_transaction_leaves_nothing(self):
        before = self.env["patient.patient"].search_count([])
        response = self._post(
            self._bundle(self._patient(), self._encounter(patient="nobody"))
        )
        path = "Bundle.entry[1].resource.subject.reference"
        self.assertOutcome(response, 422, "not-found", path)
        self.assertEqual(self.env["patient.patient"].search_count([]), before)

    def test_what_is_no_bundle_is_refused(self):
        deep = b"[" * 100_000
        for status, code, path, data in (
            (400, "structure", None, b"{"),
            (400, "structure", None, b"\xff\xfe{}"),
            (400, "structure", None, "张".encode("gbk")),
            (400, "structure", None, b"[]"),
            (400, "structure", None, b'{"a": NaN}'),
            (400, "structure", None, b'{"a": ' + b"9" * 5000 + b"}"),
            (400, "structure", None, deep),
            (400, "structure", "Bundle.resourceType", {"resourceType": "Patient"}),
            (
                400,
                "value",
                "Bundle.type",
                {"resourceType": "Bundle", "type": "history"},
            ),
            (
                400,
                "structure",
                "Bundle.entry",
                {"resourceType": "Bundle", "type": "batch", "entry": {}},
            ),
            (
                400,
                "structure",
                "Bundle.entry[0]",
                {"resourceType": "Bundle", "type": "transaction", "entry": [7]},
            ),
        ):
            with self.subTest(data=str(data)[:40]):
                self.assertOutcome(self._post(data), status, code, path)

    def test_an_empty_bundle_is_no_error(self):
        response = self._post({"resourceType": "Bundle", "type": "batch"})
        self.assertEqual(response.status_code, 200)

    def test_a_wrong_type_names_entry_and_path(self):
        response = self._post(self._bundle(self._patient(name="李雷")))
        self.assertOutcome(response, 400, "structure", "Bundle.entry[0].resource.name")

    def test_a_duplicate_identifier_names_the_second_entry(self):
        identifier = [{"system": "https://x", "value": "1"}]
        response = self._post(
            self._bundle(
                self._patient("p1", identifier=identifier),
                self._patient("p2", identifier=identifier),
            )
        )
        self.assertOutcome(
            response, 422, "duplicate", "Bundle.entry[1].resource.identifier"
        )

    def test_a_body_over_the_limit_is_refused(self):
        self.env["ir.config_parameter"].set_param(MAX_MIB, "0.001")
        bundle = self._bundle(*(self._patient(f"p{number}") for number in range(10)))
        self.assertOutcome(self._post(bundle), 413, "too-long")

    def test_a_body_of_unknown_length_over_the_limit_is_refused(self):
        self.env["ir.config_parameter"].set_param(MAX_MIB, "0.001")
        chunks = iter([b"[" + b" " * 3000 + b"]"])
        response = self._post(chunks)
        self.assertIn(response.status_code, (400, 413))
        self.assertEqual(response.json()["resourceType"], "OperationOutcome")

    def test_too_many_entries_are_refused(self):
        self.env["ir.config_parameter"].set_param(MAX_ENTRIES, "2")
        bundle = self._bundle(*(self._patient(f"p{number}") for number in range(3)))
        self.assertOutcome(self._post(bundle), 413, "too-costly", "Bundle.entry")

    def test_other_content_is_refused(self):
        for kind in ("application/xml", "application/fhir+xml", "text/plain", ""):
            with self.subTest(kind=kind):
                response = self._post(b"{}", Content_Type=kind)
                self.assertOutcome(response, 415, "not-supported")
        response = self._post(b"\x1f\x8b", Content_Encoding="gzip")
        self.assertOutcome(response, 415, "not-supported")

    def test_a_fault_of_the_server_says_nothing_and_is_logged_without_values(self):
        Exchange = type(self.env["patient.fhir.exchange"])
        fault = patch.object(
            Exchange, "_take", side_effect=ValueError("张伟 13800001234")
        )
        with fault, self.assertLogs("odoo.addons.patient_fhir", "ERROR") as logs:
            response = self._post(self._bundle(self._patient()))
        self.assertOutcome(response, 500, "exception")
        self.assertNotIn("张伟", response.text)
        self.assertEqual(len(logs.output), 1)
        self.assertIn("ValueError", logs.output[0])
        self.assertNotIn("张伟", logs.output[0])

    @mute_logger("odoo.http")
    def test_a_server_that_is_busy_says_when_to_come_again(self):
        Exchange = type(self.env["patient.fhir.exchange"])
        busy = patch.object(Exchange, "_take", side_effect=psycopg2.OperationalError)
        with busy:
            response = self._post(self._bundle(self._patient()))
        self.assertOutcome(response, 503, "transient")
        self.assertEqual(response.headers["Retry-After"], "5")

    def test_nothing_of_a_patient_gets_into_the_log(self):
        name = "Zxqvwk"
        patient = self._patient(name=[{"family": name}])
        lines = self._listen()
        self._post(self._bundle(patient, self._encounter(patient="nobody")))
        self._post(self._bundle(patient))
        self._get(f"/Patient?name={name}&_count=1")
        self._get(f"/Patient?nonsense={name}")
        self.assertTrue([line for line in lines if "/fhir/R4/Patient?…" in line], lines)
        self.assertFalse([line for line in lines if name in line])

    def _listen(self):
        """Return a list that gets every line the server logs from now on."""
        lines = []
        handler = logging.Handler(logging.INFO)
        handler.emit = lambda record: lines.append(record.getMessage())
        for name in ("werkzeug", "odoo"):
            logger = logging.getLogger(name)
            self.addCleanup(logger.setLevel, logger.level)
            logger.setLevel(logging.INFO)
            logger.addHandler(handler)
            self.addCleanup(logger.removeHandler, handler)
        return lines


@tagged("post_install", "-at_install")
class TestHttpGates(FhirHttpCase):
    """Who gets in, and what the server speaks."""

    def test_metadata_needs_no_key_and_is_valid(self):
        response = self.url_open("/fhir/R4/metadata")
        self.assertEqual(response.status_code, 200)
        statement = response.json()
        CapabilityStatement.model_validate(statement)
        self.assertNotIn("Set-Cookie", response.headers)
        exchange = self.env["patient.fhir.exchange"]
        for kind in statement["rest"][0]["resource"]:
            names = {param["name"] for param in kind["searchParam"]}
            resource = exchange._get_resource(kind["type"])
            self.assertEqual(names, set(resource._fhir_search))

    def test_without_a_key_nobody_gets_in(self):
        for path in ("/Patient", "/Patient/1", "/nowhere", ""):
            with self.subTest(path=path):
                response = self.url_open(f"/fhir/R4{path}")
                self.assertOutcome(response, 401, "login")
                self.assertEqual(response.headers["WWW-Authenticate"], "Bearer")

    def test_a_wrong_key_does_not_open(self):
        self.assertOutcome(self._request("GET", "/Patient", key="x" * 40), 401, "login")

    def test_a_session_in_a_browser_does_not_open(self):
        self.authenticate("pr_fhir", "pr_fhir")
        headers = {
            "Sec-Fetch-Dest": "document",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Site": "none",
            "Sec-Fetch-User": "?1",
        }
        response = self.url_open("/fhir/R4/Patient", headers=headers)
        self.assertOutcome(response, 401, "login")

    def test_other_accounts_are_turned_away(self):
        for user in (self.user_plain, self.user_officer, self.user_manager):
            with self.subTest(user=user.login):
                key = self._make_key(user)
                self.assertOutcome(
                    self._request("GET", "/Patient", key=key), 403, "forbidden"
                )
                response = self._request("POST", "", self._bundle(), key=key)
                self.assertOutcome(response, 403, "forbidden")

    def test_no_session_is_opened(self):
        response = self._get("/Patient")
        self.assertNotIn("session_id", response.headers.get("Set-Cookie", ""))

    def test_the_server_speaks_json_only(self):
        for accept in ("application/fhir+xml", "text/html"):
            self.assertOutcome(
                self._get("/Patient", Accept=accept), 406, "not-supported"
            )
        self.assertOutcome(self._get("/Patient?_format=xml"), 406, "not-supported")
        for accept in (
            "*/*",
            "application/json",
            "application/fhir+json;fhirVersion=4.0",
        ):
            self.assertEqual(self._get("/Patient", Accept=accept).status_code, 200)
        self.assertEqual(
            self._get("/Patient?_format=application/fhir+json").status_code, 200
        )

    def test_other_interactions_are_refused(self):
        for method in ("PUT", "PATCH", "DELETE"):
            for path in ("", "/Patient", "/Patient/x-1"):
                with self.subTest(method=method, path=path):
                    response = self._request(method, path)
                    self.assertOutcome(response, 405, "not-supported")
                    self.assertIn("GET", response.headers["Allow"])
        self.assertOutcome(self._get(""), 405, "not-supported")
        self.assertOutcome(self._request("POST", "/Patient", {}), 405, "not-supported")
        self.assertOutcome(self._request("OPTIONS", "/Patient"), 405, "not-supported")

    def test_unknown_addresses_are_not_found(self):
        for path in ("/Immunization", "/Immunization/1", "/x", "/Patient/a b"):
            with self.subTest(path=path):
                self.assertEqual(self._get(path).status_code, 404)
                self.assertEqual(
                    self._get(path).json()["resourceType"], "OperationOutcome"
                )
        self.assertOutcome(self._get("/Patient/1"), 404, "not-found")
        self.assertOutcome(self._get("/Patient/1/_history/2"), 404, "not-found")

    def test_head_answers_without_a_body(self):
        response = self._request("HEAD", "/Patient")
        self.assertEqual((response.status_code, response.content), (200, b""))


@tagged("post_install", "-at_install")
class TestHttpReadAndSearch(FhirHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        patients = [
            cls._patient(
                f"p{number}",
                name=[{"text": name}],
                birthDate=birth,
                telecom=[{"system": "phone", "value": phone}],
            )
            for number, (name, birth, phone) in enumerate(
                (
                    ("王小明", "1980-01-15", "13611112222"),
                    ("王大力", "1980-12-31", "13611113333"),
                    ("Ana Sofía López", "1999-06-07", "555-929-9025"),
                    ("100%", "2001-01-01", "010-88886666"),
                )
            )
        ]
        visits = [
            cls._encounter(f"e{number}", "p0", period={"start": start, "end": end})
            for number, (start, end) in enumerate(
                (
                    ("2026-03-01T08:00:00+08:00", "2026-03-01T09:00:00+08:00"),
                    ("2026-03-09T08:00:00+08:00", "2026-03-20T09:00:00+08:00"),
                    ("2026-03-25T08:00:00+08:00", None),
                )
            )
        ]
        conditions = [
            cls._condition("c0", "p0", "e0"),
            cls._condition("c1", "p0", "e1"),
        ]
        conditions[1].pop("onsetDateTime")
        bundle = cls._bundle(*patients, *visits, *conditions, kind="batch")
        exchange = cls.env["patient.fhir.exchange"].with_user(cls.user_fhir)
        taken = exchange._take(bundle, cls.user_fhir.fhir_source)
        assert not [entry for entry in taken.entries if entry.problem]
        server = exchange._get_server()
        cls.ids = [server.id_of(entry.record_id) for entry in taken.entries]
        cls.patients = [entry.record_id for entry in taken.entries[:4]]
        cls.env.flush_all()

    def _search(self, path):
        """Return the ids found, in the order of the answer."""
        response = self._get(path)
        self.assertEqual(response.status_code, 200, response.text)
        bundle = response.json()
        Bundle.model_validate(bundle)
        return [entry["resource"]["id"] for entry in bundle.get("entry", [])]

    def assertFound(self, path, *numbers):
        self.assertEqual(
            self._search(path), [self.ids[number] for number in numbers], path
        )

    def test_a_record_is_read_with_its_version(self):
        response = self._get(f"/Patient/{self.ids[0]}")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json()["name"][0]["text"], "王小明")
        etag = response.headers["ETag"]
        self.assertEqual(etag, f'W/"{response.json()["meta"]["versionId"]}"')
        self.assertTrue(response.headers["Last-Modified"].endswith("GMT"))
        again = self._get(f"/Patient/{self.ids[0]}", If_None_Match=etag)
        self.assertEqual((again.status_code, again.content), (304, b""))

    def test_a_change_of_the_contact_is_a_new_version(self):
        etag = self._get(f"/Patient/{self.ids[0]}").headers["ETag"]
        patient = self.env["patient.patient"].browse(self.patients[0])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = write_date + interval '1 s' WHERE id = %s",
            [patient.partner_id.id],
        )
        self.assertNotEqual(self._get(f"/Patient/{self.ids[0]}").headers["ETag"], etag)

    def test_patients_are_found_by_name(self):
        self.assertFound("/Patient?name=王小明", 0)
        self.assertFound("/Patient?name=王", 0, 1)
        self.assertFound("/Patient?name=sof", 2)
        self.assertFound("/Patient?name=wangxiaoming", 0)
        self.assertFound("/Patient?name:exact=王", *())
        self.assertFound("/Patient?name:contains=小", 0)
        self.assertFound("/Patient?name=王小明,王大力", 0, 1)
        self.assertFound("/Patient?name=100%25", 3)
        self.assertFound("/Patient?name=%25")

    def test_patients_are_found_by_identifier(self):
        system = "https://his.example.org/pid"
        self.assertFound(f"/Patient?identifier={system}|P1", 1)
        self.assertFound("/Patient?identifier=P1", 1)
        self.assertFound("/Patient?identifier=https://elsewhere|P1")
        self.assertFound(f"/Patient?identifier={system}|", 0, 1, 2, 3)
        server = self.exchange._get_server()
        own = self._search("/Patient?identifier=T0001")
        self.assertEqual(own, [server.id_of(self.patient.id)])
        self.assertEqual(self._search("/Patient?identifier=|T0001"), own)

    def test_patients_are_found_by_birth_date(self):
        self.assertFound("/Patient?birthdate=1980-01-15", 0)
        self.assertFound("/Patient?birthdate=1980", 0, 1)
        self.assertFound("/Patient?birthdate=ge1980-12&birthdate=lt2000", 1, 2)
        self.assertFound("/Patient?birthdate=gt1980", 2, 3)
        self.assertFound("/Patient?birthdate=le1980-01-15&birthdate=ge1970", 0)

    def test_patients_are_found_by_the_whole_telephone_number(self):
        self.assertFound("/Patient?phone=136-1111-2222", 0)
        self.assertFound("/Patient?phone=%2B8613611112222", 0)
        self.assertFound("/Patient?telecom=phone|13611113333", 1)
        self.assertFound("/Patient?phone=5559299025", 2)
        self.assertFound("/Patient?phone=1361111222")
        self.assertFound("/Patient?phone=x")

    def test_conditions_of_a_search_add_up(self):
        self.assertFound("/Patient?name=王&birthdate=1980-12-31", 1)
        self.assertFound(f"/Patient?_id={self.ids[0]},{self.ids[2]}", 0, 2)

    def test_visits_are_found_by_patient_and_date(self):
        patient = self.ids[0]
        self.assertFound(f"/Encounter?patient={patient}", 4, 5, 6)
        self.assertFound(f"/Encounter?subject=Patient/{patient}", 4, 5, 6)
        self.assertFound(f"/Encounter?patient={self.ids[1]}")
        at = f"/Encounter?patient={patient}&date"
        self.assertFound(f"{at}=2026-03-01", 4)
        self.assertFound(f"{at}=ge2026-03-10", 5, 6)
        self.assertFound(f"{at}=lt2026-03-09", 4)
        self.assertFound(f"{at}=le2026-03-09T08:00:00%2B08:00", 4, 5)
        self.assertFound(f"{at}=sa2026-03-20", 6)
        self.assertFound(f"{at}=eb2026-03-10", 4)
        self.assertFound(f"{at}=ne2026-03-01", 5, 6)
        self.assertFound(f"{at}=gt2026-03-25", 6)
        self.assertFound("/Encounter?status=in-progress&class=AMB")

    def test_diagnoses_are_found_by_patient_and_date(self):
        patient = self.ids[0]
        self.assertFound(f"/Condition?patient={patient}&date=2026-03-09", 7, 8)
        self.assertFound(f"/Condition?patient={patient}&onset-date=2026-03", 7)
        self.assertFound(f"/Condition?patient={patient}&recorded-date=2026-03-09", 7, 8)
        self.assertFound(f"/Condition?patient={patient}&date=lt2026-03-09")
        self.assertFound(f"/Condition?encounter=Encounter/{self.ids[5]}", 8)
        system = "http://hl7.org/fhir/sid/icd-10"
        self.assertFound(f"/Condition?patient={patient}&code={system}|I10", 7, 8)

    def test_what_is_not_searched_by_is_refused_by_name(self):
        for name in ("nonsense", "name:missing", "_sort", "patient.name"):
            response = self._get(f"/Patient?{name}=x")
            self.assertOutcome(response, 400, "not-supported", f"http.{name}")
        for query in (
            "birthdate=soon",
            "birthdate=ap2020",
            "birthdate=0001",
            "_count=-1",
        ):
            name = query.partition("=")[0]
            response = self._get(f"/Patient?{query}")
            self.assertOutcome(response, 400, "value", f"http.{name}")
        self.assertOutcome(self._get("/Patient?name=%00"), 400, "value", "http.name")
        self.assertOutcome(self._get("/Encounter?date=9999"), 400, "value", "http.date")

    def test_what_is_not_searched_by_may_be_left_out(self):
        lenient = self._get("/Patient?nonsense=x&name=王", Prefer="handling=lenient")
        self.assertEqual(lenient.json()["total"], 2)
        self.assertNotIn("nonsense", lenient.json()["link"][0]["url"])

    def test_a_search_may_be_posted(self):
        response = self._request(
            "POST",
            "/Patient/_search",
            b"name=%E7%8E%8B",
            Content_Type="application/x-www-form-urlencoded",
        )
        self.assertEqual(response.json()["total"], 2)
        response = self._request("POST", "/Patient/_search", {"name": "x"})
        self.assertOutcome(response, 415, "not-supported")

    def test_pages_follow_one_another_by_their_links(self):
        url = "/Patient?_count=2&birthdate=ge1900"
        seen, pages = [], 0
        while url:
            bundle = self._get(url).json()
            Bundle.model_validate(bundle)
            links = {link["relation"]: link["url"] for link in bundle["link"]}
            self.assertIn("self", links)
            seen += [entry["resource"]["id"] for entry in bundle["entry"]]
            self.assertLessEqual(len(bundle["entry"]), 2)
            if not pages:
                self.assertEqual(bundle["total"], 5)
            url = links.get("next", "").partition("/fhir/R4")[2]
            pages += 1
        self.assertEqual(pages, 3)
        self.assertEqual(len(set(seen)), 5)

    def test_a_page_may_be_empty_and_only_count(self):
        for query in ("_count=0", "_summary=count"):
            bundle = self._get(f"/Patient?{query}&name=王").json()
            self.assertEqual(bundle["total"], 2)
            self.assertNotIn("entry", bundle)

    def test_identity_numbers_are_given_to_those_who_may_see_them(self):
        self.company.fhir_national_id_system = "urn:id"
        patient = self.env["patient.patient"].browse(self.patients[0])
        # as if the record had it: its check is not what is tested here
        self.env.cr.execute(
            "UPDATE patient_patient SET national_id = %s WHERE id = %s",
            ["11010519491231002X", patient.id],
        )
        self.env.invalidate_all()
        path = f"/Patient/{self.ids[0]}"
        self.assertNotIn("11010519491231002X", self._get(path).text)
        self.assertFound("/Patient?identifier=urn:id|11010519491231002X")
        group = self.env.ref("patient_relations.patient_relations_group_identity")
        self.user_fhir.group_ids += group
        self.assertIn("11010519491231002X", self._get(path).text)
        self.assertFound("/Patient?identifier=urn:id|11010519491231002X", 0)


@tagged("post_install", "-at_install")
class TestFhirClient(FhirHttpCase):
    """A client from PyPI that knows nothing of this server: fhirpy."""

    def _client(self, key=None):
        return SyncFHIRClient(
            f"{self.base_url()}/fhir/R4",
            authorization=f"Bearer {key or self.key}",
            requests_config={"timeout": 60},
        )

    def test_the_client_posts_searches_pages_and_reads(self):
        client = self._client()
        patients = [self._patient(f"p{number}") for number in range(7)]
        bundle = self._bundle(
            *patients, self._encounter("e1", "p3"), self._condition("c1", "p3", "e1")
        )
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            answer = client.execute("", method="post", data=bundle)
            self.assertEqual(answer["type"], "transaction-response")
            found = client.resources("Patient").search(name="李雷")
            self.assertEqual(found.count(), 7)
            self.assertEqual(len(found.limit(3).fetch()), 3)
            self.assertEqual(len(found.limit(3).fetch_all()), 7)
            patient = (
                client.resources("Patient")
                .search(identifier=f"{patients[3]['identifier'][0]['system']}|P3")
                .get()
            )
            self.assertEqual(patient["name"][0]["text"], "李雷")
            visit = (
                client.resources("Encounter")
                .search(patient=patient, date__ge="2026-03-01")
                .first()
            )
            self.assertEqual(visit["subject"].to_resource()["id"], patient["id"])
            condition = client.resources("Condition").search(patient=patient).first()
            self.assertEqual(condition["code"]["coding"][0]["code"], "I10")
            same = client.reference("Patient", patient["id"]).to_resource()
            self.assertEqual(same["birthDate"], "1971-03-09")

    def test_the_client_understands_what_it_is_told(self):
        self.env.flush_all()
        plain = self._make_key(self.user_plain)
        with self.allow_requests(all_requests=True):
            with self.assertRaises(AuthorizationError):
                self._client("nonsense").resources("Patient").fetch()
            with self.assertRaises(ForbiddenError):
                self._client(plain).resources("Patient").fetch()
            with self.assertRaises(ResourceNotFound):
                self._client().reference("Patient", "x-1").to_resource()
            with self.assertRaises(OperationOutcome) as caught:
                self._client().execute("", data={"resourceType": "Patient"})
        issue = json.loads(str(caught.exception))["issue"][0]
        self.assertEqual(issue["expression"], ["Bundle.resourceType"])
