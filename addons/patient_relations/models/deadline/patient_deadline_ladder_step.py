from odoo import api, fields, models


class PatientDeadlineLadderStep(models.Model):
    _name = "patient.deadline.ladder.step"
    _description = "Step of an Escalation Ladder"
    _order = "ladder_id, percent, id"

    ladder_id = fields.Many2one(
        comodel_name="patient.deadline.ladder",
        required=True,
        index=True,
        ondelete="cascade",
    )
    percent = fields.Integer(
        string="Time Passed (%)",
        required=True,
        help="Share of the working time between start and due date; 100 is the due date "
        "itself, more is after it.",
    )
    role = fields.Selection(
        selection=[
            ("responsible", "Responsible Person"),
            ("department_head", "Head of the Department"),
            ("office_manager", "Manager of the Office"),
            ("leader", "Hospital Leader"),
        ],
        required=True,
    )

    _percent_check = models.Constraint(
        "CHECK(percent > 0 AND percent <= 1000)",
        "A step of the ladder lies between 1 and 1000 percent of the time.",
    )
    _step_uniq = models.UniqueIndex(
        "(ladder_id, percent, role)",
        "The ladder tells this person at this time already.",
    )

    # CRUD: the rules with their ladders are kept in memory

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        self.env.registry.clear_cache()
        return steps

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
