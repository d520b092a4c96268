from odoo import fields, models


class PatientAssessmentLine(models.Model):
    """The points of one item, and where its value came from."""

    _name = "patient.assessment.line"
    _description = "Points of an Assessment"
    _order = "assessment_id desc, sequence, id"
    _rec_name = "item_id"

    assessment_id = fields.Many2one(
        comodel_name="patient.assessment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(readonly=True)
    item_id = fields.Many2one(
        comodel_name="patient.score.item",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    value = fields.Char(
        string="Value of the Calculation",
        readonly=True,
        help="A number, the code of a choice, yes or no.",
    )
    value_text = fields.Char(string="Value", readonly=True)
    points = fields.Integer(readonly=True)
    origin = fields.Char(readonly=True)
    is_asked = fields.Boolean(string="Asked", readonly=True)
    source_model = fields.Char(readonly=True)
    source_id = fields.Many2oneReference(
        model_field="source_model", string="Source Record", readonly=True
    )
    alert_id = fields.Many2one(
        comodel_name="patient.score.alert",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    # ACTIONS

    def action_open_source(self):
        """Open the record from which the value came."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.source_model,
            "res_id": self.source_id,
            "views": [[False, "form"]],
        }
