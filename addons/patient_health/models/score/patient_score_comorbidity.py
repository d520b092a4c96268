from odoo import fields, models

from ...tools import scoring


class PatientScoreComorbidity(models.Model):
    """A disease of the comorbidity index and its weight in a score."""

    _name = "patient.score.comorbidity"
    _inherit = "patient.score.part"
    _description = "Comorbidity of a Score"
    _order = "item_id, sequence, id"

    item_id = fields.Many2one(
        comodel_name="patient.score.item", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(string="Disease", required=True, translate=True)
    weight = fields.Integer(default=1, required=True)
    family = fields.Char(
        help="Of diseases with the same word here only the heaviest counts: diabetes with "
        "and without complications."
    )
    code_ids = fields.One2many(
        "patient.score.code", "comorbidity_id", string="Codes", copy=True
    )

    _weight_check = models.Constraint(
        "CHECK(weight > 0)", "The weight of a comorbidity is greater than zero."
    )

    # TOOLS

    def _get_scores(self):
        return self.item_id.score_id

    def _get_comorbidity(self):
        """Return the disease as the calculation knows it."""
        self.ensure_one()
        return scoring.Comorbidity(
            self.id,
            self.weight,
            self.family or None,
            tuple(row._get_row() for row in self.code_ids),
        )
