from odoo import fields, models


class PatientIndicatorSetLine(models.Model):
    """One indicator of a set, at its place."""

    _name = "patient.indicator.set.line"
    _description = "Indicator of a Set"
    _order = "set_id, sequence, id"
    _rec_name = "indicator_id"

    set_id = fields.Many2one(
        comodel_name="patient.indicator.set",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    indicator_id = fields.Many2one(
        comodel_name="patient.indicator", required=True, index=True, ondelete="cascade"
    )
    value_kind = fields.Selection(related="indicator_id.value_kind")
    unit_label = fields.Char(related="indicator_id.unit_label")

    _indicator_uniq = models.UniqueIndex(
        "(set_id, indicator_id)", "The set has this indicator already."
    )
