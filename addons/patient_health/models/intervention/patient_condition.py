from odoo import models


class PatientCondition(models.Model):
    _inherit = "patient.condition"

    def _is_present(self, moment):
        """Tell whether the patient has the disease at a moment (naive UTC)."""
        self.ensure_one()
        return (
            self.clinical_status not in ("inactive", "remission", "resolved")
            and self.verification_status not in ("refuted", "entered_in_error")
            and (not self.abated_at or self.abated_at > moment)
        )
