from odoo import api, fields, models


class PatientComplaintReopening(models.Model):
    """New facts that opened a complaint again, and the end that it had before.

    Order 3 of the National Health Commission: new facts or evidence let a complaint that
    was ended go through the whole handling again.
    """

    _name = "patient.complaint.reopening"
    _description = "Complaint Reopening"
    _order = "id"
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one(
        comodel_name="patient.complaint", required=True, index=True, ondelete="cascade"
    )
    # why
    new_facts = fields.Text(required=True)
    told_by = fields.Char(help="Who brought the new facts.")
    reopened_at = fields.Datetime(string="Reopened On", required=True)
    by_user_id = fields.Many2one("res.users", string="Reopened by", required=True)
    # the end before
    former_state = fields.Selection(
        selection=lambda self: (
            self.env["patient.complaint"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        string="Status Before",
        required=True,
    )
    former_reason = fields.Selection(
        selection=lambda self: (
            self.env["patient.complaint"]
            ._fields["not_accepted_reason"]
            ._description_selection(self.env)
        ),
        string="Reason Before",
    )
    former_ended_at = fields.Datetime(string="Ended On")
    former_note = fields.Text(string="Note Before")
    former_user_id = fields.Many2one("res.users", string="Officer Before")
    former_acknowledged_on = fields.Datetime(string="Acknowledged Before")
    former_responded_on = fields.Datetime(string="Responded Before")
    former_satisfaction = fields.Selection(
        selection=lambda self: (
            self.env["patient.complaint"]
            ._fields["satisfaction"]
            ._description_selection(self.env)
        ),
        string="Satisfaction Before",
    )
    former_satisfaction_comment = fields.Text(string="Words Before")
    # copies of the complaint's, for access rules
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    lead_department_id = fields.Many2one(
        related="complaint_id.lead_department_id", store=True, precompute=True
    )
    first_department_id = fields.Many2one(
        related="complaint_id.first_department_id", store=True, precompute=True
    )

    @api.depends("complaint_id.name", "reopened_at")
    def _compute_display_name(self):
        for reopening in self:
            company = reopening.complaint_id.company_id
            day = company._patient_local_date(reopening.reopened_at)
            reopening.display_name = f"{reopening.complaint_id.name} · {day}"
