import base64
import hashlib

from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import models
from odoo.exceptions import UserError

REPORT = "patient_health.patient_health_report_action_report"
# Of the drawing of the code, in points: it is scaled on the paper.
QR_SIZE = 120
# What Odoo says of a program that prints, in whatever version.
PRINTS = ("ok", "upgrade", "workers")


class PatientHealthReport(models.Model):
    """The paper: one PDF of the frozen content, kept with its checksum.

    The page is complete in itself, so that the printing program asks no server for
    anything, and needs no head or foot, which only its patched version can print.
    """

    _inherit = "patient.health.report"

    # ACTIONS

    def action_print(self):
        """Make the PDF that could not be made when the report was issued."""
        self.check_access("write")
        for report in self:
            report._check_issued()
            if report.attachment_id:
                raise UserError(
                    self.env._(
                        "“%(report)s” has been printed, and its PDF stays as it is.",
                        report=report.display_name,
                    )
                )
            report._print()

    # BUSINESS

    def _print(self):
        """Keep the PDF with its checksum; a report with a link gets a new one on it."""
        self.ensure_one()
        url = self._make_link() if self._is_linkable() else None
        content = self._run_printer(
            "patient_health.patient_health_report_document",
            {**self._prepare_paper(), "qr_uri": url and self._get_qr_uri(url)},
        )
        attachment = self._keep_file(self._get_filename(), content)
        # sudo: patient.health.report: the file is kept once, by the printer
        self.sudo().write(
            {
                "attachment_id": attachment.id,
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )

    def _print_sheet(self, url):
        """Keep a page that holds nothing but the code of a new link; return its file."""
        self.ensure_one()
        content = self._run_printer(
            "patient_health.patient_health_report_sheet",
            {**self._prepare_paper(), "qr_uri": self._get_qr_uri(url)},
        )
        sheet = self._keep_file(f"qr-{self._get_filename()}", content)
        # sudo: ir.attachment, patient.health.report: the sheet of the link before is
        # of no use any more
        report_sudo = self.sudo()
        report_sudo.sheet_id.unlink()
        report_sudo.sheet_id = sheet
        return sheet

    def _run_printer(self, template, values):
        """Return a template of this report as a PDF on A4.

        :raise UserError: where the server has no program that prints
        """
        reports = self.env["ir.actions.report"]
        if not self._can_print():
            raise UserError(
                self.env._(
                    "This server has no program that makes PDF files (wkhtmltopdf), so "
                    "“%(report)s” cannot be printed. Ask the administrator to install it.",
                    report=self.display_name,
                )
            )
        page = (
            self.env["ir.qweb"].with_context(lang=self.lang)._render(template, values)
        )
        return reports._run_wkhtmltopdf([f"<!DOCTYPE html>\n{page}"], report_ref=REPORT)

    def _can_print(self):
        return self.env["ir.actions.report"].get_wkhtmltopdf_state() in PRINTS

    def _prepare_paper(self):
        """Return what the templates of the paper ask for."""
        return {
            "report": self.with_context(lang=self.lang),
            "content": self.content,
            "sections": self.content["sections"],
            "html_lang": self.lang.replace("_", "-"),
            "link_until": self._tell_in_language(self.link_expires_at),
        }

    def _keep_file(self, name, content):
        # sudo: ir.attachment: files of a report are written by its buttons only
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                    "company_id": self.company_id.id,
                }
            )
        )

    # TOOLS

    def _get_filename(self):
        """Return a name that tells of no disease: record number and day."""
        day = self.company_id._patient_local_date(self.issued_at)
        return f"{self.patient_id.mrn or self.id}-{day}.pdf"

    def _get_qr_uri(self, url):
        """Return an address as a QR code inside the page, drawn without any server."""
        drawing = createBarcodeDrawing(
            "QR", value=url, width=QR_SIZE, height=QR_SIZE, barLevel="M", barBorder=2
        )
        encoded = base64.b64encode(drawing.asString("svg").encode())
        return f"data:image/svg+xml;base64,{encoded.decode()}"

    def _tell_in_language(self, moment):
        return self.with_context(lang=self.lang)._tell_moment_day(moment)
