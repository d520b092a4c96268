from odoo import models
from odoo.tools import SQL


class PatientIndicator(models.Model):
    _inherit = "patient.indicator"

    def _hide_or_show(self, is_sensitive):
        """Let duties follow that stand on the values."""
        super()._hide_or_show(is_sensitive)
        duties = self.env["patient.health.duty"]
        duties.flush_model(["is_sensitive", "indicator_id"])
        self.env.cr.execute(
            SQL(
                "UPDATE patient_health_duty SET is_sensitive = %s"
                " WHERE indicator_id IN %s AND is_sensitive IS DISTINCT FROM %s",
                is_sensitive,
                tuple(self.ids) or (0,),
                is_sensitive,
            )
        )
        duties.invalidate_model(["is_sensitive"])
