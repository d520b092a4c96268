import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import human_size
from odoo.tools.mimetypes import guess_mimetype


class PatientComplaintEvidence(models.Model):
    """A file that proves something about a complaint, with its digital fingerprint.

    The fingerprint (SHA-256) is taken once, of the bytes as they arrive. Content never
    changes afterwards: a better picture is further evidence.
    """

    _name = "patient.complaint.evidence"
    _inherit = "patient.complaint.part"
    _description = "Complaint Evidence"
    _order = "id"

    name = fields.Char(string="Description", required=True)
    kind = fields.Selection(
        selection=[
            ("photo", "Photograph"),
            ("audio", "Sound"),
            ("video", "Video"),
            ("document", "Document"),
            ("recording", "Call Recording"),
            ("letter", "Letter"),
            ("other", "Other"),
        ],
        default="document",
        required=True,
    )
    # content
    datas = fields.Binary(string="File", required=True)
    filename = fields.Char(string="File Name")
    sha256 = fields.Char(
        string="SHA-256",
        readonly=True,
        copy=False,
        help="Fingerprint of the file: the smallest change gives another one.",
    )
    size = fields.Integer(string="Size (bytes)", readonly=True, copy=False)
    size_text = fields.Char(compute="_compute_size_text", string="Size")
    mimetype = fields.Char(string="Type", readonly=True, copy=False)

    _sha256_check = models.Constraint(
        "CHECK(length(sha256) = 64)", "Evidence needs the fingerprint of its file."
    )

    _content_fields = frozenset({"datas", "filename", "sha256", "size", "mimetype"})

    @api.depends("size")
    def _compute_size_text(self):
        for evidence in self:
            evidence.size_text = human_size(evidence.size)

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create([self._prepare_content(vals) for vals in vals_list])
        records.complaint_id.check_access("write")
        records._log_added()
        return records

    def write(self, vals):
        changed = self._content_fields & vals.keys()
        if changed and self:
            raise UserError(
                self.env._(
                    "“%(name)s” of complaint %(complaint)s is evidence: its content cannot "
                    "be changed. Add the new file as further evidence.",
                    name=self[0].name,
                    complaint=self[0].complaint_id.name,
                )
            )
        if "complaint_id" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "Evidence stays with its complaint. Merge the complaints instead."
                )
            )
        return super().write(vals)

    # ACTIONS

    def action_verify(self):
        """Compute the fingerprint of the stored file again and tell the result."""
        self.ensure_one()
        same = self._get_digest(self._get_content()) == self.sha256
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if same else "danger",
                "sticky": not same,
                "message": self.env._("“%(name)s” is unchanged.", name=self.name)
                if same
                else self.env._(
                    "“%(name)s” is not the file that was added: its fingerprint differs.",
                    name=self.name,
                ),
            },
        }

    # TOOLS

    @api.model
    def _prepare_content(self, vals):
        """Return the values with fingerprint, size and type of the file in them."""
        try:
            content = base64.b64decode(vals.get("datas") or b"")
        except (binascii.Error, ValueError):
            content = b""
        if not content:
            raise UserError(
                self.env._(
                    "Evidence needs a file. Choose one, and see that it is not empty."
                )
            )
        filename = vals.get("filename") or vals.get("name")
        return {
            **vals,
            "name": vals.get("name") or filename,
            "filename": filename,
            "sha256": self._get_digest(content),
            "size": len(content),
            "mimetype": guess_mimetype(content),
        }

    @api.model
    def _get_digest(self, content):
        return hashlib.sha256(content).hexdigest()

    def _get_content(self):
        self.ensure_one()
        return base64.b64decode(self.with_context(bin_size=False).datas or b"")

    def _log_added(self):
        """Tell the history of each complaint what came, in one batch."""
        if self.env.context.get("tracking_disable"):
            return
        bodies = {
            complaint.id: self.env._(
                "Evidence added: %(files)s",
                files="; ".join(
                    f"{evidence.name} (SHA-256 {evidence.sha256[:12]}…)"
                    for evidence in evidences
                ),
            )
            for complaint, evidences in self.grouped("complaint_id").items()
        }
        self.complaint_id._message_log_batch(bodies=bodies)
