import csv
import io
from datetime import datetime

from odoo.tests import HttpCase, tagged
from odoo.tools.misc import file_open

from ..common import PatientHealthCase

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {
    "quoting": '"',
    "separator": ",",
    "encoding": "",
    "has_headers": True,
    "date_format": "%Y-%m-%d",
    "datetime_format": "%Y-%m-%d %H:%M:%S",
}
HEAD = ["Patient", "Indicator", "Measured On", "Value", "Unit as Sent"]
MOMENT = "2026-03-02 08:30:00"
TEMPLATE = "patient_health/static/xls/patient_measurement.xlsx"


class ImportCase(PatientHealthCase):
    def _import(self, rows, user=None, file=None, file_type="text/csv", head=None):
        """Import a file as the screen does, with the columns that it recognises."""
        if file is None:
            text = io.StringIO()
            csv.writer(text).writerows([head or HEAD, *rows])
            file = text.getvalue().encode()
        wizard = (
            self.env["base_import.import"]
            .with_user(user or self.user_clinician)
            .with_context(tz="Asia/Shanghai")
            .create(
                {
                    "res_model": "patient.measurement",
                    "file": file,
                    "file_type": file_type,
                }
            )
        )
        preview = wizard.parse_preview(dict(OPTIONS))
        self.assertNotIn("error", preview)
        names = [
            "/".join(preview["matches"].get(index, ())) or False
            for index in range(len(preview["headers"]))
        ]
        self.assertNotIn(False, names)
        return wizard.execute_import(names, preview["headers"], preview["options"])

    def _get_errors(self, result):
        """Return row → all that is said of it."""
        errors = {}
        for message in result["messages"]:
            if "rows" in message:
                errors.setdefault(message["rows"]["from"], []).append(
                    message["message"]
                )
        return {row: "\n".join(texts) for row, texts in errors.items()}


