import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL


BATCH = 1000


class PatientDeadline(models.Model):
    """The sweep: who must be told that time passes.

    It reads only clocks whose next step has been reached. Each batch notes whom to tell
    and moves the clocks on in one transaction: killed at any moment, it goes on where
    it stood, and the unique index of the notices is the last wall against doubles.
    """

    _inherit = "patient.deadline"

    # CRON

    @api.model
    def _cron_sweep(self):
        """Note what is due to be told, batch by batch, and send the digests."""
        now = fields.Datetime.now()
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=self._count_reached(now))
        while clocks := self._lock_reached(now):
            clocks._note_steps(now)
            if not crons._commit_progress(len(clocks)):
                return
        self.env["patient.deadline.notice"]._send_due(now)

    # TOOLS

    @api.model
    def _count_reached(self, now):
        return self.search_count(self._get_reached_domain(now))

    @api.model
    def _get_reached_domain(self, now):
        return [("state", "=", "running"), ("next_step_at", "<=", now)]

    @api.model
    def _lock_reached(self, now):
        """Lock and return some clocks whose next step is reached; another worker's not."""
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                rows = self.env.execute_query(
                    SQL(
                        "SELECT id FROM patient_deadline"
                        " WHERE state = 'running' AND next_step_at <= %s"
                        " ORDER BY next_step_at LIMIT %s"
                        " FOR NO KEY UPDATE SKIP LOCKED",
                        now,
                        BATCH,
                    )
                )
        except psycopg2.errors.SerializationFailure:
            # another worker has just moved them: a new transaction sees it
            self.env.cr.rollback()
            return self._lock_reached(now)
        return self.browse([clock_id for (clock_id,) in rows])

    def _note_steps(self, now):
        """Note for each clock whom the steps tell that were reached since last time."""
        rows = []
        for company, clocks in self.grouped("company_id").items():
            calendar = company._get_patient_calendar()
            for clock in clocks:
                term = clock._get_term(calendar)
                steps = clock._get_reached_steps(term, now)
                rows += clock._prepare_notices(steps, now)
                clock._move_on(term, steps)
        self._insert_notices(rows)

    def _get_reached_steps(self, term, now):
        """Return the steps above the last one told that are reached."""
        self.ensure_one()
        return self.rule_id.ladder_id.step_ids.filtered(
            lambda step: (
                step.percent > self.told_percent
                and term.at_share(step.percent / 100) <= now
            )
        )

    def _prepare_notices(self, steps, now):
        """Return the rows of notices: deadline, step, user, company, urgent, moment."""
        return [
            (
                self.id,
                step.id,
                user.id,
                self.company_id.id,
                step.ladder_id.is_urgent,
                now,
            )
            for step in steps
            for user in self._get_recipients(step.role)
        ]

    def _move_on(self, term, steps):
        """Set the next step, whatever the ladder has become in the meantime."""
        told = max(steps.mapped("percent"), default=self.told_percent)
        values = self.rule_id._prepare_term(term, told)
        self.write({"told_percent": told, "next_step_at": values["next_step_at"]})

    @api.model
    def _insert_notices(self, rows):
        """Insert (deadline, step, user, company, urgent, moment), but what is there."""
        if not rows:
            return
        self.env.cr.execute_values(
            "INSERT INTO patient_deadline_notice"
            " (deadline_id, step_id, user_id, company_id, is_urgent, noted_at)"
            " VALUES %s ON CONFLICT DO NOTHING",
            rows,
        )
        self.env["patient.deadline.notice"].invalidate_model()

    # recipients

    def _get_recipients(self, role):
        """Return the users of a step's role; the next above where there is nobody.

        Who must not know of the record is never told of it.
        """
        self.ensure_one()
        excluded = self._get_record()._get_deadline_excluded_users()
        for users in self._get_recipient_candidates(role):
            allowed = users.filtered("active") - excluded
            if allowed:
                return allowed
        return self.env["res.users"]

    def _get_recipient_candidates(self, role):
        """Yield users of the role, then those to whom it falls when there are none."""
        company = self.company_id
        if role == "responsible":
            yield self.user_id
        if role in ("responsible", "department_head"):
            department = self.department_id
            while department:
                yield department.manager_id.user_id
                department = department.parent_id
        if role != "leader":
            yield company.patient_office_manager_id
        if role != "leader" or not company.patient_leader_id:
            yield company._get_patient_managers()
        yield company.patient_leader_id
        yield company.patient_office_manager_id | company._get_patient_managers()
