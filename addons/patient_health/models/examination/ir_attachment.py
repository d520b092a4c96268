from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

FILE_MODEL = "patient.examination.file"
GUARDED = frozenset(
    {"raw", "datas", "db_datas", "res_model", "res_id", "res_field", "type", "url"}
)


class IrAttachment(models.Model):
    """The content of a file of a report is not exchanged behind its back."""

    _inherit = "ir.attachment"

    # CRUD

    def write(self, vals):
        # Odoo itself moves the storage of files as superuser.
        if not self.env.su and GUARDED & vals.keys():
            # sudo: ir.attachment: what it belongs to does not depend on the user
            guarded_sudo = self.sudo().with_context(skip_res_field_check=True)
            if guarded_sudo.filtered_domain(
                Domain("res_model", "=", FILE_MODEL) & Domain("res_field", "=", "datas")
            ):
                raise UserError(
                    self.env._(
                        "This file belongs to the report of an examination and stays as "
                        "it came. Add the better file to the report."
                    )
                )
        return super().write(vals)
