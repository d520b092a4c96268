import codecs

from odoo import api, models

# Names under which Chinese mail programs send what only GB 18030 holds in full.
SUBSETS_OF_GB18030 = {"gb2312", "gb_2312-80", "gbk", "cp936", "x-gbk"}


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
        keeps_all = any(
            self.env[model]._mail_keep_all for model, *_rest in routes or []
        )
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

    @api.model
    def message_parse(self, message, save_original=False):
        """Read also mails whose character set is wrong or unknown.

        Python refuses an unknown one, and the mail would be lost.
        """
        for part in message.walk():
            charset = (
                part.get_content_maintype() == "text" and part.get_content_charset()
            )
            readable = charset and self._get_readable_charset(part, charset)
            if readable and readable != charset:
                part.set_param("charset", readable)
        return super().message_parse(message, save_original=save_original)

    @api.model
    def _get_readable_charset(self, part, charset):
        """Return the name of a character set that Python knows and that fits the part."""
        if charset in SUBSETS_OF_GB18030:
            return "gb18030"
        if self._is_known_charset(charset):
            return charset
        try:
            (part.get_payload(decode=True) or b"").decode()
        except UnicodeDecodeError:
            return "gb18030"
        return "utf-8"

    @api.model
    def _is_known_charset(self, charset):
        try:
            return bool(codecs.lookup(charset))
        except LookupError:
            return False
