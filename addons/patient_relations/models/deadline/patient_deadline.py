from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import terms

OPEN_STATES = ("running", "paused")


class PatientDeadline(models.Model):
    """A clock: something that must be done for a record until a moment.

    Clocks are started, stopped, widened and paused by the engine, through the events
    that a record tells (``patient.deadline.mixin``); nobody writes them by hand. A
    clock belongs to exactly one record, through a field that the record's room adds.
    """

    _name = "patient.deadline"
    _description = "Deadline"
    _order = "due_at, id"
    _check_company_auto = True

    # what
    rule_id = fields.Many2one(
        comodel_name="patient.deadline.rule",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    step = fields.Selection(
        selection=lambda self: self.env["patient.deadline.rule"]._selection_step(),
        compute="_compute_step",
        store=True,
        precompute=True,
    )
    res_model = fields.Char(
        required=True, readonly=True, export_string_translation=False
    )
    rule_source = fields.Text(related="rule_id.source")
    is_ended_by_hand = fields.Boolean(compute="_compute_is_ended_by_hand")
    widened_from_id = fields.Many2one(
        comodel_name="patient.deadline.rule",
        readonly=True,
        help="The rule by which the clock was started.",
    )
    # when
    started_at = fields.Datetime(required=True, readonly=True)
    started_month = fields.Date(
        compute="_compute_started_month",
        store=True,
        precompute=True,
        string="Month",
    )
    due_at = fields.Datetime(
        string="Due", required=True, readonly=True, help="The last moment in time."
    )
    stopped_at = fields.Datetime(readonly=True)
    is_provisional = fields.Boolean(
        string="Provisional",
        readonly=True,
        help="The term runs through a year whose make-up working days are not published "
        "yet; it is counted again when they are.",
    )
    state = fields.Selection(
        selection=[
            ("running", "Running"),
            ("paused", "Paused"),
            ("met", "In Time"),
            ("missed", "Too Late"),
            ("cancelled", "No Longer Due"),
        ],
        string="Status",
        default="running",
        required=True,
        readonly=True,
    )
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue", string="Overdue"
    )
    pause_ids = fields.One2many("patient.deadline.pause", "deadline_id")
    # figures
    paused_hours = fields.Float(
        readonly=True, aggregator="sum", help="Plain hours in which it was paused."
    )
    total_hours = fields.Float(
        readonly=True, aggregator="sum", help="Plain hours from start to stop."
    )
    on_time_rate = fields.Float(
        compute="_compute_on_time_rate",
        string="On Time (%)",
        aggregator="avg",
        help="Of the deadlines that were met, missed, or are overdue now: how many were "
        "met in time. Those that still run in time do not count.",
    )
    paused_share = fields.Float(
        compute="_compute_paused_share",
        string="Paused (%)",
        aggregator="avg",
        help="Paused hours of all hours, of the deadlines that have ended.",
    )
    # whose: copies of the record's, for access rules and statistics
    company_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_scope",
        store=True,
        precompute=True,
        required=True,
        string="Hospital",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        compute="_compute_scope",
        store=True,
        precompute=True,
        index="btree_not_null",
        string="Responsible Person",
    )
    department_id = fields.Many2one(
        comodel_name="hr.department",
        compute="_compute_scope",
        store=True,
        precompute=True,
    )
    first_department_id = fields.Many2one(
        comodel_name="hr.department",
        compute="_compute_scope",
        store=True,
        precompute=True,
        string="Received by Department",
    )
    # escalation
    next_step_at = fields.Datetime(
        readonly=True, help="When the next step of the ladder is reached."
    )
    told_percent = fields.Integer(
        readonly=True, help="The last step of the ladder that was told."
    )
    notice_ids = fields.One2many("patient.deadline.notice", "deadline_id")

    _stopped_check = models.Constraint(
        "CHECK((stopped_at IS NULL) = (state IN ('running', 'paused')))",
        "A deadline that has ended needs the moment of its end.",
    )
    _due_check = models.Constraint(
        "CHECK(due_at >= started_at)", "A deadline cannot be due before it starts."
    )
    # What the sweep reads: a few rows, however many there are.
    _sweep_idx = models.Index("(next_step_at) WHERE state = 'running'")
    _overdue_idx = models.Index("(company_id, due_at) WHERE state = 'running'")
    _fact_idx = models.Index("(company_id, started_month, department_id)")
    _department_idx = models.Index("(department_id, due_at)")
    _first_department_idx = models.Index("(first_department_id, due_at)")

    @api.depends("rule_id.step")
    def _compute_step(self):
        for clock in self:
            clock.step = clock.rule_id._get_facts().step

    @api.depends("rule_id")
    def _compute_is_ended_by_hand(self):
        for clock in self:
            clock.is_ended_by_hand = clock.rule_id.stop_event == "by_hand_end"

    @api.depends("started_at", "company_id")
    def _compute_started_month(self):
        for moment, clocks in self.grouped("started_at").items():
            for company, same in clocks.grouped("company_id").items():
                same.started_month = company._patient_local_month(moment)

    @api.depends("state", "due_at")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for clock in self:
            clock.is_overdue = clock.state == "running" and clock.due_at < now

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "running") & Domain(
            "due_at", "<", fields.Datetime.now()
        )

    @api.depends("state", "due_at")
    def _compute_on_time_rate(self):
        for clock in self:
            clock.on_time_rate = 100.0 * (clock.state == "met")

    @api.depends("paused_hours", "total_hours")
    def _compute_paused_share(self):
        for clock in self:
            clock.paused_share = (
                100.0 * clock.paused_hours / clock.total_hours
                if clock.total_hours
                else 0.0
            )

    @api.depends(lambda self: self._get_scope_paths())
    def _compute_scope(self):
        for record, clocks in self.grouped(lambda clock: clock._get_record()).items():
            clocks.update(record._get_deadline_scope())

    @api.model
    def _get_scope_paths(self):
        """Return what the copies of a record's fields depend on; rooms add theirs."""
        return []

    @api.depends("rule_id")
    def _compute_display_name(self):
        for clock in self:
            # sudo: whoever sees the clock may read the name of its record
            record_sudo = clock.sudo()._get_record()
            parts = [record_sudo.display_name, clock.rule_id.name]
            clock.display_name = " · ".join(part for part in parts if part)

    # ACTIONS

    def action_open_record(self):
        self.ensure_one()
        record = self._get_record()
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def action_end_by_hand(self):
        """End clocks whose end no event tells."""
        self._get_record().check_access("write")
        for clock in self:
            if not clock.is_ended_by_hand or clock.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "“%(deadline)s” ends by what happens to the record, not by hand.",
                        deadline=clock.display_name,
                    )
                )
        # sudo: patient.deadline: checked above; the engine writes
        self.sudo()._stop(dict.fromkeys(self.ids, fields.Datetime.now()))

    # BUSINESS

    def _get_record(self):
        """Return the record of one clock, or those of several of the same model."""
        if not self:
            return self.env["patient.deadline.mixin"]
        [model] = set(self.mapped("res_model"))
        return self[self.env[model]._deadline_field]

    def _stop(self, moments, state=None):
        """Stop clocks that are open.

        :param dict moments: clock id → naive UTC datetime of what was done
        :param str state: their state; found by comparing with the due date if not given
        """
        clocks = self.filtered(lambda clock: clock.state in OPEN_STATES)
        clocks._end_pauses(moments)._refresh_due()
        for clock in clocks:
            moment = max(moments[clock.id], clock.started_at)
            in_time = "met" if moment <= clock.due_at else "missed"
            clock.write(
                {
                    "state": state or in_time,
                    "stopped_at": moment,
                    "next_step_at": False,
                    "total_hours": terms.hours_between(clock.started_at, moment),
                    "paused_hours": sum(
                        terms.hours_between(pause.started_at, pause.ended_at)
                        for pause in clock.pause_ids
                    ),
                }
            )

    def _undo_stop(self):
        """Let clocks run again that were stopped by a slip of the finger."""
        self.write({"state": "running", "stopped_at": False, "total_hours": 0})
        self._refresh_due()

    def _pause(self, reason, note, moment):
        """Pause running clocks whose rule allows it; return those that were."""
        clocks = self.filtered(
            lambda clock: clock.state == "running" and clock.rule_id.is_pausable
        )
        self.env["patient.deadline.pause"].create(
            [
                {
                    "deadline_id": clock.id,
                    "reason": reason,
                    "note": note,
                    "started_at": moment,
                }
                for clock in clocks
            ]
        )
        clocks.write({"state": "paused", "next_step_at": False})
        return clocks

    def _resume(self, moment):
        """Let paused clocks run on."""
        clocks = self.filtered(lambda clock: clock.state == "paused")
        clocks._end_pauses(dict.fromkeys(clocks.ids, moment))
        clocks.write({"state": "running"})
        clocks._refresh_due()

    def _end_pauses(self, moments):
        """End the open pauses of clocks; return the clocks that had one.

        :param dict moments: clock id → naive UTC datetime
        """
        pauses = self.pause_ids.filtered(lambda pause: not pause.ended_at)
        for pause in pauses:
            moment = moments[pause.deadline_id.id]
            pause.ended_at = max(moment, pause.started_at)
        return pauses.deadline_id

    def _change_rule(self, rule):
        """Go on by another rule from the same start; pauses survive."""
        for clock in self:
            clock.widened_from_id = clock.widened_from_id or clock.rule_id
        self.write({"rule_id": rule.id})
        self._refresh_due()

    def _refresh_due(self):
        """Count the due dates and next steps of the clocks anew."""
        for company, clocks in self.grouped("company_id").items():
            calendar = company._get_patient_calendar()
            for clock in clocks:
                clock.write(clock._prepare_due(calendar))

    def _prepare_due(self, calendar):
        """Return the values that follow from rule, start and pauses of one clock."""
        self.ensure_one()
        term = self._get_term(calendar)
        values = self.rule_id._prepare_term(term, self.told_percent)
        return values if self.state == "running" else {**values, "next_step_at": False}

    def _get_term(self, calendar):
        """Return the ``Term`` of one clock."""
        self.ensure_one()
        pauses = [
            (pause.started_at, pause.ended_at)
            for pause in self.pause_ids.sorted("started_at")
            if pause.ended_at
        ]
        return self.rule_id._get_term(calendar, self.started_at, pauses)

    # CRON

    @api.model
    def _cron_recount_provisional(self):
        """Count provisional terms anew: the missing days may be published by now."""
        self.search(
            [("is_provisional", "=", True), ("state", "in", OPEN_STATES)]
        )._refresh_due()

    # TOOLS

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Give rates of a group as ratios of sums."""
        if aggregate_spec == "on_time_rate:avg":
            return self._get_on_time_sql(query)
        if aggregate_spec == "paused_share:avg":
            return SQL(
                "100.0 * SUM(%s) / NULLIF(SUM(%s), 0)",
                self._field_to_sql(self._table, "paused_hours", query),
                self._field_to_sql(self._table, "total_hours", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    def _get_on_time_sql(self, query):
        state = self._field_to_sql(self._table, "state", query)
        late = SQL(
            "(%(state)s = 'missed' OR %(state)s = 'running' AND %(due)s < %(now)s)",
            state=state,
            due=self._field_to_sql(self._table, "due_at", query),
            now=fields.Datetime.now(),
        )
        return SQL(
            "100.0 * COUNT(*) FILTER (WHERE %(state)s = 'met')"
            " / NULLIF(COUNT(*) FILTER (WHERE %(state)s = 'met' OR %(late)s), 0)",
            state=state,
            late=late,
        )

    def _group_by_record(self):
        """Return record id → its clocks."""
        return self.grouped(lambda clock: clock._get_record().id)
