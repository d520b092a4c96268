from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.mail.tools.discuss import Store

from .patient_complaint_protection import CUSTODIAN_GROUP

COMPLAINT = "patient.complaint"


class IrAttachment(models.Model):
    """Files in the correspondence of protected complaints are for custodians only."""

    _inherit = "ir.attachment"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if operation == "create" or self.env.su:
            return result
        refused, get_error = result or (self.browse(), None)
        hidden = (self - refused)._filter_protected()
        if not hidden:
            return result
        return refused | hidden, get_error or hidden._get_protected_error

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Leave protected files out of what is found, and so out of counts."""
        if not bypass_access and not self.env.su and not self._is_custodian():
            # sudo: patient.complaint: which are protected, seen or not
            protected = (
                self.env[COMPLAINT]
                .sudo()
                .with_context(active_test=False)
                ._search([("protection", "!=", "open")])
            )
            domain = Domain(domain) & ~(
                Domain("res_model", "=", COMPLAINT) & Domain("res_id", "in", protected)
            )
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _to_store(self, store, fields):
        """Show protected files without name and without the key to their content."""
        hidden = self._filter_protected()
        store.add_records_fields(self - hidden, fields)
        if fields:
            store.add_records_fields(hidden, hidden._get_protected_store())

    # TOOLS

    def _is_custodian(self):
        return self.env.user.has_group(CUSTODIAN_GROUP)

    def _filter_protected(self):
        """Return the files of protected complaints that the user may not know."""
        if self.env.user._is_superuser() or self._is_custodian():
            return self.browse()
        # sudo: ir.attachment, patient.complaint: only whether it is protected is read
        files_sudo = self.sudo().filtered(lambda file: file.res_model == COMPLAINT)
        complaints_sudo = self.env[COMPLAINT].sudo().browse(files_sudo.mapped("res_id"))
        protected = {
            complaint.id
            for complaint in complaints_sudo.exists()
            if complaint.protection != "open"
        }
        return self.browse(
            file.id for file in files_sudo if file.res_id in protected and file.id
        )

    def _get_protected_error(self):
        return AccessError(
            self.env._(
                "This file belongs to a protected complaint. Only an identity custodian may "
                "open it."
            )
        )

    def _get_protected_store(self):
        return [
            Store.Attr("name", self.env._("For identity custodians only")),
            Store.Attr("mimetype", "application/octet-stream"),
            Store.Attr("type", "binary"),
            Store.One("thread", [], as_thread=True),
        ]
