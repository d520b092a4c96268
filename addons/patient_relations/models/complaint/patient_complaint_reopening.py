from odoo import api, fields, models

from ...tools.selections import get_selection


class PatientComplaintReopening(models.Model):
    """New facts that opened a complaint again, and the end that it had before.

    Order 3 of the National Health Commission: new facts or evidence let a complaint that
    was ended go through the whole handling again.
    """

    _name = "patient.complaint.reopening"
    _inherit = "patient.complaint.part"
    _description = "Complaint Reopening"
    _order = "id"
    _rec_name = "complaint_id"

    # why
    new_facts = fields.Text(required=True)
    told_by = fields.Char(help="Who brought the new facts.")
    reopened_at = fields.Datetime(string="Reopened On", required=True)
    by_user_id = fields.Many2one("res.users", string="Reopened by", required=True)
    # the end before
    former_state = fields.Selection(
        selection=lambda self: get_selection(self.env, "patient.complaint", "state"),
        string="Status Before",
        required=True,
    )
    former_reason = fields.Selection(
        selection=lambda self: get_selection(
            self.env, "patient.complaint", "not_accepted_reason"
        ),
        string="Reason Before",
    )
    former_ended_at = fields.Datetime(string="Ended On")
    former_note = fields.Text(string="Note Before")
    former_user_id = fields.Many2one("res.users", string="Officer Before")
    former_acknowledged_on = fields.Datetime(string="Acknowledged Before")
    former_responded_on = fields.Datetime(string="Responded Before")
    former_satisfaction = fields.Selection(
        selection=lambda self: get_selection(
            self.env, "patient.complaint", "satisfaction"
        ),
        string="Satisfaction Before",
    )
    former_satisfaction_comment = fields.Text(string="Words Before")

    @api.depends("complaint_id.name", "reopened_at")
    def _compute_display_name(self):
        for reopening in self:
            company = reopening.complaint_id.company_id
            day = company._patient_local_date(reopening.reopened_at)
            reopening.display_name = f"{reopening.complaint_id.name} · {day}"
