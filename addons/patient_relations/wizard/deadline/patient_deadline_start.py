from odoo import api, fields, models
from odoo.exceptions import UserError


class PatientDeadlineStart(models.TransientModel):
    """Starts a clock that no event starts: a mediation, a case of letters and visits."""

    _name = "patient.deadline.start"
    _description = "Start a Deadline"

    record_ref = fields.Reference(
        selection=lambda self: self.env["patient.deadline.rule"]._selection_res_model(),
        string="Record",
        required=True,
        readonly=True,
    )
    rule_ids = fields.Many2many(
        "patient.deadline.rule", compute="_compute_rule_ids", string="Possible Rules"
    )
    rule_id = fields.Many2one(
        comodel_name="patient.deadline.rule",
        required=True,
        domain="[('id', 'in', rule_ids)]",
    )
    source = fields.Text(related="rule_id.source")
    started_at = fields.Datetime(
        string="From",
        required=True,
        default=fields.Datetime.now,
        help="When it began: the term counts from here.",
    )

    @api.depends("record_ref")
    def _compute_rule_ids(self):
        rules = self.env["patient.deadline.rule"]
        for wizard in self:
            record = wizard.record_ref
            wizard.rule_ids = record and rules.browse(
                rules._get_ids_in_force(record.company_id, record._name, "by_hand")
            )

    # ACTIONS

    def action_start(self):
        self.ensure_one()
        self._check_start()
        record = self.record_ref
        rows = record._prepare_clocks(self.rule_id, {record.id: self.started_at})
        # sudo: patient.deadline: checked above; clocks are kept by the engine
        self.env["patient.deadline"].sudo().create(rows)
        return {"type": "ir.actions.act_window_close"}

    def _check_start(self):
        self.record_ref.check_access("write")
        if self.rule_id not in self.rule_ids:
            raise UserError(
                self.env._(
                    "“%(rule)s” is not started by hand in this hospital. Choose another.",
                    rule=self.rule_id.name,
                )
            )
        if self.started_at > fields.Datetime.now():
            raise UserError(
                self.env._("A deadline cannot begin in the future. Correct the moment.")
            )
