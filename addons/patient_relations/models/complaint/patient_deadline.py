from odoo import api, fields, models


class PatientDeadline(models.Model):
    """Clocks of complaints."""

    _inherit = "patient.deadline"

    complaint_id = fields.Many2one(
        comodel_name="patient.complaint",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    complaint_kind = fields.Selection(
        related="complaint_id.kind", store=True, precompute=True, string="Kind"
    )
    complaint_channel = fields.Selection(
        related="complaint_id.channel", store=True, precompute=True, string="Channel"
    )

    # one open clock of a rule for a complaint, whoever tells its events at once
    _complaint_uniq = models.UniqueIndex(
        "(complaint_id, rule_id) WHERE state IN ('running', 'paused')",
        "This deadline of the complaint is running already.",
    )

    @api.model
    def _get_scope_paths(self):
        return [
            *super()._get_scope_paths(),
            "complaint_id.company_id",
            "complaint_id.user_id",
            "complaint_id.lead_department_id",
            "complaint_id.first_department_id",
        ]
