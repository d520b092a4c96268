import csv
import hashlib
import io
import re
import zipfile

from odoo import fields, models

REPORT = "patient_relations.patient_complaint_dossier_action_report"
# What file systems do not take in a name.
FORBIDDEN = re.compile(r'[\x00-\x1f\\/:*?"<>|]+')
NAME_LENGTH = 80


class PatientComplaint(models.Model):
    """The dossier (卷宗): everything about a complaint, in order, with fingerprints."""

    _inherit = "patient.complaint"

    # ACTIONS

    def action_download_dossier(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/patient/complaint/{self.id}/dossier",
            "target": "download",
        }

    # BUSINESS

    def _write_dossier(self, stream):
        """Write the dossier as a zip into a binary stream.

        It holds the PDF, the files, and ``manifest.csv`` with the SHA-256 of each as
        it is in the zip, beside the one that was taken when the file arrived.
        """
        self.ensure_one()
        rows = []
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content, recorded, note in self._get_dossier_files():
                archive.writestr(name, content)
                digest = hashlib.sha256(content).hexdigest()
                rows.append((name, len(content), digest, recorded or "", note or ""))
            archive.writestr("manifest.csv", self._get_dossier_manifest(rows))
        self._message_log(body=self.env._("The dossier was downloaded."))

    def _get_dossier_files(self):
        """Yield (name, bytes, SHA-256 on arrival, description) of what is in the zip.

        Rooms add theirs. Who may not read a file does not find it in the dossier.
        """
        report = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        pdf, _kind = report._render_qweb_pdf(REPORT, self.ids)
        yield f"{self._get_dossier_name()}.pdf", pdf, None, self.env._("Dossier")
        for number, evidence in enumerate(self.evidence_ids, start=1):
            yield (
                f"evidence/{number:02d} {clean(evidence.filename or evidence.name)}",
                evidence._get_content(),
                evidence.sha256,
                evidence.name,
            )

    def _get_dossier_manifest(self, rows):
        """Return the list of files as CSV that a spreadsheet opens with its signs."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(
            [
                self.env._("File"),
                self.env._("Size (bytes)"),
                self.env._("SHA-256 in this dossier"),
                self.env._("SHA-256 on arrival"),
                self.env._("Description"),
            ]
        )
        writer.writerows(
            [name, size, digest, recorded, quote(note)]
            for name, size, digest, recorded, note in rows
        )
        return text.getvalue().encode("utf-8-sig")

    def _get_dossier_name(self):
        return clean(self.name)

    # what the pages show

    def _get_dossier_time(self, moment):
        """Return a moment on the hospital's clock, to the minute, as text."""
        self.ensure_one()
        if not moment:
            return ""
        return self.company_id._patient_local_time(moment).strftime("%Y-%m-%d %H:%M")

    def _get_dossier_deadlines(self):
        return self.deadline_ids.sorted("started_at")

    def _get_dossier_history(self):
        """Return the messages of the complaint, the oldest first."""
        return self.message_ids.filtered(
            lambda message: (
                message.message_type in ("comment", "email", "email_outgoing", "sms")
                and message.body
            )
        ).sorted(lambda message: (message.date, message.id))

    def _get_dossier_printed_at(self):
        return self._get_dossier_time(fields.Datetime.now())


# TOOLS


def clean(name):
    """Return a name as a part of a path that every file system takes."""
    return FORBIDDEN.sub("_", name or "").strip(" .")[:NAME_LENGTH] or "_"


def quote(text):
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
