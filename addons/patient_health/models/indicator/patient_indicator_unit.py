from odoo import fields, models


class PatientIndicatorUnit(models.Model):
    """A conversion that UCUM cannot know: value × factor + offset."""

    _name = "patient.indicator.unit"
    _inherit = "patient.indicator.part"
    _description = "Conversion of an Indicator"
    _order = "indicator_id, unit_code"
    _rec_name = "unit_code"

    unit_code = fields.Char(string="Unit", required=True)
    factor = fields.Float(digits=(16, 8), default=1.0, required=True)
    offset = fields.Float(digits=(16, 8))
    source = fields.Char()

    _unit_uniq = models.UniqueIndex(
        "(indicator_id, unit_code)", "The indicator converts this unit already."
    )
    _factor_check = models.Constraint(
        "CHECK(factor != 0)", "The factor of a conversion is not zero."
    )
