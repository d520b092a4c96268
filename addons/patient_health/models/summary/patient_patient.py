from odoo import fields, models

from ..res_users import CLINICIAN_GROUP


class PatientPatient(models.Model):
    _inherit = "patient.patient"

    summary_count = fields.Integer(
        compute="_compute_summary_count", string="Summaries", groups=CLINICIAN_GROUP
    )

    def _compute_summary_count(self):
        counts = dict(
            self.env["patient.health.summary"]._read_group(
                [("patient_id", "in", self.ids), ("state", "!=", "superseded")],
                ["patient_id"],
                ["__count"],
            )
        )
        for patient in self:
            patient.summary_count = counts.get(patient, 0)

    # ACTIONS

    def action_view_summaries(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_health_summary_action"
        )
        return {
            **action,
            "domain": [("patient_id", "=", self.id)],
            "context": {"default_patient_id": self.id},
        }
