from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

REPORT_MODEL = "patient.health.report"
GUARDED = frozenset(
    {"raw", "datas", "db_datas", "res_model", "res_id", "res_field", "type", "url"}
)


class IrAttachment(models.Model):
    """The PDF of a report that a patient has taken home stays what it was."""

    _inherit = "ir.attachment"

    # CRUD

    def write(self, vals):
        # Odoo itself moves the storage of files as superuser.
        if not self.env.su and GUARDED & vals.keys():
            self._refuse_printed_reports()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_printed_report(self):
        if not self.env.su:
            self._refuse_printed_reports()

    # TOOLS

    def _refuse_printed_reports(self):
        """Refuse when one of the files is a report that was issued."""
        # sudo: ir.attachment: what it belongs to does not depend on the user
        ours_sudo = self.sudo().filtered_domain(Domain("res_model", "=", REPORT_MODEL))
        # sudo: patient.health.report: likewise
        reports_sudo = self.env[REPORT_MODEL].sudo()
        if ours_sudo and reports_sudo.search_count(
            [("attachment_id", "in", ours_sudo.ids)], limit=1
        ):
            raise UserError(
                self.env._(
                    "This file is a health report that was issued, and stays as it is. "
                    "Issue a new report in its place."
                )
            )
