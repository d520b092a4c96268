import base64
import csv
import hashlib
import io
import shutil
import unittest
import zipfile

from PyPDF2 import PdfFileReader

from odoo.tests import HttpCase, tagged

from ..common import PatientRelationsCase

REPORT = "patient_relations.patient_complaint_dossier_action_report"


@tagged("post_install", "-at_install")
class TestComplaintDossier(PatientRelationsCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._make_complaint(
            narrative="排队三个小时，没有人解释。\n<script>alert(1)</script>",
            complainant_name="张小明",
            patient_id=cls.patient.id,
            lead_department_id=cls.cardiology.id,
        )
        cls.contents = ("照片".encode(), b"%PDF-1.4 second")
        cls.evidence = cls.env["patient.complaint.evidence"].create(
            [
                {
                    "complaint_id": cls.complaint.id,
                    "name": name,
                    "filename": filename,
                    "datas": base64.b64encode(content),
                }
                for name, filename, content in zip(
                    ("候诊区", "=cmd()"),
                    ("../候诊:区.txt", "信.pdf"),
                    cls.contents,
                    strict=True,
                )
            ]
        )

    def _get_html(self, complaints):
        report = self.env["ir.actions.report"].with_user(self.user_officer)
        html, _kind = report._render_qweb_html(REPORT, complaints.ids)
        return html.decode()

    def _open_zip(self, complaint, user):
        stream = io.BytesIO()
        with self.allow_pdf_render():
            complaint.with_user(user)._write_dossier(stream)
        return zipfile.ZipFile(stream)

    def test_pages_tell_the_case_in_order(self):
        self.complaint._pause_deadlines("complainant", "等待复印件")
        self.complaint.message_post(body="已调取监控", message_type="comment")
        html = self._get_html(self.complaint)
        order = [
            self.complaint.name,
            "张小明",
            "排队三个小时",
            "Communication",
            "等待复印件",
            self.evidence[0].sha256,
            "已调取监控",
        ]
        places = [html.index(text) for text in order]
        self.assertEqual(places, sorted(places))
        self.assertNotIn("<script>alert", html)

    @unittest.skipUnless(shutil.which("wkhtmltopdf"), "wkhtmltopdf is not installed")
    def test_zip_holds_the_pages_the_files_and_their_fingerprints(self):
        archive = self._open_zip(self.complaint, self.user_officer)
        self.assertEqual(
            archive.namelist(),
            [
                f"{self.complaint.name}.pdf",
                "evidence/01 _候诊_区.txt",
                "evidence/02 信.pdf",
                "manifest.csv",
            ],
        )
        rows = list(csv.reader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
        for name, size, digest, recorded, _note in rows[1:]:
            content = archive.read(name)
            self.assertEqual(hashlib.sha256(content).hexdigest(), digest)
            self.assertEqual(len(content), int(size))
            if name.startswith("evidence"):
                self.assertEqual(recorded, digest)
        self.assertEqual(rows[3][4], "'=cmd()")
        page = PdfFileReader(io.BytesIO(archive.read(f"{self.complaint.name}.pdf")))
        width, height = page.getPage(0).mediaBox[2:]
        self.assertEqual((round(width), round(height)), (595, 842))

    @unittest.skipUnless(shutil.which("wkhtmltopdf"), "wkhtmltopdf is not installed")
    def test_several_dossiers_are_printed_in_one_file(self):
        both = self.complaint | self._make_complaint()
        report = self.env["ir.actions.report"].with_user(self.user_officer)
        report = report.with_context(force_report_rendering=True)
        with self.allow_pdf_render():
            pdf, _kind = report._render_qweb_pdf(REPORT, both.ids)
        self.assertGreaterEqual(PdfFileReader(io.BytesIO(pdf)).getNumPages(), 2)

    @unittest.skipUnless(shutil.which("wkhtmltopdf"), "wkhtmltopdf is not installed")
    def test_download_is_for_officers_and_is_told_to_the_history(self):
        address = f"/patient/complaint/{self.complaint.id}/dossier"
        self.authenticate("pr_officer", "pr_officer")
        answer = self.url_open(address)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], "application/zip")
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertTrue(zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None)
        self.assertIn("downloaded", str(self.complaint.message_ids[0].body))

    def test_others_get_the_answer_for_what_is_not_there(self):
        self.complaint.problem_ids.employee_id = self.env["hr.employee"].create(
            {"name": "被投诉人", "user_id": self.user_officer.id}
        )
        missing = self.complaint.id + 10_000
        for login in ("pr_staff", "pr_plain", "pr_officer"):
            self.authenticate(login, login)
            for complaint_id in (self.complaint.id, missing):
                answer = self.url_open(f"/patient/complaint/{complaint_id}/dossier")
                self.assertEqual(answer.status_code, 404, login)
