# pylint: disable=translation-required
import base64
import csv
import hashlib
import io
import shutil
import unittest
import zipfile
from datetime import date, datetime

from PyPDF2 import PdfFileReader

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import PatientRelationsCase

REPORT = "patient_relations.patient_complaint_dossier_action_report"
NEEDS_PRINTER = unittest.skipUnless(
    shutil.which("wkhtmltopdf"), "wkhtmltopdf is not installed"
)


class DossierCase(PatientRelationsCase):
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

    def _get_html(self, complaints, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.user_officer)
        html, _kind = report._render_qweb_html(REPORT, complaints.ids)
        return html.decode()

    def _open_zip(self, complaint, user):
        stream = io.BytesIO()
        with self.allow_pdf_render():
            complaint.with_user(user)._write_dossier(stream)
        return zipfile.ZipFile(stream)

    def _read_manifest(self, archive):
        """Return the rows of the manifest below its titles."""
        text = archive.read("manifest.csv").decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text)))[1:]

    def _note(self, complaint, text):
        """Leave an internal note on the history."""
        return complaint.message_post(
            body=text, message_type="comment", subtype_xmlid="mail.mt_note"
        )

    def _assert_order(self, html, texts):
        places = [html.index(text) for text in texts]
        self.assertEqual(places, sorted(places))


@tagged("post_install", "-at_install")
class TestComplaintDossier(DossierCase, HttpCase):
    def test_pages_tell_the_case_in_order(self):
        self.complaint._pause_deadlines("complainant", "等待复印件")
        self._note(self.complaint, "已调取监控")
        html = self._get_html(self.complaint)
        texts = [
            self.complaint.name,
            "张小明",
            "排队三个小时",
            "Communication",
            "等待复印件",
            self.evidence[0].sha256,
            "已调取监控",
        ]
        self._assert_order(html, texts)
        self.assertNotIn("<script>alert", html)

    @NEEDS_PRINTER
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
        rows = self._read_manifest(archive)
        for name, size, digest, recorded, _note in rows:
            content = archive.read(name)
            self.assertEqual(hashlib.sha256(content).hexdigest(), digest)
            self.assertEqual(len(content), int(size))
            if name.startswith("evidence"):
                self.assertEqual(recorded, digest)
        self.assertEqual(rows[2][4], "'=cmd()")
        page = PdfFileReader(io.BytesIO(archive.read(f"{self.complaint.name}.pdf")))
        width, height = page.getPage(0).mediaBox[2:]
        self.assertEqual((round(width), round(height)), (595, 842))

    @NEEDS_PRINTER
    def test_several_dossiers_are_printed_in_one_file(self):
        both = self.complaint | self._make_complaint()
        report = self.env["ir.actions.report"].with_user(self.user_officer)
        report = report.with_context(force_report_rendering=True)
        with self.allow_pdf_render():
            pdf, _kind = report._render_qweb_pdf(REPORT, both.ids)
        self.assertGreaterEqual(PdfFileReader(io.BytesIO(pdf)).getNumPages(), 2)

    @NEEDS_PRINTER
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


