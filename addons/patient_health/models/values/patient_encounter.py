from odoo import models


class PatientEncounter(models.Model):
    _inherit = "patient.encounter"

    # ACTIONS

    def action_enter_measurements(self):
        """Open the grid that takes the values of this visit."""
        self.ensure_one()
        return self.env["patient.measurement.entry"]._get_action(
            {"encounter_id": self.id, "patient_id": self.patient_id.id}
        )
