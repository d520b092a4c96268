import io

from PyPDF2 import PdfFileReader

from odoo.tests import tagged

from .common import NEEDS_PRINTER, ReportCase


@tagged("post_install", "-at_install")
class TestReportPrint(ReportCase):
    """The paper."""

    def _get_html(self, report):
        """Return what the printing program is given."""
        given = []

        def keep(_self, bodies, **_options):
            given.extend(bodies)
            return b"%PDF"

        with self._with_printer() as _printer:
            model = type(self.env["ir.actions.report"])
            kept, model._run_wkhtmltopdf = model._run_wkhtmltopdf, keep
            try:
                report.action_issue()
            finally:
                model._run_wkhtmltopdf = kept
        [body] = given
        return body

    def test_the_page_asks_nobody_for_anything(self):
        self._measure_years("systolic", 150, 140)
        html = self._get_html(self._draft(user=self.user_nurse))
        for word in ("<script", "<link", "@import", "url(", 'src="/', 'src="http'):
            self.assertNotIn(word, html)
        self.assertIn("data:image/svg+xml;base64,", html)
        self.assertIn("<svg", html)

    def test_the_code_is_on_it_where_it_is_wanted_only(self):
        self.assertIn('alt="QR"', self._get_html(self._draft()))
        report = self._draft(with_link=False)
        self.assertNotIn('alt="QR"', self._get_html(report))
        self.assertEqual(report.link_state, "none")

    def test_what_people_wrote_is_shown_as_text(self):
        self.env["patient.condition"].create(
            {"patient_id": self.patient.id, "name": "<script>alert(1)</script>"}
        )
        html = self._get_html(self._draft())
        self.assertNotIn("<script>", html)
        self.assertIn("&lt;script&gt;", html)

    @NEEDS_PRINTER
    def test_it_is_printed_on_a4_in_chinese(self):
        self._measure_years("systolic", 168, 150, 128)
        self._measure("glucose_fasting", 8.5)
        report = self._draft(user=self.user_nurse)
        report.action_issue()
        pdf = PdfFileReader(io.BytesIO(report.attachment_id.raw))
        width, height = pdf.getPage(0).mediaBox[2:]
        self.assertAlmostEqual(float(width), 595, delta=3)
        self.assertAlmostEqual(float(height), 842, delta=3)
        self.assertIn("张伟", pdf.getPage(0).extractText())
        self.assertEqual(report.attachment_id.mimetype, "application/pdf")
        self.assertTrue(report.is_intact)

    @NEEDS_PRINTER
    def test_a_new_link_is_one_page(self):
        report = self._issue()
        report.action_make_link()
        sheet = PdfFileReader(io.BytesIO(report.sheet_id.raw))
        self.assertEqual(sheet.getNumPages(), 1)
