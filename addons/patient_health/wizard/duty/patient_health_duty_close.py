from odoo import fields, models


class PatientHealthDutyClose(models.TransientModel):
    """Asks what was done before a duty ends; several may end with the same note."""

    _name = "patient.health.duty.close"
    _description = "End a Duty"

    duty_ids = fields.Many2many(
        comodel_name="patient.health.duty", required=True, readonly=True
    )
    state = fields.Selection(
        selection=[("done", "Done"), ("not_needed", "Not Needed")],
        string="Outcome",
        default="done",
        required=True,
    )
    note = fields.Text(
        string="What Was Done",
        help="What the patient was told and what happens next, or why nothing is needed.",
    )

    # ACTIONS

    def action_confirm(self):
        self.ensure_one()
        self.duty_ids._close(self.state, self.note)
        return {"type": "ir.actions.act_window_close"}
