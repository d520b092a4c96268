from odoo import api, fields, models

from ...tools import receipts


class PatientComplaintReceipt(models.Model):
    """The code of a complainant without a name, stored as a keyed hash only."""

    _name = "patient.complaint.receipt"
    _description = "Receipt Code"
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one(
        comodel_name="patient.complaint", required=True, ondelete="cascade"
    )
    code_hash = fields.Char(required=True)
    revoked_at = fields.Datetime()

    _complaint_uniq = models.UniqueIndex(
        "(complaint_id)", "This complaint has a receipt code already. Renew it instead."
    )
    _code_uniq = models.UniqueIndex("(code_hash)", "Draw another receipt code.")

    # BUSINESS

    @api.model
    def _draw(self, complaints):
        """Give each complaint a new code, which ends its former one.

        :return: complaint id → code; shown now or never
        :rtype: dict
        """
        codes = {complaint.id: receipts.draw_code() for complaint in complaints}
        self.search([("complaint_id", "in", complaints.ids)]).unlink()
        self.create(
            [
                {"complaint_id": complaint_id, "code_hash": self._get_digest(code)}
                for complaint_id, code in codes.items()
            ]
        )
        return codes

    @api.model
    def _find(self, code):
        """Return the receipt of a code that is valid; nothing for all others alike."""
        return self.search(
            [("code_hash", "=", self._get_digest(code)), ("revoked_at", "=", False)]
        )

    # TOOLS

    @api.model
    def _get_digest(self, code):
        # sudo: ir.config_parameter: the secret of the server, which no user may read
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return receipts.get_digest(code, f"patient-voice:{secret}")
