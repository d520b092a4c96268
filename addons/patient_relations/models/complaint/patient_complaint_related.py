from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# How far around a complaint others of the same person are offered as related.
RELATED_DAYS = 90


class PatientComplaint(models.Model):
    """Others of the same person at the time, which may be the same matter."""

    _inherit = "patient.complaint"

    related_ids = fields.Many2many(
        comodel_name="patient.complaint",
        compute="_compute_related_ids",
        string="Possibly Related",
        help="Others of the same patient or telephone number within 90 days.",
    )
    related_count = fields.Integer(compute="_compute_related_ids")

    @api.depends("patient_id", "complainant_phone", "received_at", "company_id")
    def _compute_related_ids(self):
        near = timedelta(days=RELATED_DAYS)
        candidates = self._search_related_candidates(near)
        for complaint in self:
            complaint.related_ids = candidates.filtered(
                lambda other, own=complaint: other._is_related(own, near)
            )
            complaint.related_count = len(complaint.related_ids)

    def _search_related_candidates(self, near):
        """Return what may be related to any of the complaints, in one search."""
        moments = [moment for moment in self.mapped("received_at") if moment]
        numbers = [
            number for number in self.mapped("complainant_phone_digits") if number
        ]
        if not moments or not (self.patient_id or numbers):
            return self.browse()
        return self.search(
            Domain("company_id", "in", self.company_id.ids)
            & Domain("received_at", ">=", min(moments) - near)
            & Domain("received_at", "<=", max(moments) + near)
            & (
                Domain("patient_id", "in", self.patient_id._origin.ids)
                | Domain("complainant_phone_digits", "in", numbers)
            )
        )

    def _is_related(self, own, near):
        """Tell whether this complaint is another one of the same person at the time."""
        self.ensure_one()
        same_patient = self.patient_id and self.patient_id == own.patient_id._origin
        same_number = (
            self.complainant_phone_digits
            and self.complainant_phone_digits == own.complainant_phone_digits
        )
        return (
            self != own._origin
            and self.company_id == own.company_id
            and bool(same_patient or same_number)
            and bool(own.received_at)
            and abs(self.received_at - own.received_at) <= near
        )

    # ACTIONS

    def action_open_related(self):
        self.ensure_one()
        return self._get_list_action(
            self.env._("Possibly Related"), self.related_ids | self
        )
