from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.patient_relations.tools.nullable import NullableFloat
from odoo.addons.patient_relations.tools.selections import get_label

from .patient_intervention_template import KINDS

# From which state to which other one; the rest is refused.
MOVES = {
    "active": ("planned",),
    "finished": ("active",),
    "stopped": ("planned", "active"),
}


class PatientIntervention(models.Model):
    """Advice given to a patient, with a goal that measurements show (FHIR: Goal).

    SPECIFICATIONS:
    - The advice and the goal come from the library and are adapted to the patient.
    - Whether the goal is reached is worked out from data, never ticked by hand.
    """

    _name = "patient.intervention"
    _inherit = "patient.health.part"
    _description = "Advice to a Patient"
    _order = "date_start desc, id desc"
    # What follows from the patient and the goal, or is written by the buttons.
    _server_fields = frozenset({"company_id", "is_sensitive", "state"})

    # what
    template_id = fields.Many2one(
        comodel_name="patient.intervention.template",
        string="From the Library",
        index="btree_not_null",
        ondelete="restrict",
    )
    name = fields.Char(
        compute="_compute_from_template",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    kind = fields.Selection(
        selection=KINDS,
        compute="_compute_from_template",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    advice = fields.Text(
        compute="_compute_from_template",
        store=True,
        precompute=True,
        readonly=False,
        help="What the patient was told.",
    )
    # goal
    indicator_id = fields.Many2one(
        comodel_name="patient.indicator",
        string="Goal",
        compute="_compute_from_template",
        store=True,
        precompute=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('value_kind', '=', 'number')]",
    )
    target_low = NullableFloat(
        string="Target from",
        digits=(16, 4),
        compute="_compute_from_template",
        store=True,
        precompute=True,
        readonly=False,
    )
    target_high = NullableFloat(
        string="Target to",
        digits=(16, 4),
        compute="_compute_from_template",
        store=True,
        precompute=True,
        readonly=False,
    )
    unit_label = fields.Char(related="indicator_id.unit_label")
    # when
    date_start = fields.Date(
        string="From",
        default=lambda self: self.env.company._patient_today(),
        required=True,
    )
    date_end = fields.Date(
        string="Until",
        compute="_compute_date_end",
        store=True,
        precompute=True,
        readonly=False,
    )
    state = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("active", "Going On"),
            ("finished", "Finished"),
            ("stopped", "Stopped"),
        ],
        default="planned",
        required=True,
        readonly=True,
    )
    stop_reason = fields.Char(string="Why It Was Stopped")
    # who
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Given by",
        default=lambda self: self.env.user,
        index="btree_not_null",
        domain="[('share', '=', False)]",
    )
    # facts for access
    company_id = fields.Many2one(index=True)
    is_sensitive = fields.Boolean(
        compute="_compute_is_sensitive", store=True, precompute=True
    )

    _period_check = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)",
        "A period ends on the day on which it begins, or later.",
    )
    _target_check = models.Constraint(
        "CHECK(target_low IS NULL OR target_high IS NULL OR target_low <= target_high)",
        "A target ends at or above where it begins.",
    )
    _goal_check = models.Constraint(
        "CHECK(indicator_id IS NOT NULL OR (target_low IS NULL AND target_high IS NULL))",
        "A target needs the indicator that is measured.",
    )
    _stopped_check = models.Constraint(
        "CHECK(state != 'stopped' OR trim(coalesce(stop_reason, '')) != '')",
        "Say why the advice was stopped.",
    )
    _going_uniq = models.UniqueIndex(
        "(patient_id, template_id)"
        " WHERE template_id IS NOT NULL AND state IN ('planned', 'active')",
        "This advice is planned for the patient already, or going on.",
    )

    @api.depends("template_id")
    def _compute_from_template(self):
        """Take over what the library says; nothing is changed without a template."""
        names = "name", "kind", "advice", "indicator_id", "target_low", "target_high"
        for intervention in self:
            template = intervention.template_id
            for name in names:
                intervention[name] = (template or intervention)[name]

    @api.depends("template_id", "date_start")
    def _compute_date_end(self):
        for intervention in self:
            start, days = intervention.date_start, intervention.template_id.days
            if start and days:
                intervention.date_end = start + timedelta(days=days - 1)
            else:
                intervention.date_end = intervention.date_end

    @api.depends("indicator_id.is_sensitive")
    def _compute_is_sensitive(self):
        for intervention in self:
            # sudo: patient.indicator: whether values are sensitive, for whoever advises
            indicator_sudo = intervention.indicator_id.sudo()
            intervention.is_sensitive = indicator_sudo.is_sensitive

    # CRUD

    def write(self, vals):
        if not self.env.su:
            self._refuse_server_fields([vals])
            self._refuse_ended(vals)
        return super().write(vals)

    # ACTIONS

    def action_activate(self):
        self._move_to("active")

    def action_finish(self):
        self._move_to("finished")

    def action_stop(self):
        for intervention in self:
            if not (intervention.stop_reason or "").strip():
                raise UserError(
                    self.env._(
                        "Write down why “%(advice)s” is stopped, then stop it.",
                        advice=intervention.display_name,
                    )
                )
        self._move_to("stopped")

    # BUSINESS

    def _move_to(self, state):
        """Move to a state; the last day becomes today when it ends early.

        :raise UserError: where that is no next step
        """
        self.check_access("write")
        for intervention in self:
            if intervention.state not in MOVES[state]:
                raise UserError(
                    self.env._(
                        "“%(advice)s” is %(state)s; this step does not follow from that. "
                        "Open it again to see where it stands.",
                        advice=intervention.display_name,
                        state=get_label(intervention, "state").lower(),
                    )
                )
        # sudo: patient.intervention: the state is moved by the buttons only
        moving_sudo = self.sudo()
        moving_sudo.write({"state": state})
        if state != "active":
            for intervention in moving_sudo:
                intervention._end_today()

    def _end_today(self):
        self.ensure_one()
        today = self.company_id._patient_today()
        if not self.date_end or self.date_end > today:
            self.date_end = max(today, self.date_start)

    # refusals

    @api.model
    def _find_server_fields(self, vals):
        """Let a form say the state in which every advice begins."""
        planned = {"state"} if vals.get("state") == "planned" else set()
        return super()._find_server_fields(vals) - planned

    @api.model
    def _get_server_fields_text(self, names):
        return self.env._(
            "Hospital and state of an advice follow from its patient and its buttons. "
            "Leave out: %(names)s.",
            names=", ".join(names),
        )

    def _refuse_ended(self, vals):
        for intervention in self:
            if intervention.state in ("finished", "stopped") and vals:
                raise UserError(
                    self.env._(
                        "“%(advice)s” has ended and stays as it was. Give new advice "
                        "instead.",
                        advice=intervention.display_name,
                    )
                )
