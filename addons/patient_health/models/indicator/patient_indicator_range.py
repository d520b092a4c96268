from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.patient_relations.tools.nullable import NullableFloat

from ...tools.bands import Band

# From the most dangerous low to the most dangerous high.
LINES = (
    "critical_low",
    "act_low",
    "normal_low",
    "normal_high",
    "act_high",
    "critical_high",
)


class PatientIndicatorRange(models.Model):
    """The lines that matter of an indicator, for a sex and an age.

    Normal runs from one number to the other, both included; at the other lines something
    has to be done, or done now.
    """

    _name = "patient.indicator.range"
    _inherit = "patient.indicator.part"
    _description = "Reference Range"
    _order = "indicator_id, sex, age_from, id"
    _rec_name = "indicator_id"

    sex = fields.Selection(
        selection=[("male", "Male"), ("female", "Female")],
        help="Empty for everybody.",
    )
    age_from = fields.Float(string="From Age", help="Years, included.")
    age_to = NullableFloat(string="To Age", help="Years, no longer included.")
    normal_low = NullableFloat(string="Normal from", digits=(16, 4))
    normal_high = NullableFloat(string="Normal to", digits=(16, 4))
    act_low = NullableFloat(string="Act at or below", digits=(16, 4))
    act_high = NullableFloat(string="Act at or above", digits=(16, 4))
    critical_low = NullableFloat(string="Act Now at or below", digits=(16, 4))
    critical_high = NullableFloat(string="Act Now at or above", digits=(16, 4))
    source = fields.Char(help="The guideline or rule that draws the lines.")

    _age_check = models.Constraint(
        "CHECK(age_from >= 0 AND (age_to IS NULL OR age_to > age_from))",
        "A range of ages begins at 0 or later and ends after it begins.",
    )

    @api.constrains(*LINES)
    def _check_lines(self):
        for line in self:
            drawn = [line[name] for name in LINES if line[name] is not False]
            if drawn != sorted(drawn):
                raise ValidationError(
                    self.env._(
                        "The lines of %(indicator)s are not in order. From low to high: "
                        "act now, act, normal, act, act now.",
                        indicator=line.indicator_id.name,
                    )
                )

    @api.constrains("indicator_id", "sex", "age_from", "age_to")
    def _check_overlap(self):
        for line in self:
            for other in line.indicator_id.range_ids - line:
                if other.sex == line.sex and line._overlaps(other):
                    raise ValidationError(
                        self.env._(
                            "%(indicator)s has two ranges for the same sex and age. Let "
                            "one end where the other begins.",
                            indicator=line.indicator_id.name,
                        )
                    )

    def _overlaps(self, other):
        ends = [line.age_to or float("inf") for line in (self, other)]
        return max(self.age_from, other.age_from) < min(ends)

    def _get_band(self):
        """Return the range as the ``Band`` of the calculation."""
        self.ensure_one()
        known = {name: self[name] for name in LINES if self[name] is not False}
        return Band(self.sex or None, self.age_from, self.age_to or None, **known)
