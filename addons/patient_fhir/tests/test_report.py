import base64
import hashlib
from datetime import datetime

from odoo.fields import Domain
from odoo.tests import tagged

from odoo.addons.patient_relations.tools import uploads

from ..tools.report_codes import OWN_CATEGORIES
from .common import SOURCE
from .report_common import LOINC, PDF, PNG, SECTIONS, ReportCase


@tagged("post_install", "-at_install")
class TestReport(ReportCase):
    """DiagnosticReport: each value in and out."""

    # values

    def test_values_arrive(self):
        taken = self._take_report(
            encounter={"reference": "Encounter/e1"}, conclusion="白细胞正常。"
        )
        report = self._record(taken, 2)
        self.assertEqual(
            (report.name, report.category, report.code, report.code_system),
            ("血常规", "laboratory", "58410-2", LOINC),
        )
        self.assertEqual(report.patient_id, self._record(taken))
        self.assertEqual(report.encounter_id, self._record(taken, 1))
        self.assertEqual(report.effective_at, datetime(2026, 3, 9, 0, 40))
        self.assertEqual(report.issued_at, datetime(2026, 3, 9, 1, 10))
        self.assertEqual((report.conclusion, report.status), ("白细胞正常。", "final"))
        self.assertEqual((report.source_system, report.source_id), (SOURCE, "r1"))

    def test_values_go_out_as_they_came(self):
        sent = self._report(
            identifier=[
                {
                    "type": {"coding": [{"code": "ACSN"}]},
                    "system": f"{SOURCE}/accession",
                    "value": "A-77",
                }
            ],
            encounter={"reference": "Encounter/e1"},
            conclusion="未见异常",
            result=[{"reference": "Observation/o1"}],
            presentedForm=[self._attachment()],
        )
        taken = self._take_report(sent, self._observation())
        report = self._record(taken, 2)
        data = self._render(report)
        for name in ("status", "conclusion"):
            self.assertEqual(data[name], sent[name])
        self.assertEqual(data["code"]["text"], "血常规")
        self.assertEqual(data["code"]["coding"], sent["code"]["coding"])
        self.assertEqual(data["effectiveDateTime"], "2026-03-09T00:40:00+00:00")
        self.assertEqual(data["issued"], "2026-03-09T01:10:00+00:00")
        codes = [one["code"] for one in data["category"][0]["coding"]]
        self.assertEqual(codes, ["LAB", "laboratory"])
        self.assertEqual(
            [(row["system"], row["value"]) for row in data["identifier"]],
            [(SOURCE, "r1"), (f"{SOURCE}/accession", "A-77")],
        )
        server = self.exchange._get_server("https://h/fhir/R4")
        for key, kind, record in (
            ("subject", "Patient", report.patient_id),
            ("encounter", "Encounter", report.encounter_id),
        ):
            self.assertEqual(
                data[key]["reference"], f"{kind}/{server.id_of(record.id)}"
            )
        value = self._record(taken, 3)
        self.assertEqual(
            data["result"], [{"reference": f"Observation/{server.id_of(value.id)}"}]
        )
        [file] = data["presentedForm"]
        self.assertEqual(base64.b64decode(file["data"]), PDF)
        self.assertEqual(base64.b64decode(file["hash"]), hashlib.sha1(PDF).digest())
        self.assertEqual(
            (file["title"], file["contentType"], file["size"]),
            ("报告.pdf", "application/pdf", len(PDF)),
        )

    def test_what_we_gave_out_comes_back_as_the_same_report(self):
        report = self._record(
            self._take_report(conclusion="x", presentedForm=[self._attachment()]), 2
        )
        server = self.exchange._get_server()
        data = self._render(report, server)
        self.assertEqual(self._outcomes(self._take(data)), ["unchanged"])
        data["conclusion"] = "y"
        taken = self._take(data)
        self.assertEqual(self._record(taken), report)
        self.assertEqual((report.conclusion, report.file_count), ("y", 1))

    def test_states_both_ways(self):
        for number, (sent, kept) in enumerate(
            (
                ("registered", "registered"),
                ("partial", "partial"),
                ("preliminary", "preliminary"),
                ("final", "final"),
                ("amended", "amended"),
                ("corrected", "corrected"),
                ("appended", "amended"),
                ("cancelled", "cancelled"),
                ("unknown", "preliminary"),
            )
        ):
            with self.subTest(sent=sent):
                taken = self._take_report(source_id=f"s{number}", status=sent)
                report = self._record(taken, 2)
                self.assertEqual(report.status, kept)
                self.assertEqual(self._render(report)["status"], sent)
                found = self._find("DiagnosticReport", status=sent)
                self.assertEqual(found, report)
                report.status = "entered_in_error"
                self.assertEqual(self._render(report)["status"], "entered-in-error")

    def test_categories_both_ways(self):
        for number, (code, kept, out) in enumerate(
            (
                ("HM", "laboratory", "LAB"),
                ("CT", "radiology", "RAD"),
                ("CUS", "ultrasound", "RUS"),
                ("EC", "cardiology", "EC"),
                ("SP", "pathology", "SP"),
                ("PF", "function", "PF"),
                ("LP29684-5", "radiology", "RAD"),
                ("OTH", "other", "OTH"),
            )
        ):
            with self.subTest(code=code):
                category = [{"coding": [{"system": SECTIONS, "code": code}]}]
                taken = self._take_report(source_id=f"c{number}", category=category)
                report = self._record(taken, 2)
                self.assertEqual(report.category, kept)
                coding = self._render(report)["category"][0]["coding"]
                self.assertEqual(coding[0]["code"], out)
        taken = self._take_report(
            source_id="own",
            category=[{"coding": [{"system": OWN_CATEGORIES, "code": "endoscopy"}]}],
        )
        self.assertEqual(self._record(taken, 2).category, "endoscopy")
        taken = self._take_report(source_id="no", category=[{"text": "?"}])
        self.assertEqual(self._record(taken, 2).category, "other")
        self.assertEqual(self._warnings(taken), [("code-invalid", "category")])

    def test_times_of_a_period_and_of_the_issue(self):
        period = {"start": "2026-03-08", "end": "2026-03-09"}
        taken = self._take_report(effectiveDateTime=None, effectivePeriod=period)
        self.assertEqual(self._record(taken, 2).effective_at, datetime(2026, 3, 7, 16))
        taken = self._take_report(source_id="r2", effectiveDateTime=None)
        self.assertEqual(
            self._record(taken, 2).effective_at, datetime(2026, 3, 9, 1, 10)
        )

    def test_codes_of_the_conclusion_are_words_where_there_are_no_others(self):
        codes = [{"text": "肺结节"}, {"coding": [{"display": "Emphysema"}]}]
        taken = self._take_report(conclusionCode=codes)
        self.assertEqual(self._record(taken, 2).conclusion, "肺结节; Emphysema")

    # who made it

    def test_performers_are_mapped_and_their_names_stay(self):
        performers = [
            {"reference": "Organization/lab", "display": "检验科"},
            {"reference": "Practitioner/7", "display": "周医生"},
            {"display": "夜班"},
        ]
        taken = self._take_report(performer=performers)
        report = self._record(taken, 2)
        self.assertEqual(report.performer, "检验科; 周医生; 夜班")
        self.assertFalse(report.department_id)
        row, doctor = report.fhir_department_id, report.fhir_practitioner_id
        self.assertEqual((row.name, row.is_mapped), ("检验科", False))
        self.assertEqual(self._warnings(taken), [("incomplete", "performer[2]")])
        self.assertEqual(
            self._render(report)["performer"],
            [
                {"type": "Organization", "display": "检验科"},
                {"type": "Practitioner", "display": "周医生"},
                {"display": "夜班"},
            ],
        )
        row.department_id = self.surgery
        doctor.practitioner_id = self.employee_doctor
        self.assertEqual(report.department_id, self.surgery)
        self.assertEqual(report.practitioner_id, self.employee_doctor)
        self.assertEqual(
            [one["display"] for one in self._render(report)["performer"]],
            ["外科", "李明医生", "夜班"],
        )
        again = self._take_report(source_id="r2", performer=performers)
        self.assertEqual(self._record(again, 2).department_id, self.surgery)

    def test_performer_of_the_bundle_and_a_contained_one(self):
        organization = {"resourceType": "Organization", "id": "x", "name": "影像科"}
        doctor = {
            "resourceType": "Practitioner",
            "id": "d",
            "name": [{"family": "吴", "given": ["敏"]}],
        }
        taken = self._take_report(
            self._report(
                contained=[doctor],
                performer=[{"reference": "Organization/x"}],
                resultsInterpreter=[{"reference": "#d"}],
            ),
            organization,
        )
        report = self._record(taken, 2)
        self.assertEqual(report.performer, "影像科; 吴敏")
        self.assertEqual(report.fhir_practitioner_id.name, "吴敏")

    def test_report_follows_when_the_department_of_its_visit_is_mapped(self):
        taken = self._take_report(encounter={"reference": "Encounter/e1"})
        visit, report = self._record(taken, 1), self._record(taken, 2)
        self.assertFalse(report.department_id)
        for department in (self.cardiology, self.surgery):
            visit.fhir_department_id.department_id = department
            self.assertEqual(report.department_id, department)
        report.department_id = self.emergency  # by hand
        visit.fhir_department_id.department_id = self.cardiology
        self.assertEqual(report.department_id, self.emergency)

    def test_department_of_the_visit_is_not_the_performer(self):
        visit = self._record(self._take(self._patient(), self._encounter()), 1)
        visit.department_id = self.cardiology
        taken = self._take_report(encounter={"reference": "Encounter/e1"})
        report = self._record(taken, 2)
        self.assertEqual(report.department_id, self.cardiology)
        self.assertNotIn("performer", self._render(report))

    # values that it carries

    def test_values_of_the_bundle_come_after_the_report_too(self):
        results = [{"reference": f"Observation/o{number}"} for number in (1, 2)]
        pressure = self._observation(
            "o2",
            code="55284-4",
            valueQuantity=None,
            component=[
                {
                    "code": {"coding": [{"system": LOINC, "code": code}]},
                    "valueQuantity": {"value": value, "code": "mm[Hg]"},
                }
                for code, value in (("8480-6", 128), ("8462-4", 80))
            ],
        )
        taken = self._take(
            self._report(result=results),
            self._observation(),
            pressure,
            self._patient(),
        )
        report = self._record(taken)
        self.assertEqual(
            sorted(report.measurement_ids.mapped("indicator_id.code")),
            ["diastolic", "glucose_fasting", "systolic"],
        )
        self.assertEqual(len(self._render(report)["result"]), 2)

    def test_values_that_came_before_join_by_any_reference(self):
        value = self._record(self._take(self._patient(), self._observation()), 1)
        server = self.exchange._get_server()
        for number, reference in enumerate(
            (
                {"reference": f"Observation/{server.id_of(value.id)}"},
                {"reference": "Observation/o1"},
                {"identifier": {"system": SOURCE, "value": "o1"}},
            )
        ):
            with self.subTest(reference=reference):
                value.examination_id = False
                taken = self._take_report(source_id=f"r{number}", result=[reference])
                self.assertEqual(self._record(taken, 2).measurement_ids, value)
                self.assertFalse(self._warnings(taken))

    def test_dangling_value_is_told_and_joins_when_it_comes(self):
        sent = self._report(result=[{"reference": "Observation/o1"}])
        taken = self._take_report(sent)
        report = self._record(taken, 2)
        self.assertEqual(self._warnings(taken), [("not-found", "result[0].reference")])
        report.conclusion = "人工补充"
        taken = self._take_report(sent, self._observation())
        self.assertEqual(self._outcomes(taken)[2:], ["updated", "created"])
        self.assertEqual(report.measurement_ids, self._record(taken, 3))
        self.assertEqual(report.conclusion, "人工补充")

    def test_report_has_a_new_version_when_values_or_files_join(self):
        resource = self.exchange._get_resource("DiagnosticReport")
        sent = self._report(result=[{"reference": "Observation/o1"}])
        report = self._record(self._take_report(sent), 2)
        versions = []
        for resources in ([], [self._observation()]):
            self.env.cr.execute(
                "UPDATE patient_examination SET write_date = '2026-01-01'"
            )
            report.invalidate_recordset(["write_date"])
            self._take_report(sent, *resources)
            versions.append(resource._get_moments(report.ids)[report.id])
        self.assertEqual(versions[0], datetime(2026, 1, 1))
        self.assertGreater(versions[1], versions[0])
        self.env.cr.execute(
            "UPDATE patient_examination SET write_date = '2026-01-01';"
            "UPDATE patient_measurement SET write_date = '2026-01-01'"
        )
        self.assertEqual(resource._get_moments(report.ids)[report.id], versions[0])
        report._add_file("图.png", PNG)
        self.assertGreater(resource._get_moments(report.ids)[report.id], versions[0])

    def test_value_without_an_entry_of_its_own_is_told(self):
        taken = self._take_report(
            contained=[self._observation("in")],
            result=[{"reference": "#in"}, {"display": "WBC"}],
        )
        self.assertEqual(
            self._warnings(taken),
            [("not-supported", "result[0]"), ("not-found", "result[1]")],
        )

    def test_value_of_somebody_else_rejects_the_report(self):
        taken = self._take(
            self._patient(),
            self._patient("p2"),
            self._observation(patient="p2"),
            self._report(result=[{"reference": "Observation/o1"}]),
        )
        self.assertEqual(
            self._first_issue(taken, 3),
            (422, "business-rule", "Bundle.entry[3].resource.result[0].reference"),
        )

    def test_value_stays_in_the_first_of_two_reports(self):
        result = [{"reference": "Observation/o1"}]
        reports = [self._report(name, result=result) for name in ("r1", "r2")]
        for _turn in range(2):
            taken = self._take_report(self._observation(), *reports)
            self.assertEqual(len(self._record(taken, 3).measurement_ids), 1)
            self.assertFalse(self._record(taken, 4).measurement_ids)
            self.assertEqual(self._warnings(taken, 4), [("business-rule", "")])
        self.assertEqual(self._outcomes(taken)[3:], ["unchanged"] * 2)

    def test_value_that_the_source_takes_out_leaves_the_report(self):
        result = [{"reference": f"Observation/o{number}"} for number in (1, 2)]
        pulse = self._observation("o2", code="8867-4", valueQuantity={"value": 70})
        taken = self._take_report(
            self._report(result=result), self._observation(), pulse
        )
        report = self._record(taken, 2)
        self.assertEqual(len(report.measurement_ids), 2)
        self._take_report(status="corrected", result=result[:1])
        self.assertEqual(report.measurement_ids, self._record(taken, 3))

    def test_report_that_carries_a_sensitive_value_is_sensitive(self):
        indicator = self.env["patient.indicator"].search(
            [("loinc_code", "=", "1558-6")]
        )
        indicator.is_sensitive = True
        result = [{"reference": "Observation/o1"}]
        taken = self._take_report(self._report(result=result), self._observation())
        self.assertTrue(self._record(taken, 2).is_sensitive)

    # what comes again

    def _get_row_versions(self):
        """Return table → (id, xmin, ctid): a row that is written gets others."""
        self.env.flush_all()
        found = {}
        for table in (
            "patient_examination",
            "patient_examination_file",
            "patient_measurement",
            "ir_attachment",
        ):
            self.env.cr.execute(f"SELECT id, xmin::text, ctid::text FROM {table}")  # pylint: disable=sql-injection
            found[table] = self.env.cr.fetchall()
        return found

    def test_the_same_bundle_twice_changes_nothing(self):
        resources = (
            self._report(
                result=[{"reference": "Observation/o1"}],
                presentedForm=[self._attachment(), self._attachment(PNG, "图.png")],
                performer=[{"reference": "Organization/lab", "display": "检验科"}],
                identifier=[{"system": "s", "value": "1"}],
            ),
            self._observation(),
            self._document(),
        )
        self.assertEqual(
            self._outcomes(self._take_report(*resources))[2:], ["created"] * 3
        )
        before = self._get_row_versions()
        taken = self._take_report(*resources)
        self.assertEqual(self._outcomes(taken), ["unchanged"] * 5)
        self.assertEqual(self._get_row_versions(), before)

    def test_conditional_update_finds_the_report_by_any_identifier(self):
        accession = {"system": "urn:acc", "value": "A-77"}
        report = self._record(self._take_report(identifier=[accession]), 2)
        bundle = self._bundle(
            self._report("other", status="corrected", conclusion="更正")
        )
        url = "DiagnosticReport?identifier=urn:acc|A-77"
        bundle["entry"][0]["request"] = {"method": "PUT", "url": url}
        taken = self._take_bundle(bundle)
        self.assertEqual(self._outcomes(taken), ["updated"])
        self.assertEqual(self._record(taken), report)
        self.assertEqual((report.status, report.conclusion), ("corrected", "更正"))
        self.assertEqual(self._outcomes(self._take_bundle(bundle)), ["unchanged"])
        self.assertEqual(
            self._find("DiagnosticReport", identifier="urn:acc|A-77"), report
        )
        self.assertEqual(self._find("DiagnosticReport", identifier="r1"), report)
        self.assertFalse(self._find("DiagnosticReport", identifier="urn:x|A-77"))

    def test_changed_conclusion_keeps_the_former_one(self):
        report = self._record(self._take_report(conclusion="正常"), 2)
        taken = self._take_report(conclusion="偏低")
        self.assertEqual(self._outcomes(taken)[2], "updated")
        self.assertEqual((report.status, report.conclusion), ("amended", "偏低"))
        self.assertIn("正常", report.history)
        self.assertEqual(self._render(report)["status"], "amended")
        self._take_report(conclusion="偏低", issued="2026-03-09T10:00:00+08:00")
        self.assertEqual(report.status, "amended")

    def test_what_a_person_has_amended_stays_when_the_same_comes_again(self):
        report = self._record(self._take_report(conclusion="正常"), 2)
        report.conclusion = "偏低"
        self.assertEqual(
            self._outcomes(self._take_report(conclusion="正常"))[2], "unchanged"
        )
        self.assertEqual(report.conclusion, "偏低")

    def test_mistake_of_the_source_ends_the_report_and_an_unknown_one_is_ignored(self):
        report = self._record(self._take_report(conclusion="正常"), 2)
        void = self._report(
            status="entered-in-error", conclusion=None, effectiveDateTime=None
        )
        self.assertEqual(self._outcomes(self._take_report(void))[2], "updated")
        self.assertEqual(
            (report.status, report.conclusion), ("entered_in_error", "正常")
        )
        self.assertEqual(self._outcomes(self._take_report(void))[2], "unchanged")
        self.assertEqual(self._outcomes(self._take_report())[2], "unchanged")
        void["id"] = "r2"
        self.assertEqual(self._outcomes(self._take_report(void))[2], "ignored")

    # files

    def test_a_better_file_joins_and_the_former_one_stays(self):
        report = self._record(self._take_report(presentedForm=[self._attachment()]), 2)
        file = report.file_ids
        self.assertEqual(file.sha256, hashlib.sha256(PDF).hexdigest())
        forms = [self._attachment(title="改名.pdf"), self._attachment(PNG, "图.png")]
        taken = self._take_report(presentedForm=forms)
        self.assertEqual(self._outcomes(taken)[2], "updated")
        self.assertEqual(report.file_ids[0], file)
        self.assertEqual(report.file_ids.mapped("name"), ["报告.pdf", "图.png"])
        self.assertEqual(report.file_ids[1].mimetype, "image/png")

    def test_the_same_file_twice_in_a_report_is_kept_once(self):
        taken = self._take_report(presentedForm=[self._attachment()] * 2)
        self.assertEqual(self._record(taken, 2).file_count, 1)

    def test_address_of_a_file_is_not_asked(self):
        form = {"url": "https://pacs.example.org/1.pdf", "title": "x"}
        taken = self._take_report(presentedForm=[form])
        self.assertEqual(self._outcomes(taken)[2], "created")
        self.assertEqual(
            self._warnings(taken), [("not-supported", "presentedForm[0].url")]
        )
        self.assertFalse(self._record(taken, 2).file_ids)

    def test_refused_files_leave_nothing_of_a_transaction(self):
        exe = b"MZ\x90\x00" + bytes(60)
        place = "Bundle.entry[2].resource.presentedForm[0]"
        for content, values, expected in (
            (exe, {}, (422, "business-rule", f"{place}.data")),
            (b"", {}, (422, "business-rule", f"{place}.data")),
            (
                PDF + bytes(uploads.MAX_BYTES),
                {},
                (422, "business-rule", f"{place}.data"),
            ),
            (PDF, {"hash": "AAAA"}, (422, "value", f"{place}.hash")),
            (PDF, {"data": "****"}, (400, "structure", f"{place}.data")),
        ):
            with self.subTest(content=content[:4], values=values):
                before = self._count()
                form = self._attachment(content, "检查.pdf", **values)
                taken = self._take_report(
                    self._report(presentedForm=[form]), self._observation()
                )
                self.assertEqual(self._first_issue(taken, 2), expected)
                self.assertEqual(self._outcomes(taken), ["rejected"] * 4)
                self.assertEqual(self._count(), before)
                outcome = self.exchange._outcome(taken.refusal().issues)
                if content != PDF:
                    self.assertIn("检查.pdf", outcome["issue"][0]["diagnostics"])

    def test_refused_file_does_not_stop_the_others_of_a_batch(self):
        form = self._attachment(b"MZ\x90\x00", "病毒.pdf")
        taken = self._take_report(
            self._report(presentedForm=[form]), self._report("r2"), kind="batch"
        )
        self.assertEqual(self._outcomes(taken)[2:], ["rejected", "created"])

    def test_pages_of_a_search_tell_of_files_without_them(self):
        report = self._record(self._take_report(presentedForm=[self._attachment()]), 2)
        server = self.exchange._get_server("https://h/fhir/R4")
        resource = self.exchange._get_resource("DiagnosticReport")
        [data], more = resource._fhir_page(Domain("id", "=", report.id), 1, 0, server)
        self.assertFalse(more)
        [file] = data["presentedForm"]
        self.assertEqual((file["size"], file["title"]), (len(PDF), "报告.pdf"))
        self.assertNotIn("data", file)
        self.assertEqual(data["meta"]["tag"][0]["code"], "SUBSETTED")
        self.assertNotIn("tag", self._render(report)["meta"])

    # refusals

    def test_broken_reports_name_the_place(self):
        for values, status, code, path in (
            ({"status": "x"}, 422, "code-invalid", "status"),
            ({"status": None}, 400, "structure", "status"),
            ({"code": None}, 400, "structure", "code"),
            (
                {"effectiveDateTime": None, "issued": None},
                422,
                "required",
                "effectiveDateTime",
            ),
            ({"issued": "2026-03-09T00:30:00Z"}, 422, "business-rule", "issued"),
            (
                {"subject": {"reference": "Patient/none"}},
                422,
                "not-found",
                "subject.reference",
            ),
            ({"subject": None}, 422, "required", "subject"),
            (
                {"encounter": {"reference": "Encounter/none"}},
                422,
                "not-found",
                "encounter.reference",
            ),
            (
                {"presentedForm": [{"data": 7}]},
                400,
                "structure",
                "presentedForm[0].data",
            ),
        ):
            with self.subTest(values=values):
                taken = self._take(self._patient(), self._report(**values))
                place = f"Bundle.entry[1].resource.{path}"
                self.assertEqual(self._first_issue(taken, 1), (status, code, place))

    def test_visit_of_another_patient_is_refused(self):
        taken = self._take(
            self._patient(),
            self._patient("p2"),
            self._encounter(patient="p2"),
            self._report(encounter={"reference": "Encounter/e1"}),
        )
        self.assertEqual(
            self._first_issue(taken, 3),
            (422, "business-rule", "Bundle.entry[3].resource.encounter.reference"),
        )

    def test_report_does_not_move_to_another_patient(self):
        self._take_report()
        taken = self._take(self._patient("p2"), self._report(patient="p2"))
        self.assertEqual(self._first_issue(taken, 1)[:2], (422, "business-rule"))

    # search

    def test_search(self):
        taken = self._take_report(
            self._report(encounter={"reference": "Encounter/e1"}),
            self._report(
                "r2",
                category=[{"coding": [{"code": "RAD"}]}],
                code={"coding": [{"system": LOINC, "code": "24627-2"}]},
                effectiveDateTime="2026-04-01",
                issued="2026-04-02T00:00:00Z",
            ),
            self._document(),
        )
        first, second = (self._record(taken, index) for index in (2, 3))
        server = self.exchange._get_server("https://h/fhir/R4")
        patient = server.id_of(first.patient_id.id)
        for params, expected in (
            ({"patient": patient}, first + second),
            ({"subject": f"Patient/{patient}"}, first + second),
            ({"patient": patient, "code": "24627-2"}, second),
            ({"code": f"{LOINC}|58410-2"}, first),
            ({"code": "urn:x|58410-2"}, first.browse()),
            ({"patient": patient, "category": "LAB"}, first),
            ({"patient": patient, "category": "radiology"}, second),
            ({"patient": patient, "category": "XX"}, first.browse()),
            ({"patient": patient, "date": "ge2026-04-01"}, second),
            ({"patient": patient, "issued": "2026-03-09"}, first),
            ({"encounter": server.id_of(first.encounter_id.id)}, first),
            ({"patient": patient, "status": "final"}, first + second),
            ({"patient": patient, "status": "nonsense"}, first.browse()),
            ({"_id": server.id_of(second.id)}, second),
        ):
            with self.subTest(params=params):
                found = self._find("DiagnosticReport", **params)
                self.assertEqual(found.sorted("id"), expected)

    def test_report_entered_here_goes_out(self):
        report = self.env["patient.examination"].create(
            {
                "patient_id": self.patient.id,
                "category": "checkup",
                "name": "体检报告",
                "performer": "健康管理中心",
                "encounter_id": self.encounter.id,
            }
        )
        data = self._render(report)
        self.assertEqual(data["code"], {"text": "体检报告"})
        self.assertEqual(data["performer"], [{"display": "健康管理中心"}])
        codes = [one["code"] for one in data["category"][0]["coding"]]
        self.assertEqual(codes, ["OTH", "checkup"])
        self.assertEqual(self._find("DiagnosticReport", category="OTH"), report)


