from odoo import fields, models


class PatientInterventionTrigger(models.Model):
    """A value for which a piece of advice is proposed."""

    _name = "patient.intervention.trigger"
    _description = "Value That Calls for Advice"
    _order = "template_id, id"

    template_id = fields.Many2one(
        comodel_name="patient.intervention.template",
        required=True,
        index=True,
        ondelete="cascade",
    )
    indicator_id = fields.Many2one(
        comodel_name="patient.indicator", required=True, index=True, ondelete="cascade"
    )
    level = fields.Selection(
        selection=[("abnormal", "Abnormal"), ("act", "Act"), ("critical", "Act Now")],
        string="From Level",
        default="abnormal",
        required=True,
        help="This level, or a worse one.",
    )
    side = fields.Selection(
        selection=[("low", "Low"), ("high", "High")], help="Empty for both."
    )
    max_age_days = fields.Integer(
        string="Not Older Than (Days)",
        default=365,
        required=True,
        help="Of the latest value. What was measured long ago calls for a new value.",
    )

    _age_check = models.Constraint(
        "CHECK(max_age_days > 0)", "A value may be at least one day old."
    )

    # BUSINESS

    def _fits(self, measurement, now):
        """Tell whether the latest value of the indicator calls for the advice."""
        self.ensure_one()
        levels = ("abnormal", "act", "critical")
        return (
            measurement.level in levels[levels.index(self.level) :]
            and (not self.side or measurement.side == self.side)
            and (now - measurement.effective_at).days <= self.max_age_days
        )
