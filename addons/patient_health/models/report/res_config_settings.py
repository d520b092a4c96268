from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    patient_report_link_days = fields.Integer(
        related="company_id.patient_report_link_days", readonly=False
    )
