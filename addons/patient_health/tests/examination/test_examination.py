import base64
from datetime import timedelta

import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged, users
from odoo.tools import mute_logger

from odoo.addons.patient_relations.tools import uploads

from ..common import NOW
from .examination_common import JPEG, PDF, PNG, ExaminationCase


@tagged("post_install", "-at_install")
class TestExamination(ExaminationCase):
    """Reports with their files and the values they carry."""

    def test_report_by_hand_takes_the_department_of_the_visit(self):
        form = Form(self.env["patient.examination"].with_user(self.user_clinician))
        form.patient_id = self.patient
        form.category = "radiology"
        self.assertEqual(form.name, "Laboratory")
        form.name = "胸部CT"
        form.encounter_id = self.encounter
        self.assertEqual(form.department_id, self.cardiology)
        report = form.save()
        self.assertEqual(report.company_id, self.company)
        self.assertEqual(report.status, "final")
        self.assertIn("胸部CT", report.display_name)

    def test_report_without_a_name_has_that_of_its_kind(self):
        report = self._report(name=False, category="pathology")
        self.assertEqual(report.name, "Pathology")

    def test_values_of_a_report_and_those_out_of_range(self):
        report = self._report()
        self._measure("systolic", 120, examination_id=report.id)
        self._measure("glucose_fasting", 7.2, examination_id=report.id)
        self._measure("pulse", 70)
        self.assertEqual(report.value_count, 2)
        self.assertEqual(report.abnormal_text, "Fasting Glucose 7.2 mmol/L")

    def test_grid_of_a_report_gives_it_the_values(self):
        report = self._report(effective_at=NOW - timedelta(days=2))
        action = report.with_user(self.user_clinician).action_enter_measurements()
        entry = (
            self.env["patient.measurement.entry"]
            .with_user(self.user_clinician)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(entry.effective_at, report.effective_at)
        entry.line_ids[0].value = 120
        entry.action_save()
        self.assertEqual(report.measurement_ids.value, 120)
        self.assertEqual(report.measurement_ids.encounter_id, self.encounter)

    def test_corrected_value_stays_in_the_report(self):
        report = self._report()
        value = self._measure("systolic", 104, examination_id=report.id)
        value._correct({"value": 140}, "看错")
        self.assertEqual(report.measurement_ids.value, 140)

    # files

    def test_files_are_known_by_their_content(self):
        report = self._report()
        for name, content, mimetype in (
            ("报告.pdf", PDF, "application/pdf"),
            ("page.txt", PNG, "image/png"),
            ("照片.jpeg", JPEG, "image/jpeg"),
        ):
            file = self._file(report, name, content)
            self.assertEqual((file.mimetype, file.size), (mimetype, len(content)))
            self.assertEqual(file.name, name)
            attachment = self.env["ir.attachment"].search(
                [
                    ("res_model", "=", "patient.examination.file"),
                    ("res_field", "=", "datas"),
                    ("res_id", "=", file.id),
                ]
            )
            self.assertEqual(attachment.raw, content)
        self.assertEqual(report.file_count, 3)
        self.assertEqual(report.file_ids.mapped("is_picture"), [False, True, True])

    def test_other_files_are_refused_by_name(self):
        report = self._report()
        for name, content, words in (
            ("实为脚本.pdf", b"<html><script>1</script></html>", "no PDF, PNG or JPEG"),
            ("picture.gif", b"GIF89a" + bytes(20), "no PDF, PNG or JPEG"),
            ("空.pdf", b"", "is empty"),
            ("大.pdf", PDF + bytes(uploads.MAX_BYTES), "larger than"),
        ):
            with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                self._file(report, name, content)
            self.assertIn(name, str(caught.exception))
            self.assertIn(words, str(caught.exception))
        with self.assertRaises(UserError):
            self.env["patient.examination.file"].create(
                {"examination_id": report.id, "name": "x.pdf", "datas": "?"}
            )
        self.assertFalse(report.file_ids)

    def test_one_bad_file_leaves_no_report(self):
        before = self.env["patient.examination"].search_count([])
        files = [
            (0, 0, {"name": name, "datas": base64.b64encode(content)})
            for name, content in (("好.pdf", PDF), ("坏.exe", b"MZ\x90" + bytes(9)))
        ]
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._report(file_ids=files)
        self.assertEqual(self.env["patient.examination"].search_count([]), before)

    def test_content_of_a_file_does_not_change(self):
        file = self._file(self._report()).with_user(self.user_health)
        other = base64.b64encode(PNG)
        with self.assertRaises(UserError):
            file.datas = other
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "patient.examination.file"),
                ("res_field", "=", "datas"),
                ("res_id", "=", file.id),
            ]
        )
        for values in ({"datas": other}, {"res_id": 0}, {"url": "http://x"}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attachment.with_user(self.user_health).write(values)
        file.name = "另一名称.pdf"
        self.assertEqual(base64.b64decode(file.with_context(bin_size=False).datas), PDF)

    # what is fixed

    @freeze_time("2026-03-03 02:00:00")
    def test_signed_words_are_kept_when_they_change(self):
        report = self._report()
        report.with_user(self.user_clinician).conclusion = "血红蛋白偏低"
        self.assertEqual(report.status, "amended")
        self.assertIn("血红蛋白正常", report.history)
        self.assertIn(self.user_clinician.name, report.history)
        report.write({"conclusion": "血红蛋白 90 g/L", "status": "corrected"})
        self.assertEqual(report.status, "corrected")
        self.assertEqual(report.history.count("血红蛋白偏低"), 1)
        self.assertLess(
            report.history.index("血红蛋白偏低"), report.history.index("血红蛋白正常")
        )

    def test_words_not_signed_yet_change_freely(self):
        report = self._report(status="preliminary")
        report.conclusion = "待查"
        self.assertEqual(report.status, "preliminary")
        self.assertFalse(report.history)
        report.status = "final"
        report.conclusion = "待查"
        self.assertFalse(report.history)

    def test_history_and_hospital_are_not_given(self):
        report = self._report()
        for values in ({"history": ""}, {"company_id": self.company.id}):
            with self.assertRaises(UserError):
                report.write(values)
        with self.assertRaises(UserError):
            self._report(history="x")

    def test_report_stays_with_its_patient(self):
        report = self._report()
        stranger = self._make_patient("李四", mrn="T0002")
        with self.assertRaises(UserError) as caught:
            report.patient_id = stranger
        self.assertIn("血常规", str(caught.exception))
        report.patient_id = self.patient

    def test_visit_and_values_of_somebody_else_are_refused(self):
        stranger = self._make_patient("李四", mrn="T0002")
        with self.assertRaises(ValidationError):
            self._report(patient_id=stranger.id)
        report = self._report()
        with self.assertRaises(ValidationError):
            self._measure(
                "systolic", 120, patient_id=stranger.id, examination_id=report.id
            )

    def test_report_is_not_issued_before_the_examination(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
        ):
            self._report(issued_at=NOW - timedelta(hours=1))

    def test_report_of_a_source_comes_once_and_is_found(self):
        source = {"source_system": "urn:lis", "source_id": "1"}
        report = self._report(**source)
        found = self.env["patient.examination"]._find_by_source("urn:lis", ["1", "2"])
        self.assertEqual(found, {"1": report})
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
        ):
            self._report(**source)

    # price

    def _prepare(self, count):
        return [
            {
                "patient_id": self.patient.id,
                "name": f"报告{number}",
                "effective_at": NOW - timedelta(days=number),
                "encounter_id": self.encounter.id,
            }
            for number in range(count)
        ]

    @users("ph_manager")
    def test_as_many_queries_for_a_hundred_reports_as_for_one(self):
        counts = []
        for number in (1, 1, 100):  # the first warms up
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["patient.examination"].create(self._prepare(number))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    @users("ph_manager")
    def test_lists_ask_as_often_for_many_as_for_one(self):
        reports = self.env["patient.examination"].create(self._prepare(20))
        self.env["patient.measurement"].create(
            [
                {
                    "patient_id": self.patient.id,
                    "indicator_id": self.glucose.id,
                    "effective_at": NOW,
                    "value": 7.5,
                    "examination_id": report.id,
                }
                for report in reports
            ]
        )
        counts = []
        for some in (reports[:1], reports[:1], reports):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped(
                lambda one: (one.file_count, one.abnormal_text, one.value_count)
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
