from odoo import api, fields, models
from odoo.exceptions import UserError


class PatientComplaintHandOver(models.TransientModel):
    """Gives a complaint to another department or officer, with a word on why."""

    _name = "patient.complaint.hand.over"
    _description = "Hand a Complaint over"

    complaint_id = fields.Many2one("patient.complaint", required=True)
    company_id = fields.Many2one(related="complaint_id.company_id")
    lead_department_id = fields.Many2one(
        comodel_name="hr.department",
        compute="_compute_present",
        store=True,
        readonly=False,
        domain="[('company_id', 'in', (company_id, False))]",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Officer in Charge",
        compute="_compute_present",
        store=True,
        readonly=False,
        domain=lambda self: self.env["patient.complaint"]._get_user_domain(),
    )
    note = fields.Text(string="Why", required=True)

    @api.depends("complaint_id")
    def _compute_present(self):
        for wizard in self:
            wizard.lead_department_id = wizard.complaint_id.lead_department_id
            wizard.user_id = wizard.complaint_id.user_id

    # ACTIONS

    def action_hand_over(self):
        self.ensure_one()
        complaint = self.complaint_id.with_context(
            patient_complaint_handover_note=self.note
        )
        self._check_change()
        complaint.write(
            {
                "lead_department_id": self.lead_department_id.id,
                "user_id": self.user_id.id,
            }
        )
        if self.complaint_id.has_access("read"):
            return {"type": "ir.actions.act_window_close"}
        # Staff no longer see what they gave away.
        return self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_complaint_action"
        )

    # BUSINESS

    def _check_change(self):
        complaint = self.complaint_id
        if (self.lead_department_id, self.user_id) == (
            complaint.lead_department_id,
            complaint.user_id,
        ):
            raise UserError(
                self.env._(
                    "%(complaint)s is in these hands already. Choose another department "
                    "or another officer.",
                    complaint=complaint.name,
                )
            )
        if not complaint.is_open or complaint.duplicate_of_id:
            raise UserError(
                self.env._(
                    "%(complaint)s has ended; there is nothing to hand over.",
                    complaint=complaint.name,
                )
            )
