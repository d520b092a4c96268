from odoo import models


class HrVersion(models.Model):
    _inherit = "hr.version"

    def write(self, vals):
        result = super().write(vals)
        if "department_id" in vals:
            # record rules keep the departments of a user in their cache
            self.env.registry.clear_cache()
        return result
