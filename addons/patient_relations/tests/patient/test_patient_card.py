import io
import shutil
import unittest

from PyPDF2 import PdfFileReader

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..common import PatientRelationsCase

REPORT = "patient_relations.patient_card_action_report"


@tagged("post_install", "-at_install")
class TestPatientCard(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._make_patient(
            "曾小贤", gender="male", birth_date="1980-01-02", phone="13911112222"
        )
        cls.both = cls.patient | cls.other
        cls.both.with_user(cls.user_officer).action_issue_card()

    def _render_html(self, patients):
        report = self.env["ir.actions.report"].with_user(self.user_officer)
        html, _kind = report._render_qweb_html(REPORT, patients.ids)
        return html.decode()

    def test_the_card_says_who_it_is_and_no_more(self):
        html = self._render_html(self.other)
        for shown in ("曾小贤", self.other.mrn, self.other.card_number, "01/02/1980"):
            self.assertIn(shown, html)
        self.assertNotIn("13911112222", html)

    def test_codes_are_drawn_into_the_page(self):
        """A link to Odoo's barcode page would leave the number in server logs."""
        html = self._render_html(self.both)
        self.assertEqual(html.count("data:image/svg+xml;base64,"), 4)
        self.assertNotIn("/report/barcode", html)
        self.assertNotIn("QR&value", html)

    def test_a_file_without_a_card_prints_without_codes(self):
        without = self._make_patient("无卡")
        html = self._render_html(without)
        self.assertIn("无卡", html)
        self.assertNotIn("data:image/svg+xml;base64,", html)

    @unittest.skipUnless(shutil.which("wkhtmltopdf"), "wkhtmltopdf is not installed")
    def test_one_and_several_cards_are_printed(self):
        report = self.env["ir.actions.report"].with_user(self.user_officer)
        report = report.with_context(force_report_rendering=True)
        for patients in (self.patient, self.both):
            with self.subTest(count=len(patients)):
                pdf, kind = report._render_qweb_pdf(REPORT, patients.ids)
                self.assertEqual(kind, "pdf")
                pages = PdfFileReader(io.BytesIO(pdf))
                self.assertEqual(pages.getNumPages(), len(patients))
                width, height = pages.getPage(0).mediaBox[2:]
                # the size of a bank card, in points
                self.assertAlmostEqual(float(width), 86 / 25.4 * 72, delta=2)
                self.assertAlmostEqual(float(height), 54 / 25.4 * 72, delta=2)

    def test_cards_are_printed_by_officers(self):
        self.assertIn(
            self.env.ref("patient_relations.patient_relations_group_officer"),
            self.env.ref(REPORT).group_ids,
        )
        with self.assertRaises(AccessError):
            self._make_patient("无卡").with_user(self.user_staff).action_issue_card()


@tagged("post_install", "-at_install")
class TestPatientCardHttp(PatientRelationsCase, HttpCase):
    def test_a_card_of_another_hospital_is_not_printed(self):
        foreign = self._make_patient("外院", company_id=self._make_company().id)
        self.authenticate("pr_officer", "pr_officer")
        name = "patient_relations.patient_card_document"
        response = self.url_open(f"/report/html/{name}/{foreign.id}")
        self.assertNotIn("外院", response.text)
        response = self.url_open(f"/report/html/{name}/{self.patient.id}")
        self.assertIn("张伟", response.text)
