import csv
import io
from datetime import date, datetime

from openpyxl import Workbook

from odoo.tests import HttpCase, tagged, users
from odoo.tools.misc import file_open

from ..common import PatientRelationsCase

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {
    "quoting": '"',
    "separator": ",",
    "encoding": "",
    "has_headers": True,
    "date_format": "%Y-%m-%d",
    "datetime_format": "%Y-%m-%d %H:%M:%S",
}


class ImportCase(PatientRelationsCase):
    def _prepare(self, model, file, file_type="text/csv", user=None):
        return (
            self.env["base_import.import"]
            .with_user(user or self.user_officer)
            .with_context(tz="Asia/Shanghai")
            .create({"res_model": model, "file": file, "file_type": file_type})
        )

    def _import(self, model, file, file_type="text/csv", fields=None, dryrun=False):
        """Import a file as the screen does, with the columns that it recognises.

        :return: (result of the import, names of the recognised columns)
        """
        wizard = self._prepare(model, file, file_type)
        preview = wizard.parse_preview(dict(OPTIONS))
        self.assertNotIn("error", preview)
        matches = preview["matches"]
        headers = preview["headers"]
        names = fields or [
            "/".join(matches[index]) if index in matches else False
            for index in range(len(headers))
        ]
        result = wizard.execute_import(
            names, headers, preview["options"], dryrun=dryrun
        )
        return result, names

    def _write_csv(self, rows, encoding="utf-8"):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        return text.getvalue().encode(encoding)

    def _write_xlsx(self, fill):
        book = Workbook()
        fill(book.active)
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    def _read_template(self, name):
        with file_open(f"patient_relations/static/xls/{name}.xlsx", "rb") as file:
            return file.read()

    def assertImported(self, result, count):
        self.assertFalse(result["messages"])
        self.assertEqual(len(result["ids"]), count)


