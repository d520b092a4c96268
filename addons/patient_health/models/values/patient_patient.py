from odoo import models


class PatientPatient(models.Model):
    """From the file of a patient to their values."""

    _inherit = "patient.patient"

    # ACTIONS

    def action_enter_measurements(self):
        """Open the grid that takes values of this patient."""
        self.ensure_one()
        return self.env["patient.measurement.entry"]._get_action(
            {"patient_id": self.id}
        )

    def action_view_measurements(self):
        """Show lists by indicator; charts keep month and indicator, as their view says."""
        action = super().action_view_measurements()
        xmlid = "patient_health.patient_measurement_view_list_patient"
        lists = {"list": self.env.ref(xmlid).id}
        groups = "search_default_group_indicator"
        kept = {key: value for key, value in action["context"].items() if key != groups}
        return {
            **action,
            "context": kept,
            "views": [
                (lists.get(mode, view_id), mode) for view_id, mode in action["views"]
            ],
        }
