from odoo import models

# Whoever may know of whom a value is: people and accounts of other systems.
RECORD_GROUP = "patient_health.patient_health_group_record"
CLINICIAN_GROUP = "patient_health.patient_health_group_clinician"
MANAGER_GROUP = "patient_health.patient_health_group_manager"


class ResUsers(models.Model):
    _inherit = "res.users"

    def _sees_all_health(self):
        """Tell whether the user sees health values of patients of all departments.

        Health management does; so does who only counts and cannot read of whom they are.
        """
        self.ensure_one()
        return self.has_group(MANAGER_GROUP) or not self.has_group(CLINICIAN_GROUP)
