from odoo import models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def write(self, vals):
        result = super().write(vals)
        if {"user_id", "current_version_id", "active"} & vals.keys():
            # record rules keep the departments of a user in their cache
            self.env.registry.clear_cache()
        return result
