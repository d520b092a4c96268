import base64
import unicodedata

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import human_size
from odoo.tools.mimetypes import guess_mimetype

from ...tools.uploads import MAX_BYTES, MAX_FILES

# Told by the content, never by the name. Nothing that a browser would run.
ALLOWED_TYPES = {
    "image/jpeg": "photo",
    "image/png": "photo",
    "image/gif": "photo",
    "image/webp": "photo",
    "image/heic": "photo",
    "image/heif": "photo",
    "image/bmp": "photo",
    "image/tiff": "photo",
    "audio/mpeg": "audio",
    "audio/mp4": "audio",
    "audio/x-m4a": "audio",
    "audio/wav": "audio",
    "audio/x-wav": "audio",
    "audio/ogg": "audio",
    "audio/amr": "audio",
    "video/mp4": "video",
    "video/quicktime": "video",
    "video/3gpp": "video",
    "application/pdf": "document",
    "application/msword": "document",
    "application/vnd.ms-excel": "document",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "document",
    "application/vnd.oasis.opendocument.text": "document",
    "text/plain": "document",
}
MAX_NAME = 120


class PatientComplaintInquiry(models.Model):
    """Which files an answer may bring."""

    _inherit = "patient.complaint.inquiry"

    # BUSINESS

    @api.model
    def _check_files(self, files):
        """Refuse too many, too large, empty and unknown files, each by its name.

        :param list files: of (file name, bytes)
        """
        if len(files) > MAX_FILES:
            raise UserError(
                self.env._(
                    "At most %(number)s files can come with an answer. Choose the most "
                    "important ones.",
                    number=MAX_FILES,
                )
            )
        for name, content in files:
            text = self._get_refusal(name, content or b"")
            if text:
                raise UserError(text)

    @api.model
    def _get_refusal(self, name, content):
        """Return why a file is refused, or an empty text."""
        name = self._clean_filename(name)
        if not content:
            return self.env._("The file “%(name)s” is empty.", name=name)
        if len(content) > MAX_BYTES:
            return self.env._(
                "The file “%(name)s” is larger than %(size)s. Send a smaller one.",
                name=name,
                size=human_size(MAX_BYTES),
            )
        if guess_mimetype(content) not in ALLOWED_TYPES:
            return self.env._(
                "The file “%(name)s” is of a kind that cannot be taken. Send a picture, "
                "a PDF, a text document, a sound or a video.",
                name=name,
            )
        return ""

    # TOOLS

    def _prepare_evidence(self, name, content):
        self.ensure_one()
        name = self._clean_filename(name)
        return {
            "complaint_id": self.complaint_id.id,
            "inquiry_id": self.id,
            "name": name,
            "filename": name,
            "kind": ALLOWED_TYPES.get(guess_mimetype(content), "other"),
            "datas": base64.b64encode(content),
        }

    @api.model
    def _clean_filename(self, name):
        """Return the last part of a name without characters that cannot be seen.

        Marks of writing direction go too: they make “exe.jpg” of “gpj.exe”.
        """
        last = (name or "").replace("\\", "/").rpartition("/")[2]
        shown = "".join(
            character
            for character in last
            if not unicodedata.category(character).startswith("C")
        )
        return shown.strip()[-MAX_NAME:] or "file"
