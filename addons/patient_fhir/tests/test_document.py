from datetime import datetime

from odoo.tests import tagged

from .common import SOURCE, FhirHttpCase
from .report_common import LOINC, PDF, PNG, ReportCase


@tagged("post_install", "-at_install")
class TestDocument(ReportCase):
    """DocumentReference: each value in and out."""

    def test_values_arrive_and_go_out(self):
        sent = self._document(
            identifier=[{"system": "urn:doc", "value": "9"}],
            description="胸部CT平扫报告",
            author=[{"reference": "Practitioner/7", "display": "吴医生"}],
            custodian={"reference": "Organization/ct", "display": "影像科"},
            context={
                "encounter": [{"reference": "Encounter/e1"}],
                "period": {"start": "2026-03-09T08:50:00+08:00"},
                "related": [{"reference": "Observation/o1"}],
            },
        )
        taken = self._take_report(sent, self._observation())
        report = self._record(taken, 2)
        self.assertEqual(
            (report.name, report.category, report.code, report.code_system),
            ("胸部CT", "radiology", "18748-4", LOINC),
        )
        self.assertEqual(report.effective_at, datetime(2026, 3, 9, 0, 50))
        self.assertEqual(report.issued_at, datetime(2026, 3, 9, 2))
        self.assertEqual(report.encounter_id, self._record(taken, 1))
        self.assertEqual(report.performer, "吴医生; 影像科")
        self.assertEqual(report.measurement_ids, self._record(taken, 3))
        self.assertEqual(
            (report.fhir_kind, report.source_system, report.source_id),
            ("DocumentReference", SOURCE, "DocumentReference/d1"),
        )
        self.assertEqual((report.file_ids.name, report.file_count), ("报告.pdf", 1))
        data = self._render(report)
        for name in ("status", "docStatus", "description"):
            self.assertEqual(data[name], sent[name])
        self.assertEqual(data["type"]["text"], "胸部CT")
        self.assertEqual(data["date"], "2026-03-09T02:00:00+00:00")
        self.assertEqual(
            data["context"]["period"]["start"], "2026-03-09T00:50:00+00:00"
        )
        self.assertEqual(
            [(row["system"], row["value"]) for row in data["identifier"]],
            [(SOURCE, "d1"), ("urn:doc", "9")],
        )
        self.assertEqual(
            [(one["type"], one["display"]) for one in data["author"]],
            [("Organization", "影像科"), ("Practitioner", "吴医生")],
        )
        server = self.exchange._get_server("https://h/fhir/R4")
        [related] = data["context"]["related"]
        self.assertEqual(
            related["reference"],
            f"Observation/{server.id_of(report.measurement_ids.id)}",
        )
        attachment = data["content"][0]["attachment"]
        self.assertEqual(attachment["data"], sent["content"][0]["attachment"]["data"])

    def test_what_we_gave_out_comes_back_as_the_same_document(self):
        report = self._record(self._take_report(self._document()), 2)
        data = self._render(report, self.exchange._get_server())
        self.assertEqual(self._outcomes(self._take(data)), ["unchanged"])
        self.assertEqual(report.file_count, 1)

    def test_states_both_ways(self):
        for number, (status, state, kept) in enumerate(
            (
                ("current", None, "final"),
                ("current", "final", "final"),
                ("current", "preliminary", "preliminary"),
                ("current", "amended", "amended"),
                ("superseded", "final", "cancelled"),
            )
        ):
            with self.subTest(status=status, state=state):
                taken = self._take_report(
                    self._document(f"s{number}", status=status, docStatus=state)
                )
                report = self._record(taken, 2)
                self.assertEqual(report.status, kept)
                data = self._render(report)
                self.assertEqual(data["status"], status)
                if status == "current":
                    self.assertEqual(data["docStatus"], kept)
                self.assertIn(report, self._find("DocumentReference", status=status))

    def test_mistake_ends_the_document(self):
        report = self._record(self._take_report(self._document()), 2)
        for values in (
            {"status": "entered-in-error"},
            {"docStatus": "entered-in-error"},
        ):
            taken = self._take_report(self._document("d9", **values))
            self.assertEqual(self._outcomes(taken)[2], "ignored")
        self._take_report(self._document(status="entered-in-error"))
        self.assertEqual(report.status, "entered_in_error")
        self.assertEqual(self._render(report)["status"], "entered-in-error")
        self.assertEqual(
            self._find("DocumentReference", status="entered-in-error"), report
        )

    def test_report_and_document_of_one_id_are_two(self):
        taken = self._take_report(self._report("x"), self._document("x"))
        report, document = (self._record(taken, index) for index in (2, 3))
        self.assertNotEqual(report, document)
        taken = self._take_report(self._report("x"), self._document("x"))
        self.assertEqual(self._outcomes(taken)[2:], ["unchanged"] * 2)
        for kind, record in (
            ("DiagnosticReport", report),
            ("DocumentReference", document),
        ):
            self.assertEqual(self._find(kind, identifier=f"{SOURCE}|x"), record)

    def test_name_of_a_document_without_a_type(self):
        for number, title in enumerate(("报告.pdf", None)):
            content = [{"attachment": self._attachment(title=title)}]
            taken = self._take_report(
                self._document(f"n{number}", type=None, content=content)
            )
            report = self._record(taken, 2)
            self.assertEqual(report.name, title or "Other")
            self.assertEqual(report.file_ids.name, title or "Report.pdf")

    def test_documents_of_categories_and_types(self):
        category = [{"coding": [{"code": "LP29708-2"}]}]
        taken = self._take_report(self._document(category=category))
        self.assertEqual(self._record(taken, 2).category, "cardiology")
        letter = {"coding": [{"code": "57133-1"}], "text": "转诊单"}
        taken = self._take_report(self._document("d2", type=letter))
        self.assertEqual(self._record(taken, 2).category, "other")
        self.assertFalse(self._warnings(taken))

    def test_day_of_a_document_is_its_date_or_that_of_the_file(self):
        taken = self._take_report(self._document())
        report = self._record(taken, 2)
        self.assertEqual(report.effective_at, datetime(2026, 3, 9, 2))
        file = self._attachment(PNG, "图.png", creation="2026-02-01T00:00:00Z")
        taken = self._take_report(
            self._document("d2", date=None, content=[{"attachment": file}])
        )
        report = self._record(taken, 2)
        self.assertEqual(report.effective_at, datetime(2026, 2, 1))
        self.assertFalse(report.issued_at)
        self.assertEqual(self._find("DocumentReference", date="2026-02-01"), report)
        taken = self._take_report(self._document("d3", date=None))
        self.assertEqual(
            self._first_issue(taken, 2),
            (422, "required", "Bundle.entry[2].resource.date"),
        )

    def test_document_at_an_address_is_kept_without_its_file(self):
        content = [{"attachment": {"url": "https://x/1.pdf"}}]
        taken = self._take_report(self._document(content=content))
        self.assertEqual(
            self._warnings(taken), [("not-supported", "content[0].attachment.url")]
        )
        data = self._render(self._record(taken, 2))
        self.assertEqual(data["content"], [{"attachment": {"title": "胸部CT"}}])

    def test_what_else_is_related_is_told(self):
        context = {
            "encounter": [
                {"reference": "Encounter/e1"},
                {"reference": "Encounter/e2"},
            ],
            "related": [{"reference": "ServiceRequest/1"}],
        }
        taken = self._take_report(self._document(context=context))
        self.assertEqual(
            self._warnings(taken),
            [
                ("not-supported", "context.encounter[1]"),
                ("not-supported", "context.related[0]"),
            ],
        )

    def test_refused_file_names_itself(self):
        before = self._count()
        content = [{"attachment": self._attachment(b"MZ\x90\x00", "安装.pdf")}]
        taken = self._take_report(self._document(content=content))
        self.assertEqual(
            self._first_issue(taken, 2),
            (
                422,
                "business-rule",
                "Bundle.entry[2].resource.content[0].attachment.data",
            ),
        )
        self.assertIn("安装.pdf", taken.entries[2].problem.issues[0].text)
        self.assertEqual(self._count(), before)

    def test_broken_documents_name_the_place(self):
        for values, expected in (
            ({"status": "x"}, (422, "code-invalid", "status")),
            ({"docStatus": "x"}, (422, "code-invalid", "docStatus")),
            ({"content": None}, (400, "structure", "content")),
            ({"subject": None}, (422, "required", "subject")),
            (
                {"context": {"period": {"start": "2026-03-10"}}},
                (422, "business-rule", "date"),
            ),
        ):
            with self.subTest(values=values):
                taken = self._take(self._patient(), self._document(**values))
                status, code, path = self._first_issue(taken, 1)
                path = path.removeprefix("Bundle.entry[1].resource.")
                self.assertEqual((status, code, path), expected)

    def test_search(self):
        taken = self._take_report(
            self._document(context={"encounter": [{"reference": "Encounter/e1"}]}),
            self._document(
                "d2",
                type={"coding": [{"code": "11524-6"}]},
                date="2026-04-01T00:00:00Z",
            ),
            self._report(),
        )
        first, second = (self._record(taken, index) for index in (2, 3))
        server = self.exchange._get_server("https://h/fhir/R4")
        patient = server.id_of(first.patient_id.id)
        for params, expected in (
            ({"patient": patient}, first + second),
            ({"patient": patient, "type": "11524-6"}, second),
            ({"patient": patient, "category": "cardiology"}, second),
            ({"patient": patient, "date": "le2026-03-10"}, first),
            ({"encounter": server.id_of(first.encounter_id.id)}, first),
            ({"patient": patient, "status": "current"}, first + second),
            ({"identifier": "d2"}, second),
        ):
            with self.subTest(params=params):
                found = self._find("DocumentReference", **params)
                self.assertEqual(found.sorted("id"), expected)


