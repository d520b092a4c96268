from datetime import timedelta

from odoo import fields, models

# What was done, in turn.
NOTES = (
    "已电话联系患者，预约专科门诊复诊。",
    "已面谈，调整用药并约两周后复查。",
    "已转介健康管理门诊，制定干预计划。",
    "已通知管床医生，出院随访提前到一周内。",
)
# What was called for in the last days is still being worked on, unless it could not wait.
RECENT, URGENT = timedelta(days=8), timedelta(days=1)
LATE = 5  # one of so many was ended late


class PatientAssessment(models.Model):
    """The duties that the demo assessments called for, as the years have left them."""

    _inherit = "patient.assessment"

    def _date_demo_duties(self, moment):
        """Let duties begin when somebody was assessed; end those of the past."""
        # sudo: patient.health.duty: as time would have left them
        duties_sudo = (
            self.env["patient.health.duty"]
            .sudo()
            .search([("assessment_id", "in", self.ids), ("state", "=", "open")])
        )
        if not duties_sudo:
            return
        duties_sudo.deadline_ids.unlink()
        for company, own_sudo in duties_sudo.grouped("company_id").items():
            month = company._patient_local_month(moment)
            own_sudo.write(
                {"opened_at": moment, "level_since": moment, "opened_month": month}
            )
        duties_sudo._begin_deadlines("duty_opened", "opened_at")
        past = fields.Datetime.now() - moment
        duties_sudo.filtered(
            lambda one: past > (URGENT if one.level == "critical" else RECENT)
        )._end_demo(moment)
