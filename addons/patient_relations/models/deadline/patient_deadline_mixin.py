from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .patient_deadline import OPEN_STATES

# Share of the time after which a deadline is said to come near.
NEAR_PERCENT = 80


class PatientDeadlineMixin(models.AbstractModel):
    """Gives the records of a model any number of clocks.

    SPECIFICATIONS
    A model that inherits this
    - adds a many2one to itself on ``patient.deadline``, names it in
      ``_deadline_field``, and has ``deadline_ids`` as its one2many;
    - says in ``_get_deadline_scope`` whose the clocks are, and on which of its fields
      that depends in ``patient.deadline._get_scope_paths``;
    - adds its events to ``patient.deadline.rule._selection_event``;
    - tells events with ``_fire_deadline_event``.
    """

    _name = "patient.deadline.mixin"
    _description = "With Deadlines"

    # Name of the field of patient.deadline that points to this model.
    _deadline_field = None

    deadline_ids = fields.One2many("patient.deadline", readonly=True)
    next_due_at = fields.Datetime(
        compute="_compute_next_due_at",
        store=True,
        string="Next Due",
        copy=False,
        help="When the first of the running deadlines ends.",
    )
    deadline_status = fields.Selection(
        selection=[
            ("in_time", "In Time"),
            ("near", "Due Soon"),
            ("overdue", "Overdue"),
            ("paused", "Paused"),
        ],
        compute="_compute_deadline_status",
        string="Deadlines",
    )
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue",
        search="_search_is_overdue",
        string="Overdue",
    )
    has_paused_deadline = fields.Boolean(compute="_compute_deadline_status")

    @api.depends("deadline_ids.due_at", "deadline_ids.state")
    def _compute_next_due_at(self):
        for record in self:
            running = record.deadline_ids.filtered(
                lambda clock: clock.state == "running"
            )
            record.next_due_at = min(running.mapped("due_at"), default=False)

    @api.depends("next_due_at")
    def _compute_is_overdue(self):
        """By itself: lists ask for this alone, and need not look at the clocks."""
        now = fields.Datetime.now()
        for record in self:
            record.is_overdue = bool(record.next_due_at and record.next_due_at < now)

    @api.depends("is_overdue", "deadline_ids.state", "deadline_ids.told_percent")
    def _compute_deadline_status(self):
        clocks = self._get_open_clocks()
        for record in self:
            told = clocks.get(record._origin.id, {})
            record.has_paused_deadline = "paused" in told
            record.deadline_status = (
                "overdue" if record.is_overdue else self._get_deadline_status(told)
            )

    def _get_open_clocks(self):
        """Return record id → {state: highest share told, %} of its open clocks."""
        field = self._deadline_field
        # sudo: patient.deadline: whoever reads a record may know whether its time runs;
        # that clock by clock is a question of the rules of the clocks
        clocks_sudo = self.env["patient.deadline"].sudo()
        groups = clocks_sudo._read_group(
            [(field, "in", self._origin.ids), ("state", "in", OPEN_STATES)],
            [field, "state"],
            ["told_percent:max"],
        )
        found = {}
        for record, state, percent in groups:
            found.setdefault(record.id, {})[state] = percent
        return found

    def _get_deadline_status(self, told):
        """Return the status of a record in time.

        :param dict told: state of open clocks → highest share told, in %
        """
        if "running" in told:
            return "near" if told["running"] >= NEAR_PERCENT else "in_time"
        return "paused" if told else False

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("next_due_at", "<", fields.Datetime.now())

    # ACTIONS

    def action_pause_deadlines(self):
        """Ask for the reason before the clocks are paused."""
        return self._open_deadline_wizard("pause")

    def action_start_deadline(self):
        """Ask which clock shall be started by hand."""
        return self._open_deadline_wizard("start")

    def action_resume_deadlines(self):
        self._resume_deadlines()

    def _open_deadline_wizard(self, name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"patient_relations.patient_deadline_{name}_action"
        )
        reference = f"{self._name},{self.id}"
        return {**action, "context": {"default_record_ref": reference}}

    # BUSINESS

    def _get_deadline_scope(self):
        """Return whose the clocks of a record are.

        :return: dict of company_id, user_id, department_id, first_department_id (ids)
        """
        raise NotImplementedError

    def _get_deadline_excluded_users(self):
        """Return the users who must not be told of the record (sudo)."""
        return self.env["res.users"]

    def _fire_deadline_event(self, event, at=None):
        """Stop, widen and start the clocks that an event of the records concerns.

        :param str event: a key of ``patient.deadline.rule._selection_event``
        :param at: naive UTC datetime, or the name of a datetime field; now if not given
        """
        if not self:
            return
        moments = self._get_event_moments(at)
        clocks_sudo = self._get_open_clocks_sudo()
        stopping_sudo = clocks_sudo.filtered(
            lambda clock: clock.rule_id.stop_event == event
        )
        stopping_sudo._stop(
            {clock.id: moments[clock._get_record().id] for clock in stopping_sudo}
        )
        going_sudo = clocks_sudo - stopping_sudo
        going_sudo._widen(event)
        self._create_clocks(self._prepare_first_clocks(event, moments), going_sudo)

    def _begin_deadlines(self, event, at=None):
        """Start the first clocks of records just made: nothing can be open yet."""
        rows = self._prepare_first_clocks(event, self._get_event_moments(at))
        # sudo: patient.deadline: clocks are kept by the engine
        self.env["patient.deadline"].sudo().create(rows)

    def _get_event_moments(self, at):
        now = fields.Datetime.now()
        if isinstance(at, str):
            return {record.id: record[at] or now for record in self}
        return dict.fromkeys(self.ids, at or now)

    def _get_open_clocks_sudo(self):
        # sudo: patient.deadline: clocks are kept by the engine for whoever may work on
        # the record
        return (
            self.env["patient.deadline"]
            .sudo()
            .search(
                [
                    (self._deadline_field, "in", self.ids),
                    ("state", "in", OPEN_STATES),
                ]
            )
        )

    def _prepare_first_clocks(self, event, moments):
        """Return the values of the clocks that an event starts, by the rules in force.

        :param dict moments: record id → naive UTC datetime
        """
        rows = []
        for company, records in self.grouped("company_id").items():
            # sudo: patient.deadline.rule: the engine counts for every user
            rules_sudo = self.env["patient.deadline.rule"].sudo()
            rules_sudo = rules_sudo.browse(
                rules_sudo._get_ids_in_force(company, self._name, event)
            )
            for rule, fitting in rules_sudo._choose(records).items():
                rows += fitting._prepare_clocks(rule, moments)
        return rows

    def _create_clocks(self, rows, open_sudo):
        """Create clocks, but for those whose like is open."""
        field = self._deadline_field
        taken = {(clock[field].id, clock.rule_id.id) for clock in open_sudo}
        taken |= {(clock[field].id, clock.widened_from_id.id) for clock in open_sudo}
        # sudo: patient.deadline: clocks are kept by the engine
        self.env["patient.deadline"].sudo().create(
            [row for row in rows if (row[field], row["rule_id"]) not in taken]
        )

    def _prepare_clocks(self, rule, moments):
        """Return the values of clocks by one rule, for records of one hospital."""
        calendar = self.company_id._get_patient_calendar()
        return [
            record._prepare_clock(rule, rule._get_term(calendar, moments[record.id]))
            for record in self
        ]

    def _prepare_clock(self, rule, term):
        self.ensure_one()
        return {
            "rule_id": rule.id,
            "res_model": self._name,
            self._deadline_field: self.id,
            "started_at": term.started_at,
            **rule._prepare_term(term),
        }

    def _cancel_deadlines(self, steps=None):
        """End open clocks without a verdict: what they were for is no longer due.

        :param steps: keys of ``patient.deadline.rule._selection_step``, all if not given
        """
        clocks_sudo = self._get_open_clocks_sudo().filtered(
            lambda clock: not steps or clock.step in steps
        )
        now = fields.Datetime.now()
        clocks_sudo._stop(dict.fromkeys(clocks_sudo.ids, now), state="cancelled")

    def _undo_deadline_event(self, event):
        """Let the clocks run again that an event of the records stopped by mistake."""
        # sudo: patient.deadline: clocks are kept by the engine
        stopped_sudo = (
            self.env["patient.deadline"]
            .sudo()
            .search(
                [
                    (self._deadline_field, "in", self.ids),
                    ("state", "in", ("met", "missed")),
                    ("rule_id.stop_event", "=", event),
                ],
                order="id desc",
            )
        )
        latest = {}
        for clock in stopped_sudo:
            latest.setdefault((clock._get_record().id, clock.rule_id.id), clock)
        stopped_sudo.union(*latest.values())._undo_stop()

    def _restart_deadlines(self, event, at):
        """Count the open clocks that an event started from another moment."""
        if not self:
            return
        moments = self._get_event_moments(at)
        clocks_sudo = self._get_open_clocks_sudo().filtered(
            lambda clock: clock.rule_id.start_event == event
        )
        for clock in clocks_sudo:
            moment = moments[clock._get_record().id]
            # first far enough, so that no row is due before it starts at any moment
            clock.write({"started_at": moment, "due_at": max(clock.due_at, moment)})
        clocks_sudo._refresh_due()

    def _undo_deadline_cancel(self):
        """Let the clocks run again that ended because their record was set aside."""
        # sudo: patient.deadline: clocks are kept by the engine
        self.env["patient.deadline"].sudo().search(
            [(self._deadline_field, "in", self.ids), ("state", "=", "cancelled")]
        )._undo_stop()

    def _rechoose_deadlines(self, event, at):
        """Let the clocks follow what their records have become.

        Open clocks go on by the rule that fits now, or end where none does; clocks that
        nobody needed before are counted from their event on.
        """
        if not self:
            return
        clocks_sudo = self._get_open_clocks_sudo()
        now = fields.Datetime.now()
        for rule, clocks in clocks_sudo.grouped(lambda one: one._choose_rule()).items():
            if not rule:
                clocks._stop(dict.fromkeys(clocks.ids, now), state="cancelled")
            else:
                clocks.filtered(
                    lambda one, rule=rule: one.rule_id != rule
                )._change_rule(rule)
        self._add_missing_clocks(event, at)

    def _add_missing_clocks(self, event, at):
        """Start the clocks of an event for steps that never had one."""
        if not self:
            return
        # sudo: patient.deadline: clocks are kept by the engine
        clocks_sudo = self.env["patient.deadline"].sudo()
        had = {
            (clock._get_record().id, clock.rule_id.regime_id.id, clock.step)
            for clock in clocks_sudo.search([(self._deadline_field, "in", self.ids)])
        }
        rules_sudo = clocks_sudo.env["patient.deadline.rule"]
        rows = self._prepare_first_clocks(event, self._get_event_moments(at))
        missing = []
        for row in rows:
            rule_sudo = rules_sudo.browse(row["rule_id"])
            key = (row[self._deadline_field], rule_sudo.regime_id.id, rule_sudo.step)
            if key not in had:
                missing.append(row)
        clocks_sudo.create(missing)

    def _pause_deadlines(self, reason, note=False, at=None):
        """Pause the clocks that may be paused; refuse when there is none.

        :param str reason: a key of ``patient.deadline.pause.reason``
        """
        self.check_access("write")
        clocks_sudo = self._get_open_clocks_sudo()
        moment = at or fields.Datetime.now()
        paused_sudo = clocks_sudo._pause(reason, note, moment)
        for record in self:
            if record.id not in paused_sudo._group_by_record():
                raise UserError(
                    self.env._(
                        "%(record)s has no running deadline that may be paused.",
                        record=record.display_name,
                    )
                )

    def _resume_deadlines(self, at=None):
        self.check_access("write")
        self._get_open_clocks_sudo()._resume(at or fields.Datetime.now())
