from odoo import fields, models


class PatientHealthReportWithdraw(models.TransientModel):
    """Asks why a report is withdrawn; it stays in the record."""

    _name = "patient.health.report.withdraw"
    _description = "Withdrawal of a Health Report"

    report_id = fields.Many2one(
        comodel_name="patient.health.report", required=True, readonly=True
    )
    reason = fields.Char(help="Stays on the report.")

    # ACTIONS

    def action_confirm(self):
        self.ensure_one()
        self.report_id._withdraw(self.reason)
        return {"type": "ir.actions.act_window_close"}
