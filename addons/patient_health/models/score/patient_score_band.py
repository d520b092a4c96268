from odoo import fields, models

from ...tools import scoring

LEVELS = [
    ("normal", "Normal"),
    ("abnormal", "Abnormal"),
    ("act", "Act"),
    ("critical", "Act Now"),
]


class PatientScoreBand(models.Model):
    """What a total means, from one number to another."""

    _name = "patient.score.band"
    _inherit = "patient.score.part"
    _description = "Band of a Score"
    _order = "score_id, sex, total_from, id"

    score_id = fields.Many2one(
        comodel_name="patient.score", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="A short word for programs: high.")
    total_from = fields.Integer(string="From", required=True, help="Included.")
    total_to = fields.Integer(string="To", required=True, help="Included.")
    sex = fields.Selection(
        selection=[("male", "Male"), ("female", "Female")], help="Empty for everybody."
    )
    level = fields.Selection(selection=LEVELS, default="normal", required=True)
    starts_duty = fields.Boolean(
        string="Starts a Duty",
        help="Somebody has to look after the patient when a total falls into this band.",
    )
    advice = fields.Text(
        translate=True, help="What is usually done; the clinician decides."
    )

    _order_check = models.Constraint(
        "CHECK(total_from <= total_to)", "A band begins before it ends."
    )

    # TOOLS

    def _get_scores(self):
        return self.score_id

    def _get_band(self):
        """Return the band as the calculation knows it; its code is that of the row."""
        self.ensure_one()
        return scoring.Band(self.code, self.total_from, self.total_to, self.sex or None)
