from odoo import fields, models

from ...models.complaint.patient_complaint import ASIDE_STATES
from ...tools.selections import get_selection


class PatientComplaintSetAside(models.TransientModel):
    """Asks for what the law wants to know when a complaint leaves the normal way."""

    _name = "patient.complaint.set.aside"
    _description = "Set a Complaint Aside"

    complaint_ids = fields.Many2many("patient.complaint", required=True)
    state = fields.Selection(
        selection=lambda self: [
            (key, label)
            for key, label in get_selection(self.env, "patient.complaint", "state")
            if key in ASIDE_STATES
        ],
        required=True,
        default="withdrawn",
    )
    reason = fields.Selection(
        selection=lambda self: get_selection(
            self.env, "patient.complaint", "not_accepted_reason"
        ),
    )
    note = fields.Text()

    # ACTIONS

    def action_confirm(self):
        self.ensure_one()
        values = {"state": self.state, "state_note": self.note}
        if self.state == "not_accepted":
            values["not_accepted_reason"] = self.reason
        self.complaint_ids.write(values)
        letters = self.complaint_ids._draft_explanations()
        if len(letters) == 1:
            return letters.action_open()
        return {"type": "ir.actions.act_window_close"}
