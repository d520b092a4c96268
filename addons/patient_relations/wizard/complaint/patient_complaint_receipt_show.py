from odoo import fields, models


class PatientComplaintReceiptShow(models.TransientModel):
    """Shows a receipt code once; it is in no column and cannot be shown again."""

    _name = "patient.complaint.receipt.show"
    _description = "Receipt Code for the Complainant"

    complaint_id = fields.Many2one(
        comodel_name="patient.complaint", required=True, readonly=True
    )
    code = fields.Char(string="Receipt Code", store=False)

    # ACTIONS

    def action_done(self):
        return self.complaint_id._get_form_action()
