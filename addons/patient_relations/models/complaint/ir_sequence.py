from odoo import api, models
from odoo.exceptions import UserError

from .res_company import SEQUENCE_CODE


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    # CRUD

    def unlink(self):
        # The database alone would drop the ranges and leave PostgreSQL's sequences of them.
        self._filter_of_complaints().date_range_ids.unlink()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        """Keep the numbers of complaints: a new sequence would begin with old numbers."""
        companies = self._filter_of_complaints().company_id
        # sudo: patient.complaint: whether there is any, whoever may see it
        complaints_sudo = self.env["patient.complaint"].sudo()
        used = complaints_sudo.with_context(active_test=False).search(
            [("company_id", "in", companies.ids)], limit=1
        )
        if used:
            raise UserError(
                self.env._(
                    "The complaints of %(hospital)s are numbered by this sequence. Change "
                    "its prefix or its next number instead of deleting it.",
                    hospital=used.company_id.name,
                )
            )

    # TOOLS

    def _filter_of_complaints(self):
        return self.filtered(lambda sequence: sequence.code == SEQUENCE_CODE)
