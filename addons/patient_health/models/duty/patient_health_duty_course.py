from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class PatientHealthDuty(models.Model):
    """The course of a duty: taken, given back, raised, and ended with a note."""

    _inherit = "patient.health.duty"

    # ACTIONS

    def action_claim(self):
        """Take the duty; of two who do so at once, the second reads who has it."""
        self._lock_open()
        for duty in self:
            if duty.user_id and duty.user_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(user)s has taken “%(duty)s” already. Speak to %(user)s if you "
                        "want to take it over.",
                        # sudo: res.users: the name of a colleague of the hospital
                        user=duty.user_id.sudo().name,
                        duty=duty.display_name,
                    )
                )
        # sudo: patient.health.duty: checked above; nobody else is written than the user
        self.sudo().write({"user_id": self.env.uid})
        self.env.flush_all()

    def action_release(self):
        """Give back a duty that one has taken; health management gives back any."""
        self._lock_open()
        for duty in self:
            if duty.user_id != self.env.user and not self._is_managing():
                raise UserError(
                    self.env._(
                        "“%(duty)s” is not yours to give back. Whoever has taken it does, "
                        "or health management.",
                        duty=duty.display_name,
                    )
                )
        # sudo: patient.health.duty: checked above
        self.sudo().write({"user_id": False})

    def action_close(self):
        """Ask for the note with which the duty ends."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_health_duty_close_action"
        )
        return {**action, "context": {"default_duty_ids": self.ids}}

    # BUSINESS

    def _close(self, state, note):
        """End open duties by the judgement of a person.

        :param str state: done or not_needed
        :param str note: what was done, or why nothing is needed
        :raise UserError: without a note, or where one has ended meanwhile
        """
        self.check_access("write")
        if not (note or "").strip():
            raise UserError(
                self.env._(
                    "Say what was done about “%(duty)s”, or why nothing is needed. "
                    "Colleagues read it in the record.",
                    duty=self[:1].display_name,
                )
            )
        self._lock_open()
        now = fields.Datetime.now()
        for timeliness, duties in self.grouped(lambda duty: duty._judge(now)).items():
            duties._end(state, note.strip(), now, timeliness)
        # sudo: patient.health.duty: the clocks follow what was checked above
        self.sudo()._fire_deadline_event("duty_closed", now)

    def _withdraw(self, note):
        """End open duties whose reason is gone, without a verdict on time."""
        duties = self.filtered(lambda duty: duty.state == "open")
        duties._end("not_needed", note, fields.Datetime.now(), False)
        duties._cancel_deadlines()

    def _judge(self, moment):
        """Return whether a moment is in time for a duty: in_time, late, or False."""
        self.ensure_one()
        if not self.next_due_at:
            return False
        return "late" if moment > self.next_due_at else "in_time"

    def _end(self, state, note, moment, timeliness):
        # sudo: patient.health.duty: how a duty ends is written by its buttons only
        self.sudo().write(
            {
                "state": state,
                "closed_note": note,
                "closed_at": moment,
                "closed_by_id": self.env.uid,
                "timeliness": timeliness,
            }
        )

    def _raise_level(self, moment):
        """Let the clocks of duties run anew, by the rule of their higher level."""
        self.write({"level": "critical", "level_since": moment})
        self._cancel_deadlines()
        self._begin_deadlines("duty_opened", "level_since")

    def _lock_open(self):
        """Wait for whoever writes these duties at this moment; refuse ended ones.

        A transaction that began before the other ended is tried again by Odoo.
        """
        self.check_access("write")
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "SELECT id FROM patient_health_duty WHERE id IN %s ORDER BY id"
                " FOR NO KEY UPDATE",
                tuple(self.ids) or (0,),
            )
        )
        self.invalidate_recordset(["state", "user_id"])
        for duty in self:
            if duty.state != "open":
                raise UserError(duty._get_ended_text())
