from odoo import models


class PatientEncounter(models.Model):
    _inherit = "patient.encounter"

    # ACTIONS

    def action_assess(self):
        """Open the page on which the patient of this visit is assessed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_assessment_assess_action"
        )
        return {
            **action,
            "context": {
                "default_patient_id": self.patient_id.id,
                "default_encounter_id": self.id,
            },
        }
