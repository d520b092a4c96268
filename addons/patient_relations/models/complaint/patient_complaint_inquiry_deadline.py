from datetime import datetime, time

import pytz

from odoo import api, fields, models

# Working days in which a department answers, where no answer to the complainant is due
# earlier. A proposal to whoever asks; the date can be changed.
DAYS_TO_ANSWER = 3
END_OF_DAY = time(23, 59, 59)


class PatientComplaintInquiry(models.Model):
    """Until when an answer is wanted: in working days, before the answer itself is due."""

    _inherit = "patient.complaint.inquiry"

    @api.model
    def _get_default_due_at(self):
        complaint = self.env["patient.complaint"].browse(
            self.env.context.get("default_complaint_id")
        )
        company = complaint.company_id or self.env.company
        days = company._get_patient_working_days()
        last = days.add(company._patient_today(), DAYS_TO_ANSWER)
        local = company._get_patient_tz().localize(datetime.combine(last, END_OF_DAY))
        wanted = local.astimezone(pytz.utc).replace(tzinfo=None)
        answers = complaint.deadline_ids.filtered(
            lambda clock: clock.state == "running" and clock.step == "answer"
        )
        due = min(answers.mapped("due_at"), default=wanted)
        return min(wanted, due) if due > fields.Datetime.now() else wanted
