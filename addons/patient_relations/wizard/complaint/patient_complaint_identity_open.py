from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.complaint.patient_complaint_identity import IDENTITY_FIELDS
from ...models.patient.patient_relative import RELATIONS
from ...tools.selections import get_model_label

# How long what was opened stays on the screen.
SHOWN = timedelta(minutes=10)


class PatientComplaintIdentityOpen(models.TransientModel):
    """Asks an identity custodian why, writes it down, and then shows the vault.

    What it shows is computed each time from the vault and stored nowhere.
    """

    _name = "patient.complaint.identity.open"
    _description = "Open the Identity"

    complaint_id = fields.Many2one(
        comodel_name="patient.complaint", required=True, readonly=True
    )
    reason = fields.Text(
        help="Everybody in the office reads the reason on the complaint."
    )
    access_id = fields.Many2one(
        comodel_name="patient.complaint.identity.access", readonly=True
    )
    # what the vault tells
    is_shown = fields.Boolean(compute="_compute_identity")
    is_empty = fields.Boolean(compute="_compute_identity")
    complainant_name = fields.Char(string="Complainant", compute="_compute_identity")
    complainant_phone = fields.Char(string="Telephone", compute="_compute_identity")
    complainant_email = fields.Char(string="E-mail", compute="_compute_identity")
    complainant_relation = fields.Selection(
        selection=RELATIONS,
        string="Relation to the Patient",
        compute="_compute_identity",
    )
    patient_id = fields.Many2one("patient.patient", compute="_compute_identity")
    encounter_id = fields.Many2one(
        "patient.encounter", string="Visit", compute="_compute_identity"
    )
    lead_id = fields.Many2one("crm.lead", string="Enquiry", compute="_compute_identity")

    @api.depends("access_id")
    @api.depends_context("uid")
    def _compute_identity(self):
        for wizard in self:
            shown = wizard._is_opened()
            identity_sudo = wizard.complaint_id._get_identity() if shown else None
            wizard.is_shown = shown
            wizard.is_empty = not identity_sudo or bool(identity_sudo.erased_at)
            for name in IDENTITY_FIELDS:
                wizard[name] = identity_sudo[name] if identity_sudo else False

    # ACTIONS

    def action_open(self):
        """Write the reason down and show who it is."""
        self.ensure_one()
        self.complaint_id._check_custodian()
        if not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "Say why the identity behind %(complaint)s is needed. The reason is "
                    "kept, and the office reads it.",
                    complaint=self.complaint_id.name,
                )
            )
        # sudo: patient.complaint.identity.access: the link to the entry just made
        self.sudo().access_id = self.complaint_id._log_identity_access(
            "opened", self.reason.strip()
        )
        return {
            "type": "ir.actions.act_window",
            "name": get_model_label(self.env, self._name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # TOOLS

    def _is_opened(self):
        """Tell whether this user has just opened this identity, on record."""
        self.ensure_one()
        # sudo: patient.complaint.identity.access: custodians need not be officers
        access_sudo = self.access_id.sudo()
        if (
            not access_sudo
            or access_sudo.user_id != self.env.user
            or access_sudo.complaint_id != self.complaint_id
            or access_sudo.action != "opened"
            or access_sudo.opened_at + SHOWN < fields.Datetime.now()
        ):
            return False
        self.complaint_id._check_custodian()
        return True
