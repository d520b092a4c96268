from odoo import models

from ..res_users import CLINICIAN_GROUP

SENSITIVE_GROUP = "patient_health.patient_health_group_sensitive"


class ResUsers(models.Model):
    _inherit = "res.users"

    def _filter_health(self, is_sensitive):
        """Return those who may see values of patients, and sensitive ones if asked."""
        return self.filtered(
            lambda user: (
                user.has_group(CLINICIAN_GROUP)
                and (not is_sensitive or user.has_group(SENSITIVE_GROUP))
            )
        )
