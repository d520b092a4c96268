from odoo import fields, models


class PatientComplaintReplySendBack(models.TransientModel):
    """Asks why a reply returns to its author."""

    _name = "patient.complaint.reply.send.back"
    _description = "Send a Reply Back"

    reply_id = fields.Many2one(
        comodel_name="patient.complaint.reply", required=True, ondelete="cascade"
    )
    reason = fields.Text(required=True, help="What is to be written otherwise.")

    # ACTIONS

    def action_confirm(self):
        self.ensure_one()
        self.reply_id._send_back(self.reason)
        return {"type": "ir.actions.act_window_close"}
