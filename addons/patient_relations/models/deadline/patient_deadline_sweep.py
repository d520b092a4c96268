from itertools import chain

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
        places, notices, offices = [], [], {}
        for company, clocks in self.grouped("company_id").items():
            calendar = company._get_patient_calendar()
            for clock in clocks:
                told, next_step_at = clock._climb(calendar, now)
                notices += clock._prepare_notices(told, now, offices)
                places.append((clock.id, told, next_step_at))
        self._move_on(places)
        self._insert_notices(notices)

    def _climb(self, calendar, now):
        """Return the last percentage of the ladder reached, and when the next is.

        The ladder may have become another since the clock was last looked at.
        """
        self.ensure_one()
        term, told = self._get_term(calendar), self.told_percent
        for percent in self.rule_id._get_facts().percents:
            if percent > told:
                moment = term.at_share(percent / 100)
                if moment > now:
                    return told, moment
                told = percent
        return told, None

    def _prepare_notices(self, told, now, offices):
        """Return the rows of notices: deadline, step, user, company, urgent, moment.

        :param int told: the last percentage of the ladder that is reached
        :param dict offices: see ``_get_recipient_ids``
        """
        facts = self.rule_id._get_facts()
        excluded = set(self._get_record()._get_deadline_excluded_users().ids)
        return [
            (self.id, step_id, user_id, self.company_id.id, facts.is_urgent, now)
            for step_id, percent, role in facts.steps
            if self.told_percent < percent <= told
            for user_id in self._get_recipient_ids(role, excluded, offices)
        ]

    @api.model
    def _move_on(self, places):
        """Write (clock, last percentage told, next step) in one statement."""
        self.env.cr.execute_values(
            "UPDATE patient_deadline AS clock"
            " SET told_percent = place.told, next_step_at = place.next_at::timestamp"
            " FROM (VALUES %s) AS place (id, told, next_at) WHERE clock.id = place.id",
            places,
        )
        self.invalidate_model(["told_percent", "next_step_at"], flush=False)

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

    def _get_recipient_ids(self, role, excluded, offices):
        """Return the users of a step's role; the next above where there is nobody.

        :param set excluded: ids of users who must not know of the record
        :param dict offices: (hospital, role) → its ``_get_office_circles``; filled
        """
        key = self.company_id, role
        if key not in offices:
            offices[key] = list(self._get_office_circles(role))
        for users in chain(self._get_own_circles(role), offices[key]):
            allowed = [
                user.id for user in users if user.active and user.id not in excluded
            ]
            if allowed:
                return allowed
        return []

    def _get_own_circles(self, role):
        """Yield users of the role for this clock, then those to whom it falls."""
        if role == "responsible":
            yield self.user_id
        if role in ("responsible", "department_head"):
            department = self.department_id
            while department:
                yield department.manager_id.user_id
                department = department.parent_id

    def _get_office_circles(self, role):
        """Yield users of the role in the hospital, then those to whom it falls."""
        company = self.company_id
        managers = company._get_patient_managers()
        if role != "leader":
            yield company.patient_office_manager_id
        if role != "leader" or not company.patient_leader_id:
            yield managers
        yield company.patient_leader_id
        yield company.patient_office_manager_id | managers