@tagged("post_install", "-at_install")
class TestReportAccess(ReportCase):
    """Reports are given out as values are, and to nobody else."""

    def _make_sensitive(self):
        taken = self._take_report(
            self._report(
                result=[{"reference": "Observation/o1"}],
                presentedForm=[self._attachment()],
            ),
            self._observation(),
        )
        report, value = self._record(taken, 2), self._record(taken, 3)
        value.indicator_id.is_sensitive = True
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(report.is_sensitive)
        return report, value

    def test_sensitive_ones_are_given_out_as_values_are(self):
        report, value = self._make_sensitive()
        for record in (report, value):
            self.assertTrue(record.with_user(self.user_fhir).has_access("read"))
        self.assertEqual(len(self._render(report)["result"]), 1)
        # an account that lost the right to sensitive values
        group = self.env.ref("patient_fhir.patient_fhir_group_integration")
        group.implied_ids -= self.env.ref(
            "patient_health.patient_health_group_sensitive"
        )
        self.env.flush_all()
        self.env.invalidate_all()
        for kind, record in (("DiagnosticReport", report), ("Observation", value)):
            resource = self.exchange._get_resource(kind)
            server = self.exchange._get_server("https://h/fhir/R4")
            self.assertIsNone(resource._fhir_read(record.id, server))
            self.assertFalse(resource._search_records([]) & record)
        self.assertFalse(report.file_ids.with_user(self.user_fhir).has_access("read"))

    def test_the_account_adds_files_and_exchanges_none(self):
        report = self._record(self._take_report(presentedForm=[self._attachment()]), 2)
        as_account = report.with_user(self.user_fhir)
        self.assertTrue(as_account.has_access("write"))
        self.assertFalse(as_account.has_access("unlink"))
        for right in ("write", "unlink"):
            self.assertFalse(as_account.file_ids.has_access(right))
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            report.file_ids.sha256 = "x"
        self.assertIn("stays as it came", str(caught.exception))

    def test_reports_of_another_hospital_are_not_found(self):
        theirs = self.env["patient.examination"].create(
            {
                "patient_id": self.env["patient.patient"]
                .create({"name": "Zz", "company_id": self._make_company().id})
                .id,
                "name": "Zzcanary",
                "source_system": SOURCE,
                "source_id": "r1",
            }
        )
        taken = self._take_report()
        self.assertEqual(self._outcomes(taken)[2], "created")
        self.assertNotEqual(self._record(taken, 2), theirs)
        self.assertNotIn(theirs, self._find("DiagnosticReport"))

    def test_people_without_health_see_no_report(self):
        report = self._record(self._take_report(), 2)
        for user in (self.user_plain, self.user_staff, self.user_manager):
            self.assertFalse(report.with_user(user).has_access("read"))


