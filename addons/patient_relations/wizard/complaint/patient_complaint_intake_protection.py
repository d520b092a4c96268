from odoo import fields, models

from ...models.complaint.patient_complaint_identity import IDENTITY_FIELDS


class PatientComplaintIntake(models.TransientModel):
    """Calls of people who want to stay unknown."""

    _inherit = "patient.complaint.intake"

    protection = fields.Selection(
        selection=lambda self: self._get_selection("protection"),
        string="Identity",
        default="open",
        required=True,
        help="Protected or anonymous: who calls goes into the vault at once, and you get a "
        "receipt code to read out.",
    )

    # ACTIONS

    def action_register(self):
        action = super().action_register()
        return self._show_receipt(action)

    def action_register_next(self):
        action = super().action_register_next()
        return self._show_receipt(action)

    # BUSINESS

    def _create_complaint(self):
        """Keep nothing of a protected caller on this screen's record either."""
        complaint = super()._create_complaint()
        if self.protection != "open":
            self._forget_caller()
        return complaint

    def _prepare_complaint(self):
        return {**super()._prepare_complaint(), "protection": self.protection}

    def _forget_caller(self):
        known = {*IDENTITY_FIELDS, "phone", "summary", "narrative", "expectation"}
        self.write(dict.fromkeys(known & self._fields.keys(), False))
        self.problem_ids.unlink()

    def _show_receipt(self, action):
        """Show the code of a protected complaint first, where the user may give it."""
        complaint = self.complaint_id
        if self.protection == "open" or not complaint.has_access("write"):
            return action
        return complaint._get_receipt_action(complaint._draw_receipts()[complaint.id])
