from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    patient_deadline_regime_ids = fields.Many2many(
        related="company_id.patient_deadline_regime_ids", readonly=False
    )
    patient_office_manager_id = fields.Many2one(
        related="company_id.patient_office_manager_id", readonly=False
    )
    patient_leader_id = fields.Many2one(
        related="company_id.patient_leader_id", readonly=False
    )
    patient_quiet_from = fields.Float(
        related="company_id.patient_quiet_from", readonly=False
    )
    patient_quiet_to = fields.Float(
        related="company_id.patient_quiet_to", readonly=False
    )
    patient_digest_hours = fields.Integer(
        related="company_id.patient_digest_hours", readonly=False
    )
