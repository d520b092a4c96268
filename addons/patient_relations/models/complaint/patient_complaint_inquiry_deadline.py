from odoo import api, fields, models

from ...tools.terms import Term

# Working days in which a department answers, where no answer to the complainant is due
# earlier. A proposal to whoever asks; the date can be changed.
DAYS_TO_ANSWER = 3


class PatientComplaintInquiry(models.Model):
    """Until when an answer is wanted: in working days, before the answer itself is due."""

    _inherit = "patient.complaint.inquiry"

    @api.model
    def _get_default_due_at(self):
        """Return the moment (naive UTC) that is proposed to whoever asks."""
        complaint = self.env["patient.complaint"].browse(
            self.env.context.get("default_complaint_id")
        )
        company = complaint.company_id or self.env.company
        calendar, now = company._get_patient_calendar(), fields.Datetime.now()
        wanted = Term(calendar, "working_day", DAYS_TO_ANSWER, now).due_at
        answers = complaint.deadline_ids.filtered(
            lambda clock: clock.state == "running" and clock.step == "answer"
        )
        due = min(answers.mapped("due_at"), default=wanted)
        return min(wanted, due) if due > now else wanted
