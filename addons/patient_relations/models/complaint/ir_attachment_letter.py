from odoo import api, models
from odoo.exceptions import UserError

from .ir_attachment import CONTENT, PLACE


class IrAttachment(models.Model):
    """The letter that went out stays what it was, as evidence does."""

    _inherit = "ir.attachment"

    # CRUD

    def write(self, vals):
        touched = (CONTENT | PLACE) & vals.keys()
        if touched:
            for letter_sudo in self._get_sent_letters():
                if letter_sudo._changes_evidence(vals, touched):
                    raise UserError(
                        self.env._(
                            "“%(name)s” went out to a complainant and cannot be changed. "
                            "Correct the reply: that makes a new letter.",
                            name=letter_sudo.name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_letter(self):
        # The letter leaves with its complaint, as superuser; by no other way.
        if not self.env.su and self._get_sent_letters():
            raise UserError(
                self.env._(
                    "This letter went out to a complainant and stays in the records."
                )
            )

    # TOOLS

    def _get_sent_letters(self):
        """Return those of the attachments (sudo) that went out as a letter."""
        # sudo: ir.attachment: whether a letter went out does not depend on the user
        ours = self.sudo().filtered_domain(
            [("res_model", "=", "patient.complaint.reply")]
        )
        # sudo: patient.complaint.reply: likewise
        replies_sudo = self.env["patient.complaint.reply"].sudo()
        return ours and replies_sudo.search([("letter_id", "in", ours.ids)]).letter_id
