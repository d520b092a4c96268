from odoo import fields, models
from odoo.tools import html2plaintext


class CrmLead(models.Model):
    _inherit = "crm.lead"

    complaint_ids = fields.One2many(
        comodel_name="patient.complaint",
        inverse_name="lead_id",
        string="Complaints",
        groups="patient_relations.patient_relations_group_staff",
    )
    complaint_count = fields.Integer(
        compute="_compute_complaint_count",
        groups="patient_relations.patient_relations_group_staff",
    )

    def _compute_complaint_count(self):
        counts = self.env["patient.complaint"]._count_by("lead_id", self)
        for lead in self:
            lead.complaint_count = counts.get(lead._origin, 0)

    # ACTIONS

    def action_register_complaint(self):
        self.ensure_one()
        return self.env["patient.complaint.intake"]._get_action(
            self._prepare_complaint_intake()
        )

    def action_open_complaints(self):
        self.ensure_one()
        return self.env["patient.complaint"]._get_list_action(
            self.env._("Complaints"), self.complaint_ids
        )

    # BUSINESS

    def _prepare_complaint_intake(self):
        """Return what the enquiry knows, as values of the intake screen."""
        self.ensure_one()
        patient = self.patient_id or self._find_patient()
        return {
            "lead_id": self.id,
            "company_id": (self.company_id or self.env.company).id,
            "patient_id": patient.id,
            "channel": "other",
            "complainant_type": "patient" if patient else "other",
            "complainant_name": self.contact_name or self.partner_name or patient.name,
            "phone": self.phone or patient.phone,
            "complainant_email": self.email_from,
            "summary": self.name,
            "narrative": html2plaintext(self.description or ""),
        }
