import io
import logging
import traceback

from odoo import fields, models

from ..tools import bundle as bundles, files, intake
from ..tools.outcome import Problem

_logger = logging.getLogger(__name__)


class PatientFhirImportFile(models.Model):
    _name = "patient.fhir.import.file"
    _description = "Bundle of a FHIR Import"
    _order = "import_id desc, id"

    name = fields.Char(required=True, readonly=True)
    import_id = fields.Many2one(
        comodel_name="patient.fhir.import",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="import_id.company_id", store=True, precompute=True, index=True
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    member = fields.Char(
        readonly=True, help="The name inside a zip, as the zip spells it."
    )
    state = fields.Selection(
        selection=[("waiting", "Waiting"), ("done", "Done"), ("rejected", "Rejected")],
        required=True,
        default="waiting",
        readonly=True,
    )
    entry_count = fields.Integer(string="Entries", readonly=True)
    ended_at = fields.Datetime(readonly=True)

    _waiting_idx = models.Index("(import_id, id) WHERE state = 'waiting'")

    # BUSINESS

    def _keep(self):
        """Keep this Bundle with its counts and rejects; a fault stays with this row."""
        self.ensure_one()
        try:
            taken = self._take()
        except Problem as problem:
            self._reject(problem)
            return
        refused = [entry for entry in taken.entries if entry.problem]
        # sudo: patient.fhir.import: the run keeps its own books
        self_sudo = self.sudo()
        self_sudo.env["patient.fhir.import.reject"].create(
            [vals for entry in refused for vals in self_sudo._get_reject_vals(entry)]
        )
        self_sudo.import_id._add_counts(intake.count(taken.entries))
        self_sudo.write(
            {
                "state": "rejected" if taken.refusal() else "done",
                "entry_count": len(taken.entries),
                "ended_at": fields.Datetime.now(),
            }
        )

    def _take(self):
        """Return the Intake of this Bundle.

        :raise Problem: when it is no Bundle
        """
        exchange = self.env["patient.fhir.exchange"]
        bundle = bundles.parse(self._read(), exchange._get_max_bytes())
        bundles.check_shell(bundle, bundles.FILE_TYPES, exchange._get_max_entries())
        return exchange._take(bundle, self.import_id.source)

    def _read(self):
        """Return the bytes of the Bundle; of one that is too large just enough to tell."""
        max_bytes = self.env["patient.fhir.exchange"]._get_max_bytes()
        with self._open() as content:
            if self.member:
                return files.read_member(content, self.member, max_bytes)
            return content.read(max_bytes + 1)

    def _open(self):
        """Open what was handed in; a zip is read from disk, never as a whole."""
        # sudo: ir.attachment: what was handed in with this run
        attachment_sudo = self.sudo().attachment_id
        if attachment_sudo.store_fname:
            return open(attachment_sudo._full_path(attachment_sudo.store_fname), "rb")
        return io.BytesIO(attachment_sudo.raw or b"")

    def _give_up(self, error):
        """Reject the row for a fault of ours, so that the run goes on with the others."""
        # Where it happened, and no more: the text of the error may name a patient.
        _logger.error(
            "FHIR import: row %s failed with %s\n%s",
            self.id,
            type(error).__name__,
            "".join(traceback.format_tb(error.__traceback__)),
        )
        text = self.env._("The server failed; its log has the cause.")
        self._reject(Problem.of(500, "exception", text))

    def _reject(self, problem):
        """Mark the whole row as rejected, with the reasons."""
        # sudo: patient.fhir.import: the run keeps its own books
        self_sudo = self.sudo()
        self_sudo.env["patient.fhir.import.reject"].create(
            [self_sudo._get_issue_vals(issue) for issue in problem.issues]
        )
        row = {**dict.fromkeys(intake.OUTCOMES, 0), "rejected": 1}
        self_sudo.import_id._add_counts({"Bundle": row})
        self_sudo.write({"state": "rejected", "ended_at": fields.Datetime.now()})

    def _get_reject_vals(self, entry):
        """Return the rows of an entry that was rejected; none for the sound rest."""
        if entry.problem.of_the_rest:
            return []
        source_id = entry.keys[0][1] if entry.keys else entry.full_url
        return [
            {
                **self._get_issue_vals(issue),
                "entry": entry.index,
                "resource_type": entry.kind,
                "source_id": source_id,
            }
            for issue in entry.problem.issues
        ]

    def _get_issue_vals(self, issue):
        translate = self.env["patient.fhir.exchange"]._translate
        return {
            "import_id": self.import_id.id,
            "file_id": self.id,
            "entry": -1,
            "resource_type": "Bundle",
            "code": issue.code,
            "path": issue.path,
            "message": translate(issue.text),
        }
