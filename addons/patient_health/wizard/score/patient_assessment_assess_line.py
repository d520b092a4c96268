import json

from odoo import api, fields, models

from odoo.addons.patient_relations.tools.selections import get_selection

from ...tools import scoring


class PatientAssessmentAssessLine(models.TransientModel):
    """One item on the page of an assessment, with the answer as it is typed."""

    _name = "patient.assessment.assess.line"
    _description = "Item of an Assessment"
    _order = "id"

    wizard_id = fields.Many2one(
        comodel_name="patient.assessment.assess",
        required=True,
        index=True,
        ondelete="cascade",
    )
    item_id = fields.Many2one(
        comodel_name="patient.score.item", required=True, ondelete="cascade"
    )
    answer = fields.Char(help="A number, the code of a choice, yes or no.")
    suggestion = fields.Char(help="What the record says.")
    origin = fields.Char()
    # for the page
    name = fields.Char(related="item_id.name", string="Question")
    kind = fields.Selection(related="item_id.kind")
    unit = fields.Char(compute="_compute_unit")
    choices = fields.Char(compute="_compute_choices")
    points_label = fields.Char(
        compute="_compute_points_label", string="Points", help="Empty while unknown."
    )

    @api.depends("item_id")
    def _compute_unit(self):
        for line in self:
            line.unit = line.item_id.unit_text or line.item_id.unit_code

    @api.depends("item_id")
    def _compute_choices(self):
        """Write the choices as JSON: a list of [code, label]."""
        answers = get_selection(self.env, "patient.measurement", "answer")
        for line in self:
            item = line.item_id
            choices = [
                [option.code, option.name or option.code] for option in item.option_ids
            ]
            if item.kind == scoring.YES_NO:
                choices = [list(choice) for choice in answers]
            line.choices = json.dumps([] if item.kind == scoring.NUMBER else choices)

    @api.depends("answer", "item_id", "wizard_id.line_ids.answer")
    def _compute_points_label(self):
        for line in self:
            points = line._get_points()
            line.points_label = "" if points is None else str(points)

    # TOOLS

    def _get_value(self):
        """Return the answer as the calculation wants it."""
        self.ensure_one()
        text = (self.answer or "").strip()
        if self.item_id.kind != scoring.NUMBER:
            return text or None
        return text.replace("．", ".").replace(",", ".") or None

    def _get_points(self):
        """Return the points of the answer, or None while it says nothing."""
        score = self.item_id.score_id
        if not score:
            return None
        table = score._get_table()
        values = {}
        for line in self.wizard_id.line_ids | self:
            [item] = [one for one in table.items if one.code == line.item_id.code] or [
                0
            ]
            value = line._get_value()
            if item and not scoring.is_missing(item, value):
                values[item.code] = scoring.normalize(item, value)
        if values.get(self.item_id.code) is None:
            return None
        [item] = [one for one in table.items if one.code == self.item_id.code]
        option = scoring.choose_option(table, item, values)
        return option and option.points
