from odoo import fields, models


class PatientDeadlineLadder(models.Model):
    """Who is told when a part of the time has passed."""

    _name = "patient.deadline.ladder"
    _description = "Escalation Ladder"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    is_urgent = fields.Boolean(
        string="Also in Quiet Hours",
        help="Told at once, at night and without waiting for the next digest.",
    )
    step_ids = fields.One2many("patient.deadline.ladder.step", "ladder_id")

    # CRUD

    def write(self, vals):
        result = super().write(vals)
        # the rules with their ladders are kept in memory
        self.env.registry.clear_cache()
        return result
