from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.mail.tools.discuss import Store

from .patient_complaint_protection import CUSTODIAN_GROUP

COMPLAINT = "patient.complaint"
REPLY = "patient.complaint.reply"


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
            # sudo: patient.complaint.reply: whose letters they are, seen or not
            replies = (
                self.env[REPLY].sudo()._search([("complaint_id", "in", protected)])
            )
            domain = (
                Domain(domain)
                & ~(
                    Domain("res_model", "=", COMPLAINT)
                    & Domain("res_id", "in", protected)
                )
                & ~(Domain("res_model", "=", REPLY) & Domain("res_id", "in", replies))
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
        # sudo: ir.attachment: only whether it is protected is read
        files_sudo = self.sudo().filtered(
            lambda file: file.id and file.res_model in (COMPLAINT, REPLY)
        )
        protected = {
            (model, record_id)
            for model, files in files_sudo.grouped("res_model").items()
            for record_id in self._get_protected_ids(model, files.mapped("res_id"))
        }
        return self.browse(
            file.id for file in files_sudo if (file.res_model, file.res_id) in protected
        )

    def _get_protected_ids(self, model, ids):
        """Return those of complaints, or of replies, that belong to protected ones."""
        # sudo: patient.complaint, patient.complaint.reply: only whether it is protected
        records_sudo = self.env[model].sudo().browse(ids).exists()
        complaints_sudo = (
            records_sudo if model == COMPLAINT else records_sudo.complaint_id
        )
        protected_sudo = complaints_sudo.filtered(lambda one: one.protection != "open")
        if model == COMPLAINT:
            return protected_sudo.ids
        return records_sudo.filtered(lambda one: one.complaint_id in protected_sudo).ids

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