@tagged("post_install", "-at_install")
class TestReportScale(ReportCase):
    def _make(self, count, mark):
        reports = []
        for number in range(count):
            name = f"{mark}{number}"
            reports += [
                self._observation(name),
                self._report(
                    name,
                    result=[{"reference": f"Observation/{name}"}],
                    performer=[{"reference": "Organization/lab", "display": "检验科"}],
                ),
            ]
        return reports

    def _cost(self, resources):
        before = self.env.cr.sql_log_count
        taken = self._take(self._patient(), *resources)
        self.assertIsNone(taken.refusal())
        return self.env.cr.sql_log_count - before

    def test_a_hundred_cost_as_many_queries_as_one(self):
        for mark in ("w", "x", "w"):
            self._cost(self._make(2, mark))
        one, many = self._make(1, "a"), self._make(100, "b")
        self.assertEqual(self._cost(many), self._cost(one))
        self.assertEqual(self._cost(many), self._cost(one))

    def test_pages_cost_as_many_queries_for_many_as_for_one(self):
        self._take(self._patient(), *self._make(50, "p"))
        resource = self.exchange._get_resource("DiagnosticReport")
        server = self.exchange._get_server("https://h/fhir/R4")
        costs = []
        for count in (1, 1, 50):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            resource._fhir_page(Domain.TRUE, count, 0, server)
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[1], costs[2])
