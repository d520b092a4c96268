from odoo import fields, models


class PatientComplaintSendBack(models.TransientModel):
    """Asks why an answer is sent back, or a question cancelled."""

    _name = "patient.complaint.send.back"
    _description = "Send an Answer Back"

    inquiry_ids = fields.Many2many("patient.complaint.inquiry", required=True)
    state = fields.Selection(
        selection=[("sent_back", "Send Back"), ("cancelled", "Cancel the Question")],
        default="sent_back",
        required=True,
    )
    reason = fields.Text(required=True)

    # ACTIONS

    def action_confirm(self):
        self.ensure_one()
        if self.state == "sent_back":
            self.inquiry_ids._send_back(self.reason)
        else:
            self.inquiry_ids._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
