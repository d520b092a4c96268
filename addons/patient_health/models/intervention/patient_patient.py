from odoo import fields, models

from ..res_users import CLINICIAN_GROUP


class PatientPatient(models.Model):
    _inherit = "patient.patient"

    intervention_ids = fields.One2many(
        comodel_name="patient.intervention",
        inverse_name="patient_id",
        string="Advice Given",
        groups=CLINICIAN_GROUP,
    )
    intervention_count = fields.Integer(
        compute="_compute_intervention_count",
        string="Advice Going On",
        groups=CLINICIAN_GROUP,
    )

    def _compute_intervention_count(self):
        counts = dict(
            self.env["patient.intervention"]._read_group(
                [
                    ("patient_id", "in", self.ids),
                    ("state", "in", ("planned", "active")),
                ],
                ["patient_id"],
                ["__count"],
            )
        )
        for patient in self:
            patient.intervention_count = counts.get(patient, 0)

    # ACTIONS

    def action_view_interventions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_intervention_action"
        )
        return {
            **action,
            "domain": [("patient_id", "=", self.id)],
            "context": {"default_patient_id": self.id},
        }

    def action_propose_interventions(self):
        """Open what the library has for this patient, with the reasons."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_intervention_propose_action"
        )
        return {**action, "context": {"default_patient_id": self.id}}
