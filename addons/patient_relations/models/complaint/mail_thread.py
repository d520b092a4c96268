from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    # A model that sets this never loses a mail to the guard against loops.
    _mail_keep_all = False

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        """Keep every mail that a person or a hotline sends to a model that asks for it.

        Odoo drops mails in silence after twenty of one sender in two hours. A hotline
        such as 12345 forwards all its cases from one address. Only answers of a robot,
        which alone make a loop, still pass the guard.
        """
        keeps_all = any(self.env[model]._mail_keep_all for model, *_rest in routes or [])
        if keeps_all and not self._is_automatic_answer(message):
            return False
        return super()._detect_loop_sender(message, message_dict, routes)

    @api.model
    def _is_automatic_answer(self, message):
        """Tell by the headers of RFC 3834 and its forerunners whether a robot answers."""
        submitted = (message.get("Auto-Submitted") or "").strip().lower()
        precedence = (message.get("Precedence") or "").strip().lower()
        return (
            submitted.startswith("auto-replied")
            or precedence == "auto_reply"
            or any(message.get(name) for name in ("X-Autoreply", "X-Autorespond"))
        )
