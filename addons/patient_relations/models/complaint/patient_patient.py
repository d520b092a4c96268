from odoo import fields, models


class PatientPatient(models.Model):
    _inherit = "patient.patient"

    complaint_ids = fields.One2many(
        comodel_name="patient.complaint",
        inverse_name="patient_id",
        string="Complaints",
        groups="patient_relations.patient_relations_group_staff",
    )
    complaint_count = fields.Integer(
        compute="_compute_complaint_count",
        groups="patient_relations.patient_relations_group_staff",
    )

    def _compute_complaint_count(self):
        counts = self.env["patient.complaint"]._count_by("patient_id", self)
        for patient in self:
            patient.complaint_count = counts.get(patient._origin, 0)

    # ACTIONS

    def action_register_complaint(self):
        self.ensure_one()
        return self.env["patient.complaint.intake"]._get_action(
            self._prepare_complaint_intake()
        )

    def action_open_complaints(self):
        return self._open("patient_relations.patient_complaint_action")

    # BUSINESS

    def _prepare_complaint_intake(self):
        """Return what the file knows, as values of the intake screen."""
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "patient_id": self.id,
            "complainant_type": "patient",
            "complainant_name": self.name,
            "phone": self.phone,
            "complainant_email": self.email,
        }
