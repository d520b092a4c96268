from odoo import api, models
from odoo.fields import Domain


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """Leave the rules of contacts out of those of patient files.

        Odoo adds them because a file inherits its contact. They say nothing that a
        file's own rules do not: its contact belongs to the same hospital, and who reads
        files may know patients. Left in, each search joins all contacts. What a rule of
        the files themselves says about the contact stays.
        """
        domain = super()._compute_domain(model_name, mode)
        if model_name != "patient.patient":
            return domain
        contacts = super()._compute_domain("res.partner", mode)
        inherited = Domain("partner_id", "any", contacts).optimize(self.env[model_name])
        return domain.map_conditions(
            lambda condition: Domain.TRUE if condition == inherited else condition
        )
