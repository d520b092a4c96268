from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Leave patients out: merging contacts in SQL would delete one patient file."""
        # sudo: res.partner: hidden patients are protected as well
        partners_sudo = self.env["res.partner"].sudo().browse(partner_ids)
        if any(partner.is_patient for partner in partners_sudo.exists()):
            raise UserError(
                self.env._(
                    "One of these contacts is a patient. The contacts of patients cannot "
                    "be merged: choose contacts without a patient file."
                )
            )
        return super()._merge(partner_ids, dst_partner, extra_checks)
