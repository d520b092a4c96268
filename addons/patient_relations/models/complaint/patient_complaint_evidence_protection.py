from odoo import api, fields, models


class PatientComplaintEvidence(models.Model):
    """Files of protected complaints, which mostly tell who complained."""

    _inherit = "patient.complaint.evidence"

    reveals_identity = fields.Boolean(
        string="Tells Who Complained",
        compute="_compute_reveals_identity",
        store=True,
        precompute=True,
        readonly=False,
        help="On a protected complaint, such a file is read by identity custodians only. "
        "Take the mark away before saving when the file tells nothing of the person.",
    )
    is_hidden = fields.Boolean(
        compute="_compute_is_hidden",
        store=True,
        precompute=True,
        export_string_translation=False,
    )

    @api.depends("complaint_id")
    def _compute_reveals_identity(self):
        for evidence in self:
            evidence.reveals_identity = evidence.complaint_id.protection != "open"

    @api.depends("complaint_id.protection", "reveals_identity")
    def _compute_is_hidden(self):
        for evidence in self:
            evidence.is_hidden = (
                evidence.reveals_identity and evidence.complaint_id.protection != "open"
            )

    # TOOLS

    def _log_added(self):
        """Name no file in the history that only custodians may know."""
        hidden = self.filtered("is_hidden")
        super(PatientComplaintEvidence, self - hidden)._log_added()
        if hidden and not self.env.context.get("tracking_disable"):
            text = self.env._("Evidence added, for identity custodians only.")
            hidden.complaint_id._message_log_batch(
                bodies=dict.fromkeys(hidden.complaint_id.ids, text)
            )
