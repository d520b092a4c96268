from datetime import timedelta

import psycopg2

from odoo import api, models
from odoo.tools import SQL

# Any number that no other code uses: with a user's id, the key of PostgreSQL's lock
# for the digest of this person.
LOCK = 1_903_100_502


class PatientDeadlineNotice(models.Model):
    """One digest a person, not one message a record."""

    _inherit = "patient.deadline.notice"

    @api.model
    def _send_due(self, now):
        """Send each person who may be disturbed now what waits for them.

        A person's message and the mark that it was sent are one transaction.
        """
        crons = self.env["ir.cron"]
        for user in self._find_waiting_users():
            crons._commit_progress()  # see what another worker has sent meanwhile
            notices = self._lock_waiting(user)._filter_timely(now)
            if notices:
                notices._send_digest(now)
                crons._commit_progress()

    @api.model
    def _find_waiting_users(self):
        rows = self._read_group([("sent_at", "=", False)], ["user_id"])
        return [user for (user,) in rows]

    @api.model
    def _lock_waiting(self, user):
        """Lock and return what waits for a user; nothing while another worker sends it."""
        self.env.flush_all()
        [[free]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK, user.id)
        )
        if not free:
            return self.browse()
        try:
            with self.env.cr.savepoint(flush=False):
                waiting = self.search(
                    [("user_id", "=", user.id), ("sent_at", "=", False)]
                )
                return waiting.try_lock_for_update()
        except psycopg2.errors.SerializationFailure:
            # another worker has just sent them: a new transaction sees it
            self.env.cr.rollback()
            return self._lock_waiting(user)

    def _filter_timely(self, now):
        """Return those that may be sent now: urgent ones always, others by day.

        Digests of one person keep the distance that the hospital has set.
        """
        early = bool(self) and self._is_too_early(now)
        return self.filtered("is_urgent") if early else self

    def _is_too_early(self, now):
        company = self.company_id[:1]
        if company._is_patient_quiet_time(now):
            return True
        since = now - timedelta(hours=company.patient_digest_hours)
        recent = [
            ("user_id", "=", self.user_id.id),
            ("sent_at", ">", since),
            ("is_urgent", "=", False),
        ]
        return bool(self.search_count(recent, limit=1))

    def _send_digest(self, now):
        """Mark the notices as sent, and queue one message about those still of use."""
        self.sent_at = now
        running = self.deadline_id.filtered(lambda clock: clock.state == "running")
        user = self.user_id
        told = running.with_user(user)._filtered_access("read")
        if not told:
            return
        clocks = told.sudo(False).with_context(lang=user.lang)
        self.env["mail.thread"].with_context(
            lang=user.lang, mail_notify_force_send=False
        ).message_notify(
            partner_ids=user.partner_id.ids,
            subject=clocks._get_digest_subject(),
            body=clocks._render_digest(),
        )
