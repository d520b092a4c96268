from odoo import api, models


class HrEmployee(models.Model):
    """Record rules keep the departments of a user in their cache."""

    _inherit = "hr.employee"

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        employees = super().create(vals_list)
        self.env.registry.clear_cache()
        return employees

    def write(self, vals):
        result = super().write(vals)
        if {"user_id", "current_version_id", "active"} & vals.keys():
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
