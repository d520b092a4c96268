from odoo import fields, models


class PatientDeadlineRegime(models.Model):
    """A law, a contract or a promise of the hospital, with the deadlines it sets.

    A hospital follows the regimes chosen in its settings; when none is chosen, those of
    its country and those of no country in particular.
    """

    _name = "patient.deadline.regime"
    _description = "Deadline Regime"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short name in lists of other systems.")
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    country_id = fields.Many2one(
        comodel_name="res.country",
        help="Hospitals of this country follow the regime unless they choose others. "
        "Empty: every hospital.",
    )
    is_default = fields.Boolean(
        string="Followed by Default",
        default=True,
        help="Off: only hospitals that choose the regime in their settings follow it.",
    )
    source = fields.Text(
        required=True,
        translate=True,
        help="The law or decision, as it is cited.",
    )
    rule_ids = fields.One2many("patient.deadline.rule", "regime_id")
    rule_count = fields.Integer(compute="_compute_rule_count")

    _code_uniq = models.UniqueIndex("(code)", "Another regime has this code.")

    def _compute_rule_count(self):
        counts = dict(
            self.env["patient.deadline.rule"]._read_group(
                [("regime_id", "in", self.ids)], ["regime_id"], ["__count"]
            )
        )
        for regime in self:
            regime.rule_count = counts.get(regime, 0)

    # CRUD

    def write(self, vals):
        result = super().write(vals)
        if {"active", "country_id", "is_default"} & vals.keys():
            # the rules in force are kept in memory
            self.env.registry.clear_cache()
        return result

    # ACTIONS

    def action_open_rules(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_deadline_rule_action"
        )
        return {
            **action,
            "domain": [("regime_id", "=", self.id)],
            "context": {"default_regime_id": self.id},
        }
