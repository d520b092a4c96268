from odoo import models


class PatientIndicator(models.Model):
    _inherit = "patient.indicator"

    def _hide_or_show(self, is_sensitive):
        """Let reports follow when their values are hidden.

        They are not shown again by themselves: what else they say, somebody has to read.
        """
        result = super()._hide_or_show(is_sensitive)
        if is_sensitive:
            # sudo: patient.measurement: reports of every hospital follow
            carried = self.env["patient.measurement"].sudo()
            carried.search(
                [("indicator_id", "in", self.ids), ("examination_id", "!=", False)]
            ).examination_id._become_sensitive()
        return result
