from datetime import timedelta

from odoo import api, models

from .patient_encounter import get_demo_records

# Moments of the demo complaints, and what they told the clocks.
TOLD = (
    ("assessed_at", "assessed"),
    ("acknowledged_on", "acknowledged"),
    ("responded_on", "answered"),
    ("explained_at", "answered"),
    ("reported_to_authority_at", "reported"),
)


class PatientComplaint(models.Model):
    """The clocks of the demo complaints, as the months would have left them."""

    _inherit = "patient.complaint"

    @api.model
    def _run_demo_deadlines(self):
        """Start and stop the clocks of the demo complaints at their own moments."""
        complaints = self.union(*get_demo_records(self.env, self._name).values())
        complaints.deadline_ids.unlink()
        complaints._begin_deadlines("received", "received_at")
        complaints._stop_demo_receptions()
        joint = complaints.filtered(lambda one: len(one._get_demo_departments()) > 1)
        joint._fire_deadline_event("second_department")
        major = complaints.filtered("is_major_event")
        major._fire_deadline_event("major_event", "major_event_at")
        for field, event in TOLD:
            complaints.filtered(field)._fire_deadline_event(event, field)
        complaints._tell_demo_assessments()
        closed = complaints.filtered(lambda one: one.state == "closed")
        closed._fire_deadline_event("closed", "closed_at")
        ended = complaints.filtered(lambda one: not one.is_open or not one.active)
        ended._cancel_deadlines()
        company = self.env.ref("base.main_company")
        company.patient_office_manager_id = self.env.ref(
            "patient_relations.user_manager"
        )

    def _stop_demo_receptions(self):
        """Most of those who come or call are received within the hour."""
        clocks = self.deadline_ids.filtered(lambda clock: clock.step == "receive")
        handled = clocks.filtered(lambda clock: clock.complaint_id.acknowledged_on)
        handled._stop(
            {
                clock.id: clock.started_at + timedelta(minutes=5 + number * 37 % 68)
                for number, clock in enumerate(handled)
            }
        )

    def _get_demo_departments(self):
        self.ensure_one()
        return self.problem_ids.department_id | self.participant_department_ids

    def _tell_demo_assessments(self):
        """Most complaints were assessed with the acknowledgement, before there was a tab."""
        assessed = self.filtered(
            lambda one: one.acknowledged_on and not one.assessed_at
        )
        assessed._fire_deadline_event("assessed", "acknowledged_on")
        told = self.filtered("acknowledged_on")
        told._fire_deadline_event("interim_reply", "acknowledged_on")
