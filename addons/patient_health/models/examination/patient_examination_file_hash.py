import base64
import hashlib

from odoo import api, fields, models


class PatientExaminationFile(models.Model):
    """The fingerprint by which a file is known again, whatever it is called."""

    _inherit = "patient.examination.file"

    sha256 = fields.Char(string="SHA-256", readonly=True, copy=False)

    # TOOLS

    @api.model
    def _prepare_content(self, vals):
        vals = super()._prepare_content(vals)
        content = base64.b64decode(vals["datas"])
        return {**vals, "sha256": hashlib.sha256(content).hexdigest()}