@tagged("post_install", "-at_install")
class TestPatientImport(ImportCase):
    # templates

    def test_the_templates_are_offered_and_can_be_fetched(self):
        for model in ("patient.patient", "patient.encounter"):
            templates = self.env[model].get_import_templates()
            self.assertEqual(len(templates), 1)
            path = templates[0]["template"].removeprefix("/")
            with file_open(path, "rb") as file:
                self.assertTrue(file.read(4).startswith(b"PK"))

    def test_the_templates_are_imported_as_they_are(self):
        result, names = self._import(
            "patient.patient", self._read_template("patient_patient"), XLSX
        )
        self.assertNotIn(False, names)
        self.assertImported(result, 3)
        patients = self.env["patient.patient"].browse(result["ids"])
        self.assertEqual(patients.mapped("mrn"), ["ZY000101", "ZY000102", "ZY000103"])
        self.assertEqual(patients.mapped("gender"), ["male", "female", "male"])
        self.assertEqual(patients[0].birth_date, date(1958, 3, 14))
        self.assertEqual(patients[0].phone, "13800000101")
        self.assertEqual(patients[0].relative_ids.name, "陈立")
        self.assertEqual(patients[2].need_ids.mapped("code"), ["hearing", "companion"])
        result, names = self._import(
            "patient.encounter", self._read_template("patient_encounter"), XLSX
        )
        self.assertNotIn(False, names)
        self.assertImported(result, 3)
        visits = self.env["patient.encounter"].browse(result["ids"])
        self.assertEqual(visits.patient_id, patients)
        self.assertEqual(visits[0].arrived_at, datetime(2026, 3, 2, 0, 30))
        self.assertEqual(visits.mapped("wait_minutes"), [30, 8, 30])
        self.assertEqual(visits[2].condition_ids.code, "S72.0")
        self.assertEqual(visits[2].disposition, "rehabilitation")

    # encodings

    def test_a_file_of_a_chinese_spreadsheet_is_read(self):
        rows = [["Name", "MRN", "Phone"], ["朱镕喆", "GBK1", "13811112222"]]
        for encoding in ("gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16"):
            with self.subTest(encoding=encoding):
                mrn = f"{encoding}".upper()
                rows[1][1] = mrn
                result, names = self._import(
                    "patient.patient", self._write_csv(rows, encoding)
                )
                self.assertEqual(names, ["name", "mrn", "phone"])
                self.assertImported(result, 1)
                patient = self.env["patient.patient"].browse(result["ids"])
                self.assertEqual(patient.name, "朱镕喆")

    def test_a_larger_file_in_gbk_is_read(self):
        rows = [["姓名", "病案号"]]
        rows += [[f"欧阳{chr(0x4E00 + n)}", f"BIG{n}"] for n in range(300)]
        result, _names = self._import(
            "patient.patient", self._write_csv(rows, "gbk"), fields=["name", "mrn"]
        )
        self.assertImported(result, 300)
        self.assertTrue(
            self.env["patient.patient"].search([("name", "=", "欧阳" + chr(0x4E05))])
        )

    def test_the_guess_for_another_country_is_left_to_odoo(self):
        self.company.country_id = self.env.ref("base.uk")
        rows = [["Name", "MRN"], ["José Müller", "W1"]]
        wizard = self._prepare("patient.patient", self._write_csv(rows, "latin-1"))
        self.assertIsNone(wizard._guess_encoding())

    def test_a_file_that_is_no_text_says_so(self):
        broken = bytes(range(128, 256)) * 20
        wizard = self._prepare("patient.patient", broken)
        preview = wizard.parse_preview(dict(OPTIONS))
        self.assertIn("error", preview)
        self.assertTrue(preview["error"])
        wizard = self._prepare("patient.patient", b"PK\x03\x04 no zip", XLSX)
        self.assertIn("error", wizard.parse_preview(dict(OPTIONS)))

    # broken rows

    def test_every_wrong_row_is_named_and_nothing_is_imported(self):
        before = self.env["patient.patient"].search_count([])
        contacts = self.env["res.partner"].search_count([])
        rows = [
            ["Name", "MRN", "Gender", "Birth Date"],
            ["对的", "R1", "Male", "1990-01-01"],
            ["错日期", "R2", "Male", "1990-13-01"],
            ["错性别", "R3", "男士", "1990-01-01"],
            ["又错日期", "R4", "Female", "一九九零"],
            ["对的二", "R5", "Female", "1991-01-01"],
        ]
        result, _names = self._import("patient.patient", self._write_csv(rows))
        self.assertFalse(result["ids"])
        found = {
            (message["rows"]["from"], message["field"])
            for message in result["messages"]
        }
        self.assertEqual(found, {(1, "birth_date"), (2, "gender"), (3, "birth_date")})
        self.assertIn("1990-13-01", str(result["messages"]))
        self.env.invalidate_all()
        self.assertEqual(self.env["patient.patient"].search_count([]), before)
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)

    def test_rows_that_the_database_refuses_are_named(self):
        rows = [
            ["Name", "MRN", "Birth Date"],
            ["对的", "D1", "1990-01-01"],
            ["重号", "T0001", "1990-01-01"],
            ["未来人", "D3", "2999-01-01"],
        ]
        result, _names = self._import("patient.patient", self._write_csv(rows))
        self.assertFalse(result["ids"])
        named = {
            message["rows"]["from"]: message["message"]
            for message in result["messages"]
            if "rows" in message
        }
        self.assertIn("medical record number", named[1])
        self.assertIn("future", named[2])
        patients = self.env["patient.patient"]
        self.assertFalse(patients.search([("mrn", "in", ("D1", "D3"))]))

    def test_one_number_twice_in_a_file_is_named(self):
        rows = [["Name", "MRN"], ["一", "D1"], ["二", "D2"], ["三", "d1"]]
        result, _names = self._import("patient.patient", self._write_csv(rows))
        self.assertFalse(result["ids"])
        self.assertEqual(result["messages"][0]["rows"], {"from": 2, "to": 2})
        self.assertFalse(self.env["patient.patient"].search([("mrn", "=", "D2")]))

    def test_a_visit_of_nobody_or_nowhere_is_named(self):
        rows = [
            ["Patient", "Class", "Status", "Department", "Start"],
            ["T0001", "Outpatient", "Finished", "心内科", "2026-03-02 09:00:00"],
            ["NOBODY", "Outpatient", "Finished", "心内科", "2026-03-02 09:00:00"],
            ["T0001", "Outpatient", "Finished", "火星科", "2026-03-02 09:00:00"],
            ["T0001", "Outpatient", "Finished", "心内科", "昨天"],
        ]
        result, _names = self._import("patient.encounter", self._write_csv(rows))
        self.assertFalse(result["ids"])
        found = {
            (message["rows"]["from"], message["field"])
            for message in result["messages"]
        }
        self.assertEqual(
            found, {(1, "patient_id"), (2, "department_id"), (3, "started_at")}
        )
        self.assertEqual(self.env["patient.encounter"].search_count([]), 1)

    def test_record_numbers_are_looked_up_together(self):
        patients = self.env["patient.patient"].create(
            [{"name": f"批{number}", "mrn": f"BATCH{number}"} for number in range(150)]
        )
        rows = [["Patient", "Start"]]
        rows += [[patient.mrn, "2026-03-02 09:00:00"] for patient in patients]
        before = self.env.cr.sql_log_count
        result, _names = self._import("patient.encounter", self._write_csv(rows))
        self.assertImported(result, 150)
        # Odoo asks whether each id exists, and nothing more of each row
        self.assertLess(self.env.cr.sql_log_count - before, 250)
        visits = self.env["patient.encounter"].browse(result["ids"])
        self.assertEqual(visits.patient_id, patients)

    def test_several_diagnoses_of_one_visit_follow_in_rows_of_their_own(self):
        rows = [
            ["Patient", "Start", "Diagnoses/Diagnosis"],
            ["T0001", "2026-03-02 09:00:00", "高血压"],
            ["", "", "糖尿病"],
        ]
        result, _names = self._import("patient.encounter", self._write_csv(rows))
        self.assertImported(result, 1)
        visit = self.env["patient.encounter"].browse(result["ids"])
        self.assertEqual(len(visit.condition_ids), 2)
        self.assertEqual(visit.condition_ids.patient_id, self.patient)

    def test_two_patients_of_one_name_are_not_guessed_at(self):
        self._make_patient("张伟")
        rows = [["Patient", "Start"], ["张伟", "2026-03-02 09:00:00"]]
        result, _names = self._import("patient.encounter", self._write_csv(rows))
        self.assertIn("matches for", str(result["messages"]))

    def test_the_source_comes_once(self):
        rows = [
            ["Patient", "source_system", "source_id"],
            ["T0001", "HIS", "1"],
            ["T0001", "HIS", "1"],
        ]
        result, _names = self._import("patient.encounter", self._write_csv(rows))
        self.assertFalse(result["ids"])
        self.assertIn("in the record already", str(result["messages"]))

    # spreadsheets

    def test_formulas_and_merged_cells(self):
        def fill(sheet):
            sheet.append(["Name", "MRN", "City"])
            sheet.append(["公式", "=1+1", "上海"])
            sheet.append(["合并", "X2", None])
            sheet.merge_cells("C2:C3")

        result, _names = self._import("patient.patient", self._write_xlsx(fill), XLSX)
        # A formula that no spreadsheet has computed has no value: the number is drawn.
        self.assertImported(result, 2)
        patients = self.env["patient.patient"].browse(result["ids"])
        self.assertRegex(patients[0].mrn, r"^P\d{7}$")
        self.assertEqual(patients.mapped("city"), ["上海", False])

    def test_numbers_written_as_numbers(self):
        def fill(sheet):
            sheet.append(["Name", "MRN", "Phone", "Birth Date"])
            sheet.append(["数字", 20260017, 13800009999, date(1970, 5, 6)])

        result, _names = self._import("patient.patient", self._write_xlsx(fill), XLSX)
        self.assertImported(result, 1)
        patient = self.env["patient.patient"].browse(result["ids"])
        self.assertEqual(patient.mrn, "20260017")
        self.assertEqual(patient.phone, "13800009999")
        self.assertEqual(patient.birth_date, date(1970, 5, 6))

    def test_a_cell_with_an_error_is_named(self):
        def fill(sheet):
            sheet.append(["Name", "MRN"])
            sheet.append(["错", "#REF!"])
            sheet["B2"].data_type = "e"

        wizard = self._prepare("patient.patient", self._write_xlsx(fill), XLSX)
        preview = wizard.parse_preview(dict(OPTIONS))
        self.assertIn("row", preview["error"].lower())

    def test_many_columns_and_empty_rows(self):
        def fill(sheet):
            sheet.append(["Name", "MRN", *(f"c{n}" for n in range(500))])
            sheet.append([None] * 502)
            sheet.append(["宽", "W500", *range(500)])

        result, names = self._import("patient.patient", self._write_xlsx(fill), XLSX)
        self.assertEqual(names[:2], ["name", "mrn"])
        self.assertImported(result, 1)

    # duplicates, trial, rights

    def test_a_trial_imports_nothing(self):
        rows = [["Name", "MRN"], ["试", "TRY1"]]
        result, _names = self._import(
            "patient.patient", self._write_csv(rows), dryrun=True
        )
        self.assertTrue(result["ids"])
        self.assertFalse(self.env["patient.patient"].search([("mrn", "=", "TRY1")]))

    def test_possible_duplicates_are_imported_and_linked(self):
        rows = [["Name", "MRN", "Birth Date"], ["张伟", "DUP1", "1960-05-01"]]
        result, _names = self._import("patient.patient", self._write_csv(rows))
        self.assertImported(result, 1)
        patient = self.env["patient.patient"].browse(result["ids"])
        self.assertEqual(patient.duplicate_ids, self.patient)

    def test_known_patients_are_updated_by_their_id(self):
        rows = [[".id", "Phone"], [str(self.patient.id), "13866667777"]]
        result, _names = self._import(
            "patient.patient", self._write_csv(rows), fields=[".id", "phone"]
        )
        self.assertImported(result, 1)
        self.assertEqual(self.patient.phone, "13866667777")

    @users("pr_officer")
    def test_officers_do_not_import_identity_numbers(self):
        wizard = self._prepare(
            "patient.patient",
            self._write_csv([["Resident Identity Number"], ["11010519491231002X"]]),
        )
        preview = wizard.parse_preview(dict(OPTIONS))
        self.assertFalse(preview["matches"])
        names = {field["name"] for field in preview["fields"]}
        self.assertNotIn("national_id", names)

    def test_other_models_are_imported_as_before(self):
        wizard = self._prepare("res.partner", self._write_csv([["Name"], ["x"]]))
        self.assertFalse(wizard._concerns_patients())


@tagged("post_install", "-at_install")
class TestPatientImportHttp(ImportCase, HttpCase):
    def test_the_templates_can_be_downloaded(self):
        self.authenticate("pr_officer", "pr_officer")
        for model in ("patient.patient", "patient.encounter"):
            path = self.env[model].get_import_templates()[0]["template"]
            response = self.url_open(path)
            self.assertEqual(response.status_code, 200)
            self.assertTrue(response.content.startswith(b"PK"))
