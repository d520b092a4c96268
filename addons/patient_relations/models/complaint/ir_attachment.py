import base64
import hashlib

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

EVIDENCE = "patient.complaint.evidence"
CONTENT = {"raw", "datas", "db_datas"}
PLACE = {"res_model", "res_id", "res_field", "type", "url"}


class IrAttachment(models.Model):
    """The file of a piece of evidence stays what it was, by whichever way it is reached."""

    _inherit = "ir.attachment"

    # CRUD

    def write(self, vals):
        touched = (CONTENT | PLACE) & vals.keys()
        if touched:
            for evidence_sudo in self._get_evidence_files():
                if evidence_sudo._changes_evidence(vals, touched):
                    raise UserError(
                        self.env._(
                            "The file “%(name)s” is evidence of a complaint and cannot be "
                            "changed. Add the new file as further evidence.",
                            name=evidence_sudo.name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        # Deleting the evidence itself, which a manager may, deletes its file as superuser.
        if not self.env.su and self._get_evidence_files():
            raise UserError(
                self.env._(
                    "This file is evidence of a complaint. Only a manager may delete it, "
                    "from the list of evidence."
                )
            )

    # TOOLS

    def _get_evidence_files(self):
        """Return those of the attachments (sudo) that hold the content of evidence."""
        # sudo: ir.attachment: whether a file is evidence does not depend on the user
        return (
            self.sudo()
            .with_context(skip_res_field_check=True)
            .filtered_domain(
                Domain("res_model", "=", EVIDENCE) & Domain("res_field", "=", "datas")
            )
        )

    def _changes_evidence(self, vals, touched):
        """Tell whether values change the file; moving its storage does not."""
        self.ensure_one()
        for name in touched & PLACE:
            if vals[name] != self[name]:
                return True
        for name in touched & CONTENT:
            content = vals[name] or b""
            if name == "datas":
                content = base64.b64decode(content)
            # Odoo's own checksum of a file, compared only with itself
            if (
                hashlib.sha1(content, usedforsecurity=False).hexdigest()
                != self.checksum
            ):
                return True
        return False
