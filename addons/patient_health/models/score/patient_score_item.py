from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.patient_relations.tools.nullable import NullableFloat

from ...tools import scoring, units


class PatientScoreItem(models.Model):
    """One question of a score: filled from the record where that has the fact."""

    _name = "patient.score.item"
    _inherit = "patient.score.part"
    _description = "Item of a Score"
    _order = "score_id, sequence, id"

    score_id = fields.Many2one(
        comodel_name="patient.score", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(string="Question", required=True, translate=True)
    code = fields.Char(required=True, help="A short name without spaces: stay_days.")
    kind = fields.Selection(
        selection=[
            (scoring.NUMBER, "Number"),
            (scoring.CHOICE, "Choice"),
            (scoring.YES_NO, "Yes or No"),
        ],
        default="number",
        required=True,
    )
    # numbers
    unit_code = fields.Char(
        string="Unit",
        help="The unit (UCUM) in which the score was published. Values of the record are "
        "converted.",
    )
    unit_text = fields.Char(
        string="Unit on Screens", translate=True, help="How people write it: g/dL."
    )
    is_whole = fields.Boolean(string="Whole Numbers")
    lowest = NullableFloat(help="Smaller numbers are refused.", digits=(16, 2))
    highest = NullableFloat(help="Greater numbers are refused.", digits=(16, 2))
    # where the value comes from
    fact = fields.Selection(
        selection=[
            ("asked", "Asked"),
            ("age", "Age in Full Years"),
            ("sex", "Sex"),
            ("encounter_class", "Class of the Visit"),
            ("stay_days", "Days of Stay"),
            ("emergency_admission", "Admission through Emergency"),
            ("emergency_visits", "Emergency Visits before"),
            ("admissions", "Admissions before"),
            ("condition", "Diagnosis"),
            ("measurement", "Latest Measurement"),
            ("charlson", "Comorbidity Index (Charlson)"),
        ],
        string="Filled by",
        default="asked",
        required=True,
    )
    indicator_id = fields.Many2one(
        comodel_name="patient.indicator", index="btree_not_null", ondelete="restrict"
    )
    window_days = fields.Integer(
        string="Not Older than (days)",
        default=365,
        help="An older measurement does not count: the value is asked for.",
    )
    window_months = fields.Integer(
        string="Months Back",
        default=6,
        help="Visits that began in so many months before the stay, which itself does not "
        "count, nor the emergency visit that led to it.",
    )
    window_hours = fields.Integer(
        string="Hours to the Admission",
        default=24,
        help="An emergency visit that ended at most so many hours before the stay led to "
        "it.",
    )
    absence_is_no = fields.Boolean(
        string="No Diagnosis Means No",
        default=True,
        help="Off where the record cannot know: then the question is asked.",
    )
    only_active = fields.Boolean(
        string="Only Active Diseases",
        help="Off where a disease of the past counts as well.",
    )
    code_ids = fields.One2many(
        "patient.score.code", "item_id", string="Codes", copy=True
    )
    comorbidity_ids = fields.One2many(
        "patient.score.comorbidity", "item_id", string="Comorbidities", copy=True
    )
    # points
    option_ids = fields.One2many(
        "patient.score.option", "item_id", string="Points", copy=True
    )

    _code_uniq = models.UniqueIndex(
        "(score_id, code)", "The score has an item with this code already."
    )
    _measurement_check = models.Constraint(
        "CHECK(fact != 'measurement' OR indicator_id IS NOT NULL)",
        "Say which indicator the latest measurement is of.",
    )
    _window_check = models.Constraint(
        "CHECK(window_days > 0 AND window_months > 0 AND window_hours > 0)",
        "A time to look back is longer than zero.",
    )

    @api.constrains("unit_code", "indicator_id")
    def _check_unit(self):
        for item in self.filtered(lambda one: one.unit_code and one.indicator_id):
            try:
                item._get_conversion()
            except units.UnitError as error:
                raise ValidationError(
                    self.env._(
                        "%(item)s: there is no way from %(unit)s of the indicator to "
                        "%(wanted)s.",
                        item=item.name,
                        unit=item.indicator_id.unit_code,
                        wanted=item.unit_code,
                    )
                ) from error

    @api.constrains("fact", "score_id")
    def _check_sex_once(self):
        for score in self.score_id:
            if len(score.item_ids.filtered(lambda item: item.fact == "sex")) > 1:
                raise ValidationError(
                    self.env._("%(score)s asks twice for the sex.", score=score.name)
                )

    # TOOLS

    def _get_scores(self):
        return self.score_id

    def _get_item(self):
        """Return the item as the calculation knows it."""
        self.ensure_one()
        return scoring.Item(
            self.code,
            self.kind,
            tuple(option._get_option() for option in self.option_ids),
            None if self.lowest is False else self.lowest,
            None if self.highest is False else self.highest,
            self.is_whole,
        )

    def _get_conversion(self):
        """Return (factor, offset) from the unit of the indicator to that of the item.

        :raise UnitError: where there is no way between the two
        """
        self.ensure_one()
        indicator = self.indicator_id
        if not self.unit_code or self.unit_code == indicator.unit_code:
            return 1.0, 0.0
        return units.get_conversion(
            indicator.unit_code, self.unit_code, indicator.molar_mass or None
        )

    def _write_value(self, value):
        """Return a normalized value as it is kept and typed."""
        self.ensure_one()
        return f"{value:.10g}" if self.kind == scoring.NUMBER else value

    def _format_value(self, value):
        """Return a value as people read it: a number with its unit, or a label.

        :param value: a number, the code of a choice, "yes" or "no"
        """
        self.ensure_one()
        if self.kind == scoring.NUMBER:
            unit = self.unit_text or self.unit_code
            return f"{value:.10g} {unit}" if unit else f"{value:.10g}"
        if self.kind == scoring.YES_NO:
            return self.env._("Yes") if value == "yes" else self.env._("No")
        labels = {option.code: option.name for option in self.option_ids}
        return labels.get(value) or str(value)

    def _get_permitted_numbers(self):
        """Return from where to where numbers are permitted, for messages."""
        self.ensure_one()
        lows = [option.value_from for option in self.option_ids]
        highs = [option.value_to for option in self.option_ids]
        low = self.lowest if self.lowest is not False else min(lows, default=False)
        high = self.highest if self.highest is not False else max(highs, default=False)
        words = {
            "low": "−∞" if False in lows and self.lowest is False else f"{low:.10g}",
            "high": "∞" if False in highs and self.highest is False else f"{high:.10g}",
            "unit": self.unit_text or self.unit_code or "",
        }
        if self.is_whole:
            return self.env._(
                "whole numbers from %(low)s to %(high)s %(unit)s", **words
            ).strip()
        return self.env._("from %(low)s to %(high)s %(unit)s", **words).strip()