@tagged("post_install", "-at_install")
class TestMeasurementImport(ImportCase):
    """Values from files: all of a file, or nothing and the rows that are wrong."""

    def test_template_is_offered_and_imported_as_it_is(self):
        [template] = self.env["patient.measurement"].get_import_templates()
        self.assertEqual(template["template"], f"/{TEMPLATE}")
        patients = [
            self._make_patient(name, mrn=mrn, birth_date="1960-01-01")
            for name, mrn in (("甲", "ZY000101"), ("乙", "ZY000102"))
        ]
        with file_open(TEMPLATE, "rb") as file:
            result = self._import(
                [], user=self.user_health, file=file.read(), file_type=XLSX
            )
        self.assertFalse(result["messages"])
        found = self.env["patient.measurement"].browse(result["ids"])
        self.assertEqual(found.mapped("patient_id.id"), [one.id for one in patients])
        self.assertEqual(set(found.mapped("origin")), {"file"})
        self.assertEqual(found[0].effective_at, datetime(2026, 3, 2, 0, 30))
        self.assertAlmostEqual(found[2].value, 6.994, 3)
        self.assertEqual(found[2].source_text, "126 mg/dL")
        self.assertEqual(found[3].option_id.code, "266919005")

    def test_indicator_is_named_by_code_loinc_or_name(self):
        names = ["systolic", "8480-6", "Systolic Blood Pressure", "SYSTOLIC"]
        result = self._import(
            [
                ["T0001", name, MOMENT, 120 + place, ""]
                for place, name in enumerate(names)
            ]
        )
        self.assertFalse(result["messages"])
        found = self.env["patient.measurement"].browse(result["ids"])
        self.assertEqual(found.indicator_id, self.systolic)
        self.assertEqual(found.mapped("value"), [120, 121, 122, 123])

    def test_values_of_every_kind_stand_in_one_column(self):
        yes_no, text = self.env["patient.indicator"].create(
            [
                {"name": "Fall", "code": "fall", "value_kind": "yes_no"},
                {"name": "Skin", "code": "skin", "value_kind": "text"},
            ]
        )
        result = self._import(
            [
                ["T0001", "systolic", MOMENT, "120", "mmHg"],
                ["T0001", "smoking", MOMENT, "never smoked", ""],
                ["T0001", "smoking", MOMENT, "77176002", ""],
                ["T0001", "fall", MOMENT, "是", ""],
                ["T0001", "skin", MOMENT, "干燥", ""],
            ]
        )
        self.assertFalse(result["messages"])
        found = self.env["patient.measurement"].browse(result["ids"])
        self.assertEqual(found[0].value, 120)
        self.assertEqual(
            found[1:3].option_id.mapped("name"), ["Never smoked", "Smoker"]
        )
        self.assertEqual((found[3].indicator_id, found[3].answer), (yes_no, "yes"))
        self.assertEqual((found[4].indicator_id, found[4].text), (text, "干燥"))

    def test_index_follows_from_weights_of_a_file(self):
        result = self._import(
            [
                ["T0001", "height", MOMENT, "175", "cm"],
                ["T0001", "weight", MOMENT, "70", "kg"],
            ]
        )
        self.assertFalse(result["messages"])
        codes = set(self.patient.measurement_ids.mapped("indicator_id.code"))
        self.assertEqual(codes, {"height", "weight", "bmi"})

    # refusals

    def test_every_wrong_row_is_named_and_nothing_is_kept(self):
        result = self._import(
            [
                ["T0001", "systolic", MOMENT, "120", ""],
                ["NOBODY", "systolic", MOMENT, "121", ""],
                ["T0001", "nonsense", MOMENT, "122", ""],
                ["T0001", "systolic", "昨天", "123", ""],
                ["T0001", "systolic", MOMENT, "high", ""],
            ]
        )
        self.assertFalse(result["ids"])
        errors = self._get_errors(result)
        self.assertEqual(set(errors), {1, 2, 3, 4})
        for row, word in ((1, "NOBODY"), (2, "nonsense"), (3, "昨天"), (4, "high")):
            self.assertIn(word, errors[row])
        self.env.invalidate_all()
        self.assertFalse(self.patient.measurement_ids)

    def test_implausible_and_empty_values_are_named_by_row(self):
        result = self._import(
            [
                ["T0001", "systolic", MOMENT, "120", ""],
                ["T0001", "systolic", MOMENT, "1200", ""],
                ["T0001", "pulse", MOMENT, "", ""],
            ]
        )
        self.assertFalse(result["ids"])
        messages = {
            message["rows"]["from"]: message["message"]
            for message in result["messages"]
            if message.get("rows", {}).get("from")
        }
        self.assertIn("not plausible", messages[1])
        self.assertIn("has no value", messages[2])
        self.env.invalidate_all()
        self.assertFalse(self.patient.measurement_ids)

    def test_choice_that_is_none_is_named(self):
        result = self._import(
            [
                ["T0001", "smoking", MOMENT, "Smoker", ""],
                ["T0001", "smoking", MOMENT, "a pipe", ""],
            ]
        )
        self.assertFalse(result["ids"])
        self.assertIn("a pipe", self._get_errors(result)[1])
        self.assertIn("Smoking", self._get_errors(result)[1])
        self.assertFalse(self.patient.measurement_ids)

    def test_name_of_two_patients_is_refused(self):
        self._make_patient("张伟", mrn="T0009")
        result = self._import(
            [
                ["T0001", "systolic", MOMENT, "120", ""],
                ["张伟", "systolic", MOMENT, "121", ""],
            ]
        )
        self.assertFalse(result["ids"])
        self.assertIn("more than one", self._get_errors(result)[1])

    def test_patients_of_other_departments_are_refused(self):
        self._make_patient("李四", mrn="T0002")
        result = self._import([["T0002", "systolic", MOMENT, "120", ""]])
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    def test_other_ways_of_loading_stay_as_they_were(self):
        result = self.env["patient.measurement"].load(
            ["patient_id/.id", "indicator_id/.id", "value"],
            [[str(self.patient.id), str(self.systolic.id), "120"]],
        )
        self.assertFalse(result["messages"])
        found = self.env["patient.measurement"].browse(result["ids"])
        self.assertEqual(found.origin, "hand")

    def test_patients_and_indicators_are_looked_up_together(self):
        patients = self.env["patient.patient"].create(
            [{"name": f"批{number}", "mrn": f"BATCH{number}"} for number in range(60)]
        )
        rows = [[one.mrn, "systolic", MOMENT, "120", ""] for one in patients]
        before = self.env.cr.sql_log_count
        result = self._import(rows, user=self.user_health)
        self.assertFalse(result["messages"])
        # Odoo asks of each id whether it exists, and nothing more
        self.assertLess(self.env.cr.sql_log_count - before, 60 * 2 + 100)


@tagged("post_install", "-at_install")
class TestMeasurementImportHttp(ImportCase, HttpCase):
    def test_template_can_be_downloaded(self):
        self.authenticate("ph_clinician", "ph_clinician")
        response = self.url_open(f"/{TEMPLATE}")
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.content.startswith(b"PK"))
