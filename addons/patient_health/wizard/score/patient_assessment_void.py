from odoo import fields, models


class PatientAssessmentVoid(models.TransientModel):
    """Asks why an assessment was an error; it stays in the record."""

    _name = "patient.assessment.void"
    _description = "Assessment in Error"

    assessment_id = fields.Many2one(
        comodel_name="patient.assessment", required=True, readonly=True
    )
    reason = fields.Char(help="Stays in the record beside the assessment.")

    # ACTIONS

    def action_confirm(self):
        self.ensure_one()
        self.assessment_id._void(self.reason)
        return {"type": "ir.actions.act_window_close"}
