from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    patient_final_reply_approval = fields.Boolean(
        string="Final Replies Need Approval",
        default=True,
        help="A second person of the patient-relations office approves each final reply "
        "before it goes out. What is solved on the spot needs none; the explanation of not "
        "accepting always needs one.",
    )
