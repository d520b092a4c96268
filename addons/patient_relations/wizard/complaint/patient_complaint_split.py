from odoo import api, fields, models


class PatientComplaintSplit(models.TransientModel):
    """Gives some problems of a complaint a number, a department and an officer of their own."""

    _name = "patient.complaint.split"
    _description = "Split a Complaint"

    complaint_id = fields.Many2one("patient.complaint", required=True)
    company_id = fields.Many2one(related="complaint_id.company_id")
    problem_ids = fields.Many2many(
        comodel_name="patient.complaint.problem",
        string="Problems to Move",
        domain="[('complaint_id', '=', complaint_id)]",
    )
    summary = fields.Char(
        required=True, compute="_compute_proposal", store=True, readonly=False
    )
    lead_department_id = fields.Many2one(
        comodel_name="hr.department",
        compute="_compute_lead_department_id",
        store=True,
        readonly=False,
        domain="[('company_id', 'in', (company_id, False))]",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Officer in Charge",
        compute="_compute_proposal",
        store=True,
        readonly=False,
        domain=lambda self: self.env["patient.complaint"]._get_user_domain(),
    )

    @api.depends("complaint_id")
    def _compute_proposal(self):
        for wizard in self:
            wizard.summary = wizard.complaint_id.summary
            wizard.user_id = wizard.complaint_id.user_id

    @api.depends("problem_ids")
    def _compute_lead_department_id(self):
        """Propose the department that the chosen problems are about."""
        for wizard in self:
            wizard.lead_department_id = (
                wizard.problem_ids.department_id[:1]
                or wizard.complaint_id.lead_department_id
            )

    # ACTIONS

    def action_split(self):
        self.ensure_one()
        part = self.complaint_id._split(
            self.problem_ids,
            {
                "summary": self.summary,
                "lead_department_id": self.lead_department_id.id,
                "user_id": self.user_id.id,
            },
        )
        return part._get_form_action()
