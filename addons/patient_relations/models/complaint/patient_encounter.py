from odoo import fields, models


class PatientEncounter(models.Model):
    _inherit = "patient.encounter"

    complaint_ids = fields.One2many(
        "patient.complaint", "encounter_id", string="Complaints"
    )
    complaint_count = fields.Integer(compute="_compute_complaint_count")

    def _compute_complaint_count(self):
        counts = self.env["patient.complaint"]._count_by("encounter_id", self)
        for encounter in self:
            encounter.complaint_count = counts.get(encounter._origin, 0)

    # ACTIONS

    def action_register_complaint(self):
        self.ensure_one()
        values = {
            **self.patient_id._prepare_complaint_intake(),
            "encounter_id": self.id,
            "department_id": self.department_id.id,
        }
        return self.env["patient.complaint.intake"]._get_action(values)

    def action_open_complaints(self):
        self.ensure_one()
        return self.env["patient.complaint"]._get_list_action(
            self.env._("Complaints"), self.complaint_ids
        )
