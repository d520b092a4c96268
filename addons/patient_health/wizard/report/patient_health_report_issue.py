from odoo import api, fields, models


class PatientHealthReportIssue(models.TransientModel):
    """Puts a health report of one patient together, from the patient's file."""

    _name = "patient.health.report.issue"
    _inherit = ["patient.health.report.choice"]
    _description = "Issue of a Health Report"

    patient_id = fields.Many2one(
        comodel_name="patient.patient", required=True, readonly=True
    )
    section_ids = fields.Many2many(
        relation="patient_health_report_issue_section_rel",
        column1="issue_id",
        column2="section_id",
    )
    with_link = fields.Boolean(
        compute="_compute_with_link", store=True, readonly=False, default=None
    )
    is_sensitive = fields.Boolean(
        string="With Sensitive Values",
        groups="patient_health.patient_health_group_sensitive",
        help="The report tells of sensitive values and scores, too.",
    )
    link_notice = fields.Char(compute="_compute_link_notice", string="No QR Code")

    @api.depends("patient_id")
    def _compute_with_link(self):
        for dialog in self:
            dialog.with_link = not dialog.link_notice

    @api.depends("patient_id")
    @api.depends_context("lang")
    def _compute_link_notice(self):
        for dialog in self:
            patient = dialog.patient_id
            dialog.link_notice = patient and patient._get_report_link_problem()

    # ACTIONS

    def action_issue(self):
        """Issue the report and open it."""
        report = self._create_report()
        report.action_issue()
        return report._get_open_action()

    def action_draft(self):
        """Keep the choices as a draft and open it."""
        return self._create_report()._get_open_action()

    # BUSINESS

    def _create_report(self):
        self.ensure_one()
        vals = {**self._get_choices(), "patient_id": self.patient_id.id}
        # whoever has not the right to sensitive values is not asked
        if self._has_field_access(self._fields["is_sensitive"], "read"):
            vals["is_sensitive"] = self.is_sensitive
        return self.env["patient.health.report"].create(vals)
