from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    patient_final_reply_approval = fields.Boolean(
        related="company_id.patient_final_reply_approval", readonly=False
    )
