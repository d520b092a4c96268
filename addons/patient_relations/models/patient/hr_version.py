from odoo import api, models


class HrVersion(models.Model):
    """Record rules keep the departments of a user in their cache."""

    _inherit = "hr.version"

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        self.env.registry.clear_cache()
        return versions

    def write(self, vals):
        result = super().write(vals)
        if {"department_id", "date_version", "active"} & vals.keys():
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
