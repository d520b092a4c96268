from odoo import fields, models


class PatientComplaintProtect(models.TransientModel):
    """Tells what protecting a complaint does, and does it."""

    _name = "patient.complaint.protect"
    _description = "Protect the Identity"

    complaint_id = fields.Many2one(
        comodel_name="patient.complaint", required=True, readonly=True
    )
    protection = fields.Selection(
        selection=[("protected", "Protected"), ("anonymous", "Anonymous")],
        string="Identity",
        default="protected",
        required=True,
    )
    is_patient_hidden = fields.Boolean(
        string="Hide Patient and Visit",
        default=True,
        help="Leave it on when patient and complainant are the same person, or when the "
        "patient tells who complained.",
    )
    with_receipt = fields.Boolean(
        string="Give a Receipt Code",
        default=True,
        help="With the code, the complainant reads your answers and writes to you on the "
        "web page, without telling a name.",
    )

    # ACTIONS

    def action_confirm(self):
        self.ensure_one()
        complaint = self.complaint_id
        complaint.write(
            {
                "protection": self.protection,
                "is_patient_hidden": self.is_patient_hidden,
            }
        )
        if self.with_receipt:
            return complaint.action_draw_receipt()
        return {"type": "ir.actions.act_window_close"}
