from odoo import fields, models

from ...tools.selections import get_selection


class PatientDeadlineSuspend(models.TransientModel):
    """Asks why the time stops."""

    _name = "patient.deadline.suspend"
    _description = "Pause Deadlines"

    record_ref = fields.Reference(
        selection=lambda self: self.env["patient.deadline.rule"]._selection_res_model(),
        string="Record",
        required=True,
        readonly=True,
    )
    reason = fields.Selection(
        selection=lambda self: get_selection(
            self.env, "patient.deadline.pause", "reason"
        ),
        required=True,
    )
    note = fields.Char()

    # ACTIONS

    def action_pause(self):
        self.ensure_one()
        self.record_ref._pause_deadlines(self.reason, self.note)
        return {"type": "ir.actions.act_window_close"}
