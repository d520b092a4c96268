import csv
import hashlib
import io
import re
import zipfile

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import is_html_empty

from ...tools import redaction
from .patient_complaint_reply import GONE_STATES

REPORT = "patient_relations.patient_complaint_dossier_action_report"
# What file systems do not take in a name.
FORBIDDEN = re.compile(r'[\x00-\x1f\\/:*?"<>|]+')
NAME_LENGTH = 80


class PatientComplaint(models.Model):
    """The dossier (卷宗): everything about a complaint, in order, with fingerprints.

    SPECIFICATIONS:
    - It holds what its user may read, and leaves out the rest.
    - It is handed on, and so never tells a protected identity, whoever prints it: the vault
      is not read; files and letters that may tell who complained stay in the house.
    - Drafts of replies are no part of it: only what went out is an answer.
    """

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
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        pdf, _kind = report._render_qweb_pdf(REPORT, self.ids)
        yield f"{self._get_dossier_name()}.pdf", pdf, None, self.env._("Dossier")
        yield from self._get_evidence_files()
        yield from self._get_letter_files()

    def _get_evidence_files(self):
        """Yield the files of the evidence as ``_get_dossier_files`` does."""
        for number, evidence in enumerate(self._get_dossier_evidence(), start=1):
            yield (
                f"evidence/{number:02d} {clean(evidence.filename or evidence.name)}",
                evidence._get_content(),
                evidence.sha256,
                evidence.name,
            )

    def _get_letter_files(self):
        """Yield the letters, byte for byte as they went out."""
        letters = self._get_dossier_replies().filtered("letter_id")
        for number, reply in enumerate(letters, start=1):
            if self._is_dossier_protected():
                break
            yield (
                f"replies/{number:02d} {clean(reply.letter_id.name)}",
                reply.letter_id.raw,
                reply.sha256,
                reply.display_name,
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
                self.env._("SHA-256 on arrival or dispatch"),
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

    def _is_dossier_protected(self):
        """Tell whether who complained must not be told."""
        self.ensure_one()
        return self.protection != "open"

    def _get_dossier_hider(self):
        """Return a function that takes the people who got answers out of a text.

        On a protected complaint somebody may have written their names by hand since, in a
        reply, a question or the story of its new facts. The vault is asked for one thing
        only: what to leave out.
        """
        if not self._is_dossier_protected():
            return lambda text: text
        replies = self._get_dossier_records("patient.complaint.reply")
        tellers = self._get_dossier_reopenings().mapped("told_by")
        pattern = redaction.get_pattern(
            [
                *replies.mapped("receiver_name"),
                *replies.mapped("receiver_email"),
                *tellers,
            ],
            [],
        )
        parts = (self._get_patterns().get(self.id), pattern)
        whole = "|".join(part for part in parts if part)
        return lambda text: redaction.redact(text, whole)

    def _get_dossier_records(self, model, order="id"):
        """Return what the user may read of one of the rooms about this complaint.

        Searched for, because a field in memory may hold what another user may read.
        """
        self.ensure_one()
        records = self.env[model]
        if not records.has_access("read"):
            return records
        return records.search(Domain("complaint_id", "=", self.id), order=order)

    def _get_dossier_handovers(self):
        return self._get_dossier_records("patient.complaint.handover")

    def _get_dossier_problems(self):
        return self._get_dossier_records("patient.complaint.problem", "sequence, id")

    def _get_dossier_deadlines(self):
        return self._get_dossier_records("patient.deadline", "started_at, id")

    def _get_dossier_inquiries(self):
        return self._get_dossier_records("patient.complaint.inquiry", "asked_at, id")

    def _get_dossier_evidence(self):
        """Return the evidence that does not tell a protected identity."""
        evidence = self._get_dossier_records("patient.complaint.evidence")
        return evidence.filtered(lambda one: not one.is_hidden)

    def _get_dossier_conversation(self):
        return self._get_dossier_records("patient.complaint.thread.message")

    def _get_dossier_replies(self):
        """Return the replies that went out, the superseded ones with them."""
        replies = self._get_dossier_records("patient.complaint.reply", "replied_at, id")
        return replies.filtered(lambda reply: reply.state in GONE_STATES)

    def _get_dossier_remedies(self):
        return self._get_dossier_records("patient.complaint.remedy")

    def _get_dossier_reopenings(self):
        return self._get_dossier_records("patient.complaint.reopening")

    def _get_dossier_openings(self):
        """Return who opened the protected identity, and why: the log, not the vault."""
        return self._get_dossier_records("patient.complaint.identity.access")

    def _get_dossier_history(self):
        """Return the messages of the complaint with words in them, the oldest first.

        Internal notes are among them, and what the rooms wrote: an answer that a later one
        replaced is only there.
        """
        self.ensure_one()
        messages = self.env["mail.message"].search(
            Domain("model", "=", self._name)
            & Domain("res_id", "=", self.id)
            & Domain("message_type", "!=", "user_notification")
        )
        return messages.filtered(
            lambda message: not is_html_empty(message.body)
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
