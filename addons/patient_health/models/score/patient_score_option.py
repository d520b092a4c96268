from odoo import api, fields, models

from odoo.addons.patient_relations.tools.nullable import NullableFloat

from ...tools import scoring


class PatientScoreOption(models.Model):
    """The points of an answer: of a choice, or of a range of numbers."""

    _name = "patient.score.option"
    _inherit = "patient.score.part"
    _description = "Points of an Item"
    _order = "item_id, sequence, id"

    item_id = fields.Many2one(
        comodel_name="patient.score.item", required=True, index=True, ondelete="cascade"
    )
    points = fields.Integer(required=True)
    # choices
    name = fields.Char(string="Answer", translate=True)
    code = fields.Char(help="Of a choice: a short word; of yes or no: yes or no.")
    # ranges
    value_from = NullableFloat(string="From", digits=(16, 2))
    with_from = fields.Boolean(string="From Included", default=True)
    value_to = NullableFloat(string="To", digits=(16, 2))
    with_to = fields.Boolean(string="To Included")
    sex = fields.Selection(
        selection=[("male", "Male"), ("female", "Female")], help="Empty for everybody."
    )

    _range_check = models.Constraint(
        "CHECK(value_from IS NULL OR value_to IS NULL OR value_from <= value_to)",
        "A range begins before it ends.",
    )
    _code_uniq = models.UniqueIndex(
        "(item_id, code) WHERE code IS NOT NULL",
        "The item has an answer with this code already.",
    )

    @api.depends("name", "code", "value_from", "value_to", "with_from", "with_to")
    def _compute_display_name(self):
        for option in self:
            option.display_name = (
                option.name or option.code or option._get_range_label()
            )

    # TOOLS

    def _get_scores(self):
        return self.item_id.score_id

    def _get_range_label(self):
        parts = []
        if self.value_from is not False:
            parts.append(f"{'≥' if self.with_from else '>'} {self.value_from:.10g}")
        if self.value_to is not False:
            parts.append(f"{'≤' if self.with_to else '<'} {self.value_to:.10g}")
        return " ".join(parts)

    def _get_option(self):
        """Return the points as the calculation knows them."""
        self.ensure_one()
        return scoring.Option(
            self.points,
            self.code or None,
            None if self.value_from is False else self.value_from,
            None if self.value_to is False else self.value_to,
            self.with_from,
            self.with_to,
            self.sex or None,
        )
