from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    patient_duty_max_age_days = fields.Integer(
        related="company_id.patient_duty_max_age_days", readonly=False
    )
