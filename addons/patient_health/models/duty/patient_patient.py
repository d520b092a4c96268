from odoo import fields, models

from ..res_users import CLINICIAN_GROUP


class PatientPatient(models.Model):
    _inherit = "patient.patient"

    duty_count = fields.Integer(
        compute="_compute_duty_count", string="Open Duties", groups=CLINICIAN_GROUP
    )

    def _compute_duty_count(self):
        counts = dict(
            self.env["patient.health.duty"]._read_group(
                [("patient_id", "in", self.ids), ("state", "=", "open")],
                ["patient_id"],
                ["__count"],
            )
        )
        for patient in self:
            patient.duty_count = counts.get(patient, 0)

    # CRUD

    def write(self, vals):
        result = super().write(vals)
        if vals.get("deceased_at"):
            self._end_duties()
        return result

    # ACTIONS

    def action_view_duties(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_health_duty_action"
        )
        return {
            **action,
            "domain": [("patient_id", "=", self.id)],
            "context": {"default_patient_id": self.id, "search_default_open": 1},
        }

    # BUSINESS

    def _end_duties(self):
        """End the open duties about patients who have died: nobody calls them."""
        # sudo: patient.health.duty: whoever records a death, in any department
        self.env["patient.health.duty"].sudo().search(
            [("patient_id", "in", self.ids), ("state", "=", "open")]
        )._withdraw(self.env._("The patient has died."))
