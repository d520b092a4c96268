from odoo import fields, models


class PatientIndicatorSet(models.Model):
    """Indicators that are entered together, in the order in which they are measured."""

    _name = "patient.indicator.set"
    _description = "Set of Indicators"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=100)
    line_ids = fields.One2many(
        "patient.indicator.set.line", "set_id", string="Indicators", copy=True
    )
    note = fields.Char(
        translate=True, help="For whom or when the set is meant, in a few words."
    )

    # BUSINESS

    def _get_indicators(self):
        """Return the indicators in their order; sensitive ones with that right only."""
        self.ensure_one()
        indicators = self.line_ids.indicator_id.filtered("active")
        if self.env.user.has_group("patient_health.patient_health_group_sensitive"):
            return indicators
        return indicators.filtered(lambda indicator: not indicator.is_sensitive)
