from odoo import api, fields, models

from .patient_complaint import ASIDE_STATES, OPEN_STATES

# What has happened to a complaint that has reached a state by the normal way.
EVENTS = {
    "received": (),
    "acknowledged": ("acknowledged",),
    "investigating": ("acknowledged",),
    "responded": ("acknowledged", "answered"),
    "closed": ("acknowledged", "answered", "closed"),
}
# Fields with the moment of an event, where it may lie before its recording.
MOMENTS = {"acknowledged": "acknowledged_on", "answered": "responded_on"}
# Steps that are no longer due when a complaint leaves the normal way. Reports and
# mediation go on; who is not accepted still has a right to the explanation.
ENDED_STEPS = {
    "not_accepted": ("receive", "acknowledge", "assess", "close"),
    "withdrawn": ("receive", "acknowledge", "assess", "answer", "close"),
    "escalated": ("receive", "acknowledge", "assess", "answer", "close"),
}
# What a reply of a kind means when it goes out; the other kinds move the complaint.
REPLY_EVENTS = {
    "acknowledgement": "acknowledged",
    "holding": "interim_reply",
    "final": "answered",
    "not_accepted": "answered",
}
# A change of these may bring another rule into force.
CHOICE_FIELDS = {"kind", "channel", "complainant_type", "priority"}


class PatientComplaint(models.Model):
    """The deadlines of a complaint: which events its life tells the clocks."""

    _name = "patient.complaint"
    _inherit = ["patient.complaint", "patient.deadline.mixin"]

    _deadline_field = "complaint_id"

    deadline_ids = fields.One2many("patient.deadline", "complaint_id")

    _next_due_idx = models.Index("(next_due_at) WHERE next_due_at IS NOT NULL")

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        going = complaints.filtered(lambda complaint: complaint.state in OPEN_STATES)
        going._begin_deadlines("received", "received_at")
        for state, group in going.grouped("state").items():
            for event in EVENTS[state]:
                group._fire_deadline_event(event, MOMENTS.get(event))
        going.filtered("assessed_at")._tell_assessment()
        return complaints

    def write(self, vals):
        before = self.grouped("state") if "state" in vals else {}
        result = super().write(vals)
        if vals.get("reopened_on"):
            self._begin_deadlines_anew()
            before = {}
        for state, complaints in before.items():
            if state != vals["state"]:
                complaints._tell_transition(state, vals["state"])
        if "received_at" in vals:
            self._restart_deadlines("received", "received_at")
        if CHOICE_FIELDS & vals.keys():
            self._rechoose_deadlines("received", "received_at")
        if "reported_to_authority_at" in vals:
            self.filtered("reported_to_authority_at")._fire_deadline_event(
                "reported", "reported_to_authority_at"
            )
        if vals.get("active") is False:
            self._cancel_deadlines()
        return result

    # BUSINESS

    def _get_deadline_scope(self):
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "department_id": self.lead_department_id.id,
            "first_department_id": self.first_department_id.id,
        }

    def _get_deadline_excluded_users(self):
        # sudo: patient.complaint.problem: whom to leave out, whoever sees the problems
        return self.sudo().problem_ids.employee_user_id

    def _tell_transition(self, before, after):
        """Tell the clocks what a move from one state to another means."""
        if after in ASIDE_STATES:
            self._cancel_deadlines(ENDED_STEPS[after])
            return
        if before in ASIDE_STATES:
            self._undo_deadline_cancel()
            return
        for event in self._get_undone_events(before, after):
            self._undo_deadline_event(event)
        for event in EVENTS[after]:
            self._fire_deadline_event(event, MOMENTS.get(event))

    def _begin_deadlines_anew(self):
        """Let the flow run again from the moment of reopening; what was stays."""
        self._cancel_deadlines()
        self._fire_deadline_event("received", "received_at")

    def _get_event_moments(self, at):
        """Count from the last reopening what is counted from the receipt."""
        moments = super()._get_event_moments(at)
        if at == "received_at":
            reopened = self.filtered("reopened_on")
            moments.update({one.id: one.reopened_on for one in reopened})
        return moments

    def _get_undone_events(self, before, after):
        """Return the events that a step back takes back; a reply stays given."""
        undone = set(EVENTS[before]) - set(EVENTS[after])
        given = {"answered"} if any(self.mapped("responded_at")) else set()
        return undone - given

    def _finish_assessment(self):
        super()._finish_assessment()
        self._tell_assessment()

    def _tell_assessment(self):
        """Tell the clocks of the assessment, and of a major event that it found."""
        self._fire_deadline_event("assessed", "assessed_at")
        major = self.filtered("is_major_event")
        major._restart_deadlines("major_event", "major_event_at")
        major._add_missing_clocks("major_event", "major_event_at")
        (self - major)._cancel_deadlines(["report"])

    def _join_departments(self, departments):
        """Give several departments the time that the rules give them."""
        before = {one.id: one.participant_department_ids for one in self}
        joined = super()._join_departments(departments)
        self.filtered(
            lambda one: one.participant_department_ids != before[one.id]
        )._fire_deadline_event("second_department")
        return joined

    def _follow_reply(self, reply):
        super()._follow_reply(reply)
        if reply.kind in REPLY_EVENTS:
            self._fire_deadline_event(REPLY_EVENTS[reply.kind], reply.replied_at)

    def _merge_into(self, main):
        result = super()._merge_into(main)
        self._cancel_deadlines()
        return result
