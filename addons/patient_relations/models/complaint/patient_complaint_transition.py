from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime
from odoo.tools.i18n import format_list

from .patient_complaint import (
    ASIDE_STATES,
    MANAGER_GROUP,
    OFFICER_GROUP,
    OPEN_STATES,
)

# From each state those that may follow; back by one step, for a slip of the finger.
NEXT_STATES = {
    "received": ("acknowledged", "investigating", "responded", *ASIDE_STATES),
    "acknowledged": ("received", "investigating", "responded", *ASIDE_STATES),
    "investigating": ("acknowledged", "responded", *ASIDE_STATES),
    "responded": ("investigating", "closed", *ASIDE_STATES),
    "closed": (),
    "not_accepted": (),
    "withdrawn": (),
    "escalated": (),
}


class PatientComplaint(models.Model):
    """The way of a complaint: which status follows which, and what each one needs."""

    _inherit = "patient.complaint"

    @api.constrains("state", "not_accepted_reason", "state_note")
    def _check_aside(self):
        for complaint in self:
            if complaint.state == "not_accepted" and not complaint.not_accepted_reason:
                raise UserError(
                    self.env._(
                        "%(complaint)s cannot be left unaccepted without the lawful reason. "
                        "Use the button “Not Accepted” and choose one.",
                        complaint=complaint.name,
                    )
                )
            if (
                complaint.state in ("withdrawn", "escalated")
                and not (complaint.state_note or "").strip()
            ):
                raise UserError(
                    self.env._(
                        "%(complaint)s: say in a note why it is %(state)s. Use the button "
                        "of that name.",
                        complaint=complaint.name,
                        state=complaint._get_state_label().lower(),
                    )
                )

    # ACTIONS

    def action_acknowledge(self):
        self._move_to("acknowledged")

    def action_investigate(self):
        self._move_to("investigating")

    def action_respond(self):
        self._move_to("responded")

    def action_close(self):
        self._move_to("closed")

    def action_set_aside(self):
        """Ask for reason and note before one of the states aside.

        The context names the state: ``default_state``.
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_complaint_set_aside_action"
        )
        return {
            **action,
            "context": {**self.env.context, "default_complaint_ids": self.ids},
        }

    # BUSINESS

    def _move_to(self, state):
        """Move to a state by a button; refuse when somebody else was faster."""
        for complaint in self.filtered(lambda complaint: complaint.state == state):
            raise UserError(
                self.env._(
                    "%(complaint)s is “%(state)s” already: %(user)s changed it on "
                    "%(moment)s. Reload the page to go on from there.",
                    complaint=complaint.name,
                    state=complaint._get_state_label(),
                    user=complaint.write_uid.name,
                    moment=format_datetime(self.env, complaint.write_date),
                )
            )
        self.write({"state": state})

    def _check_transition(self, state):
        """Refuse a state that cannot follow the present one, or not by this user."""
        if not self or self.env.su:
            return
        officer = self.env.user.has_group(OFFICER_GROUP)
        if state not in OPEN_STATES and not officer:
            raise UserError(
                self.env._(
                    "Only the patient-relations office can decide that %(complaint)s is "
                    "%(state)s. Write your result in the complaint and ask the officer in "
                    "charge.",
                    complaint=self[0].name,
                    state=self._get_state_label(state).lower(),
                )
            )
        for complaint in self:
            if state not in complaint._get_next_states():
                raise UserError(complaint._get_transition_text(state))

    def _get_next_states(self):
        """Return the states to which the user may move this complaint."""
        self.ensure_one()
        if self.state not in OPEN_STATES:
            manager = self.env.user.has_group(MANAGER_GROUP)
            return OPEN_STATES if manager else ()
        allowed = NEXT_STATES[self.state]
        # Thanks and questions need no investigation.
        return allowed if self.kind == "complaint" else (*allowed, "closed")

    def _get_transition_text(self, state):
        self.ensure_one()
        if self.state not in OPEN_STATES:
            return self.env._(
                "%(complaint)s is %(state)s, which ends it. Only a manager may set it back "
                "to an open status.",
                complaint=self.name,
                state=self._get_state_label().lower(),
            )
        return self.env._(
            "%(complaint)s is “%(state)s” and cannot become “%(target)s” at once. It can "
            "become: %(allowed)s.",
            complaint=self.name,
            state=self._get_state_label(),
            target=self._get_state_label(state),
            allowed=format_list(
                self.env,
                [self._get_state_label(state) for state in self._get_next_states()],
                style="or",
            ),
        )

    def _finish_transition(self, state):
        """Set the time of the end, and check what a closed complaint must have."""
        if state == "closed":
            self._check_closing()
        if state not in OPEN_STATES:
            self.closed_at = fields.Datetime.now()
        else:
            self.filtered("closed_at").closed_at = False

    def _check_closing(self):
        for complaint in self.filtered(lambda complaint: complaint.kind == "complaint"):
            pending = complaint.problem_ids.filtered(
                lambda problem: problem.finding == "pending"
            )
            if not complaint.problem_ids:
                raise UserError(
                    self.env._(
                        "%(complaint)s has no problem yet. Add at least one, with its "
                        "finding, before closing it.",
                        complaint=complaint.name,
                    )
                )
            if pending:
                raise UserError(
                    self.env._(
                        "%(complaint)s cannot be closed before each problem has a finding. "
                        "Still pending: %(problems)s.",
                        complaint=complaint.name,
                        problems=format_list(
                            self.env, pending.category_id.mapped("display_name")
                        ),
                    )
                )
