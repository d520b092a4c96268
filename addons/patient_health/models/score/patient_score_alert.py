from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import scoring
from .patient_score_band import LEVELS


class PatientScoreAlert(models.Model):
    """An answer that calls somebody by itself, whatever the total is."""

    _name = "patient.score.alert"
    _inherit = "patient.score.part"
    _description = "Alert of a Score"
    _order = "score_id, sequence, id"

    score_id = fields.Many2one(
        comodel_name="patient.score", required=True, index=True, ondelete="cascade"
    )
    item_code = fields.Char(
        string="Item", required=True, help="The code of the item that alerts."
    )
    points_from = fields.Integer(
        string="From Points", default=1, required=True, help="From so many on."
    )
    level = fields.Selection(selection=LEVELS, default="critical", required=True)
    name = fields.Char(
        string="Reason",
        required=True,
        translate=True,
        help="What the person who is called reads.",
    )

    @api.constrains("item_code", "score_id")
    def _check_item_code(self):
        for alert in self:
            if alert.item_code not in alert.score_id.item_ids.mapped("code"):
                raise ValidationError(
                    self.env._(
                        "%(score)s has no item “%(code)s” that could alert. Its items: "
                        "%(codes)s.",
                        score=alert.score_id.name,
                        code=alert.item_code,
                        codes=", ".join(alert.score_id.item_ids.mapped("code")),
                    )
                )

    # TOOLS

    def _get_scores(self):
        return self.score_id

    def _get_alert(self):
        """Return the alert as the calculation knows it."""
        self.ensure_one()
        return scoring.Alert(self.id, self.item_code, self.points_from, self.level)
