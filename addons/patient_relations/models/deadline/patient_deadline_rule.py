import ast

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.selections import get_model_label

# A change of these moves the due dates of clocks that run.
TERM_FIELDS = {"amount", "unit", "is_pausable", "ladder_id"}
# A change of these changes which rule is in force.
CHOICE_FIELDS = {
    *("active", "sequence", "regime_id", "res_model", "start_event", "step", "domain"),
}


class PatientDeadlineRule(models.Model):
    """How long something may take, from which event to which, and who says so.

    Rules of one regime for the same step and start are alternatives: the first whose
    condition fits is in force. A rule may widen when an event comes (five working days
    become ten when a second department joins), counted from the same start.
    """

    _name = "patient.deadline.rule"
    _description = "Deadline Rule"
    _order = "regime_id, step, sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    regime_id = fields.Many2one(
        comodel_name="patient.deadline.regime",
        required=True,
        index=True,
        ondelete="cascade",
    )
    source = fields.Text(
        required=True,
        translate=True,
        help="Article and wording of the law, or the decision of the hospital.",
    )
    # when it applies
    res_model = fields.Selection(
        selection=lambda self: self._selection_res_model(),
        string="Applies to",
        required=True,
        default=lambda self: self._selection_res_model()[0][0],
    )
    domain = fields.Char(
        string="Condition",
        default="[]",
        required=True,
        help="Kind, channel, severity and whatever else decides.",
    )
    step = fields.Selection(
        selection=lambda self: self._selection_step(),
        required=True,
        default="answer",
        help="What must be done in time. Of several rules for the same step and start, "
        "the first that fits is in force.",
    )
    start_event = fields.Selection(
        selection=lambda self: self._selection_event(), required=True
    )
    stop_event = fields.Selection(
        selection=lambda self: self._selection_event(), required=True
    )
    # how long
    amount = fields.Integer(string="Number of Units", required=True, default=5)
    unit = fields.Selection(
        selection=[
            ("minute", "Minutes"),
            ("hour", "Hours"),
            ("end_of_day", "Hours at Least, Until the Day Ends"),
            ("day", "Calendar Days"),
            ("working_day", "Working Days"),
            ("month", "Months"),
        ],
        required=True,
        default="working_day",
        help="Until the day ends: due when the day of the hospital ends in which the clock "
        "starts; whoever hears of it shortly before has that many hours at least.",
    )
    is_pausable = fields.Boolean(
        string="Can Be Paused",
        help="Time in which the hospital waits for others does not count, such as that of "
        "an expert appraisal.",
    )
    widens_to_id = fields.Many2one(
        comodel_name="patient.deadline.rule",
        index="btree_not_null",
        domain="[('regime_id', '=', regime_id), ('res_model', '=', res_model)]",
        help="The rule that takes over when the event comes, from the same start.",
    )
    widen_event = fields.Selection(selection=lambda self: self._selection_event())
    is_only_wider = fields.Boolean(
        string="Only by Widening",
        help="The rule is not chosen at the start; another one widens to it.",
    )
    ladder_id = fields.Many2one(
        comodel_name="patient.deadline.ladder",
        ondelete="restrict",
        default=lambda self: self.env.ref(
            "patient_relations.patient_deadline_ladder_standard",
            raise_if_not_found=False,
        ),
    )

    _amount_check = models.Constraint(
        "CHECK(amount > 0)", "A deadline needs at least one unit of time."
    )
    _widen_check = models.Constraint(
        "CHECK((widens_to_id IS NULL) = (widen_event IS NULL))",
        "A rule that widens needs both the event and the rule that takes over.",
    )
    _event_check = models.Constraint(
        "CHECK(start_event != stop_event)",
        "A clock cannot stop with the event that starts it.",
    )
    _choice_idx = models.Index("(res_model, start_event) WHERE active IS TRUE")

    @api.model
    def _selection_res_model(self):
        """Return the models whose records have clocks."""
        return [
            (name, get_model_label(self.env, name))
            for name, model in sorted(self.env.registry.items())
            if not model._abstract and getattr(model, "_deadline_field", None)
        ]

    @api.model
    def _selection_step(self):
        """Return what can be due; rooms add theirs by ``super()``."""
        return [
            ("receive", self.env._("First Reception")),
            ("acknowledge", self.env._("Acknowledgement")),
            ("assess", self.env._("Assessment")),
            ("answer", self.env._("Answer")),
            ("close", self.env._("Closing")),
            ("report", self.env._("Report to the Authority")),
            ("mediate", self.env._("Mediation")),
            ("other", self.env._("Other")),
        ]

    @api.model
    def _selection_event(self):
        """Return what starts, stops or widens clocks; rooms add theirs by ``super()``."""
        return [
            ("by_hand", self.env._("Started by hand")),
            ("by_hand_end", self.env._("Ended by hand")),
        ]

    @api.constrains("widens_to_id")
    def _check_widening(self):
        if self._has_cycle("widens_to_id"):
            raise ValidationError(
                self.env._("A rule cannot widen to itself, not even by way of others.")
            )

    @api.constrains("domain", "res_model")
    def _check_domain(self):
        for rule in self:
            try:
                domain = ast.literal_eval(rule.domain)
                Domain(domain).validate(self.env[rule.res_model])
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(
                    self.env._(
                        "The condition of the rule “%(rule)s” cannot be understood. "
                        "Choose it again in the editor.",
                        rule=rule.name,
                    )
                ) from error

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        # the rules in force are kept in memory
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if (CHOICE_FIELDS | TERM_FIELDS) & vals.keys():
            # the rules in force are kept in memory
            self.env.registry.clear_cache()
        if TERM_FIELDS & vals.keys():
            self._get_open_clocks()._refresh_due()
        return result

    def unlink(self):
        result = super().unlink()
        # the rules in force are kept in memory
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: patient.deadline: whether any hospital used the rule
        used = self.env["patient.deadline"].sudo()
        used = used.search([("rule_id", "in", self.ids)], limit=1).rule_id
        if used:
            raise ValidationError(
                self.env._(
                    "Clocks have run by the rule “%(rule)s”, and they must stay "
                    "explained. Archive the rule instead of deleting it.",
                    rule=used.name,
                )
            )

    # BUSINESS

    @api.model
    @tools.ormcache("company.id", "res_model", "event")
    def _get_ids_in_force(self, company, res_model, event):
        """Return the ids of the rules that a start event concerns, in order of choice."""
        # sudo: patient.deadline.rule: the engine counts for every user
        rules_sudo = self.sudo().search(
            [
                ("regime_id", "in", company._get_patient_regimes().ids),
                ("res_model", "=", res_model),
                ("start_event", "=", event),
                ("is_only_wider", "=", False),
            ]
        )
        return tuple(rules_sudo.ids)

    def _choose(self, records):
        """Return rule → records for which it is in force, of the rules given.

        Of each regime and step the first rule that fits takes the record.
        """
        chosen = {}
        for alternatives in self.grouped(lambda rule: rule._get_duty()).values():
            left = records
            for rule in alternatives:
                fitting = rule._filter_fitting(left)
                left -= fitting
                if fitting:
                    chosen[rule] = fitting
        return chosen

    def _filter_fitting(self, records):
        self.ensure_one()
        return records.filtered_domain(self._get_facts().domain)

    def _get_first_fitting(self, record):
        return next(
            (rule for rule in self if rule._filter_fitting(record)), self.browse()
        )

    def _get_open_clocks(self):
        # sudo: patient.deadline: a changed law moves the clocks of every hospital
        return (
            self.env["patient.deadline"]
            .sudo()
            .search(
                [
                    ("rule_id", "in", self.ids),
                    ("state", "in", ("running", "paused")),
                ]
            )
        )
