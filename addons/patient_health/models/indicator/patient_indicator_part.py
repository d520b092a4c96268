from odoo import api, fields, models


class PatientIndicatorPart(models.AbstractModel):
    """A line of an indicator; indicators with their lines are kept in memory."""

    _name = "patient.indicator.part"
    _description = "Part of an Indicator"

    indicator_id = fields.Many2one(
        comodel_name="patient.indicator", required=True, index=True, ondelete="cascade"
    )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