@tagged("post_install", "-at_install")
class TestComplaintDossierRooms(DossierCase):
    """What the other rooms add, in the order of the handling."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_custodian = cls._make_user("pr_custodian", "officer", "custodian")

    def _handle(self):
        """Let the complaint go through all rooms; return it as its officer sees it."""
        complaint = self.complaint.with_user(self.user_officer)
        complaint.write(
            {
                "assessment_severity": "4",
                "danger": "immediate",
                "immediate_action": "输液泵已停用",
                "complexity": "complex",
                "impact": "department",
                "informed_department_ids": [Command.set(self.surgery.ids)],
                "is_major_event": True,
                "major_event_kind": "grade_two",
            }
        )
        complaint.write(
            {
                "reported_to_authority_at": complaint.major_event_at,
                "reported_to": "区卫生健康委员会",
            }
        )
        complaint.write({"lead_department_id": self.surgery.id})
        self._note(complaint, "内部备注：先不要联系家属")
        self._ask(complaint)
        self._answer(complaint)
        return complaint

    def _ask(self, complaint):
        inquiry = self.env["patient.complaint.inquiry"].create(
            {
                "complaint_id": complaint.id,
                "department_id": self.surgery.id,
                "question": "为何等候三小时？",
            }
        )
        inquiry.write({"answer": "第一次回答：当天缺一名护士"})
        inquiry.action_answer()
        inquiry._send_back("请附排班表")
        inquiry.write({"answer": "第二次回答：排班表见附件"})
        inquiry.action_answer()

    def _answer(self, complaint):
        self.env["patient.complaint.reply"].create(
            {"complaint_id": complaint.id, "kind": "final", "body": "<p>草稿不外传</p>"}
        )
        self._reply(complaint, receiver_name="张小明", body="<p>向您致歉</p>")
        self.env["patient.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "fee",
                "amount": 120,
                "note": "退还挂号费",
                "promised_on": date(2026, 3, 2),
            }
        )
        complaint.sudo().write(
            {"satisfaction": "2", "satisfaction_comment": "等得太久才有人回电"}
        )
        self.env["patient.complaint.reopening"].create(
            {
                "complaint_id": complaint.id,
                "new_facts": "家属带来了监控录像",
                "told_by": "女儿张丽",
                "reopened_at": datetime(2026, 3, 20, 2),
                "by_user_id": self.user_manager.id,
                "former_state": "closed",
            }
        )

    def test_rooms_stand_in_the_order_of_the_handling(self):
        html = self._get_html(self._handle())
        self._assert_order(
            html,
            [
                "Initial Assessment",
                "输液泵已停用",
                "Major Event",
                "区卫生健康委员会",
                "<h2>Course</h2>",
                "Problems and Findings",
                "<h2>Deadlines</h2>",
                "Questions and Statements",
                "为何等候三小时？",
                "请附排班表",
                "第二次回答：排班表见附件",
                self.evidence[0].sha256,
                "<h2>Replies</h2>",
                self.user_manager.name,
                "向您致歉",
                "退还挂号费",
                "Not yet given",
                "等得太久才有人回电",
                "家属带来了监控录像",
                "Told by 女儿张丽",
                "Notes and Correspondence",
                "内部备注：先不要联系家属",
                # replaced by the second one, and kept by the history alone
                "第一次回答：当天缺一名护士",
            ],
        )
        self.assertNotIn("草稿不外传", html)

    def test_rooms_without_anything_are_not_there(self):
        html = self._get_html(self._make_complaint())
        for title in (
            "Initial Assessment",
            "Major Event",
            "Questions and Statements",
            "Evidence",
            "Conversation",
            "Replies",
            "Remedies",
            "Satisfaction",
            "Reopenings",
            "Openings",
        ):
            self.assertNotIn(f"<h2>{title}", html)

    def test_history_keeps_notes_oldest_first(self):
        first, second, third = (
            self._note(self.complaint, f"备注之{number}") for number in "一二三"
        )
        first.date, second.date = datetime(2026, 3, 5), datetime(2026, 3, 4)
        third.date = datetime(2026, 3, 6)
        html = self._get_html(self.complaint)
        self._assert_order(html, ["备注之二", "备注之一", "备注之三"])

    @NEEDS_PRINTER
    def test_letters_are_in_the_zip_as_they_went_out(self):
        with self.allow_pdf_render():
            reply = self._reply(self.complaint, way="letter")
        archive = self._open_zip(self.complaint, self.user_officer)
        name = f"replies/01 {reply.letter_id.name}"
        content = archive.read(name)
        self.assertEqual(content, reply.letter_id.raw)
        [row] = [row for row in self._read_manifest(archive) if row[0] == name]
        self.assertEqual(row[1:4], [str(len(content)), reply.sha256, reply.sha256])
        self.assertEqual(hashlib.sha256(content).hexdigest(), reply.sha256)
        self.assertIn(reply.sha256, self._get_html(self.complaint))

    def _protect(self):
        """Protect a complaint whose person left a name wherever one can stand."""
        with self.allow_pdf_render():
            self._reply(
                self.complaint,
                way="letter",
                receiver_name="张小明",
                body="<p>尊敬的张小明：</p>",
            )
        self._note(self.complaint, "张小明来电")
        self.complaint.with_user(self.user_officer).write({"protection": "protected"})
        # a name that was entered by hand afterwards
        self._reply(
            self.complaint,
            kind="holding",
            receiver_name=False,
            body="<p>张小明，您好</p>",
        )
        self.env["patient.complaint.inquiry"].create(
            {
                "complaint_id": self.complaint.id,
                "department_id": self.surgery.id,
                "question": "张小明那天等了多久？",
            }
        )
        self.evidence[1].reveals_identity = False

    @NEEDS_PRINTER
    def test_protected_identity_is_not_in_the_dossier(self):
        self._protect()
        self.env.invalidate_all()
        for user in (self.user_officer, self.user_custodian):
            with self.subTest(user=user.login):
                html = self._get_html(self.complaint, user)
                self.assertNotIn("张小明", html)
                self.assertIn("The identity of the complainant is protected.", html)
                archive = self._open_zip(self.complaint, user)
                self.assertFalse(
                    [name for name in archive.namelist() if "replies" in name]
                )
                self.assertNotIn("张小明", archive.read("manifest.csv").decode())

    @NEEDS_PRINTER
    def test_evidence_that_the_user_may_not_read_is_left_out(self):
        self._protect()
        # in memory there is what the superuser read
        self.assertEqual(len(self.complaint.evidence_ids), 2)
        html = self._get_html(self.complaint)
        self.assertNotIn(self.evidence[0].sha256, html)
        self.assertIn(self.evidence[1].sha256, html)
        archive = self._open_zip(self.complaint, self.user_officer)
        self.assertEqual(
            [name for name in archive.namelist() if name.startswith("evidence")],
            ["evidence/01 信.pdf"],
        )

    def test_conversation_and_openings_are_told(self):
        self.complaint.with_user(self.user_officer).write({"protection": "protected"})
        self.complaint.sudo()._receive_voice("我怕被认出来")
        opening = self.env["patient.complaint.identity.open"].with_user(
            self.user_custodian
        )
        opening.create(
            {"complaint_id": self.complaint.id, "reason": "法院来函要求"}
        ).action_open()
        html = self._get_html(self.complaint)
        self._assert_order(html, ["我怕被认出来", "法院来函要求"])
        self.assertNotIn("张小明", html)
