from odoo import fields, models
from odoo.exceptions import UserError


class PatientComplaintIdentityErase(models.TransientModel):
    """Deletes who complained for good; what is counted stays."""

    _name = "patient.complaint.identity.erase"
    _description = "Delete the Identity for Good"

    complaint_id = fields.Many2one(
        comodel_name="patient.complaint", required=True, readonly=True
    )
    reason = fields.Text(
        help="Everybody in the office reads the reason on the complaint."
    )
    with_files = fields.Boolean(
        string="Delete Hidden Files Too",
        default=True,
        help="Evidence that tells who complained, and the files of the correspondence.",
    )

    # ACTIONS

    def action_erase(self):
        self.ensure_one()
        complaint = self.complaint_id
        self._check_erasure()
        complaint._log_identity_access("erased", self.reason.strip())
        complaint._get_identity()._erase()
        if self.with_files:
            self._delete_files()
        return {"type": "ir.actions.act_window_close"}

    # BUSINESS

    def _check_erasure(self):
        complaint = self.complaint_id
        complaint.check_access("unlink")
        if complaint.protection == "open":
            raise UserError(
                self.env._(
                    "%(complaint)s is not protected. Protect it first: that takes the "
                    "identity out of its history as well.",
                    complaint=complaint.name,
                )
            )
        if not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "Say why the identity behind %(complaint)s is deleted. The reason is "
                    "kept, and the office reads it.",
                    complaint=complaint.name,
                )
            )

    def _delete_files(self):
        # sudo: patient.complaint.evidence, ir.attachment: a manager deletes what only
        # custodians may read
        complaint_sudo = self.complaint_id.sudo()
        complaint_sudo.evidence_ids.filtered("is_hidden").unlink()
        complaint_sudo.env["ir.attachment"].search(
            [
                ("res_model", "=", complaint_sudo._name),
                ("res_id", "=", complaint_sudo.id),
            ]
        ).unlink()
