from odoo import models
from odoo.exceptions import AccessError


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        """Suggest no patient to those who may not know them.

        A patient may follow any document or have been written to from it. Odoo reads
        the addresses of all with the user's rights: the chatter would not open.
        """
        suggest = super()._message_get_suggested_recipients_batch
        try:
            return suggest(*args, **kwargs)
        except AccessError:
            # sudo: res.partner: the hidden ones are taken out below
            threads_sudo = super(MailThread, self.sudo())
            found = threads_sudo._message_get_suggested_recipients_batch(
                *args, **kwargs
            )
        people = {info["partner_id"] for infos in found.values() for info in infos}
        partners = self.env["res.partner"].browse(people - {False})
        hidden = set(partners._filter_hidden_patients().ids)
        return {
            record_id: [info for info in infos if info["partner_id"] not in hidden]
            for record_id, infos in found.items()
        }
