from odoo import api, fields, models


class PatientComplaintReopen(models.TransientModel):
    """Asks what is new before an ended complaint goes through the handling again."""

    _name = "patient.complaint.reopen"
    _description = "Reopen a Complaint"

    complaint_id = fields.Many2one("patient.complaint", required=True)
    new_facts = fields.Text(
        string="What Is New",
        required=True,
        help="The new facts or evidence, in the words of who brought them.",
    )
    told_by = fields.Char(
        string="Who Brought It",
        compute="_compute_proposal",
        store=True,
        readonly=False,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Officer in Charge",
        compute="_compute_proposal",
        store=True,
        readonly=False,
        domain=lambda self: self.env["patient.complaint"]._get_user_domain(),
        help="Who handled it before is proposed.",
    )

    @api.depends("complaint_id")
    def _compute_proposal(self):
        for wizard in self:
            complaint = wizard.complaint_id
            wizard.told_by = complaint.complainant_name or complaint.patient_id.name
            wizard.user_id = (
                complaint.user_id or complaint.reopening_ids.former_user_id[-1:]
            )

    # ACTIONS

    def action_reopen(self):
        self.ensure_one()
        self.complaint_id._reopen(self.new_facts, self.told_by, self.user_id)
        return self.complaint_id._get_form_action()