@tagged("post_install", "-at_install")
class TestReportHttp(ReportCase, FhirHttpCase):
    """Reports over HTTP."""

    def test_read_search_and_pages(self):
        reports = [
            self._report(f"r{number}", presentedForm=[self._attachment()])
            for number in range(3)
        ]
        answer = self._post(self._bundle(self._patient(), *reports, self._document()))
        entries = answer.json()["entry"]
        self.assertEqual(
            [entry["response"]["status"] for entry in entries], ["201 Created"] * 5
        )
        location = entries[1]["response"]["location"].partition("/_history")[0]
        data = self._get(f"/{location}").json()
        self.assertEqual(data["presentedForm"][0]["size"], len(PDF))
        patient = entries[0]["response"]["location"].split("/")[1]
        page = self._get(f"/DiagnosticReport?patient={patient}&_count=2").json()
        self.assertEqual((page["total"], len(page["entry"])), (3, 2))
        link = next(one for one in page["link"] if one["relation"] == "next")
        path = "/DiagnosticReport?" + link["url"].partition("?")[2]
        self.assertEqual(len(self._get(path).json()["entry"]), 1)
        page = self._get(f"/DocumentReference?patient={patient}&type=18748-4").json()
        self.assertEqual(page["total"], 1)

    def test_refused_file_is_named_in_the_outcome(self):
        form = self._attachment(b"MZ\x90\x00", "安装程序.pdf")
        response = self._post(
            self._bundle(self._patient(), self._report(presentedForm=[form]))
        )
        path = "Bundle.entry[1].resource.presentedForm[0].data"
        self.assertOutcome(response, 422, "business-rule", path)
        self.assertIn("安装程序.pdf", response.json()["issue"][0]["diagnostics"])

    def test_what_is_not_taken_is_listed(self):
        form = {"url": "https://x/1.pdf"}
        response = self._post(
            self._bundle(self._patient(), self._report(presentedForm=[form]))
        )
        [issue] = response.json()["entry"][1]["response"]["outcome"]["issue"]
        self.assertEqual(
            (issue["severity"], issue["code"]), ("warning", "not-supported")
        )

    def test_metadata_lists_both(self):
        kinds = {
            row["type"]: {one["name"] for one in row["searchParam"]}
            for row in self._get("/metadata").json()["rest"][0]["resource"]
        }
        for kind in ("DiagnosticReport", "DocumentReference"):
            self.assertEqual(
                kinds[kind], set(self.exchange._get_resource(kind)._fhir_search)
            )
