from odoo import fields, models

from ...tools import redaction
from ..patient.patient_relative import RELATIONS

# What the vault takes from every protected complaint, and what only on request.
PERSON_FIELDS = (
    "complainant_name",
    "complainant_phone",
    "complainant_email",
    "complainant_relation",
    "lead_id",
)
PATIENT_FIELDS = ("patient_id", "encounter_id")
IDENTITY_FIELDS = PERSON_FIELDS + PATIENT_FIELDS


class PatientComplaintIdentity(models.Model):
    """The vault: who stands behind a protected complaint.

    No group has any right here. The wizard that opens it asks for a reason, writes it
    to the log that nobody can change, and shows the content once.
    """

    _name = "patient.complaint.identity"
    _description = "Protected Identity"
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one(
        comodel_name="patient.complaint", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    complainant_name = fields.Char()
    complainant_phone = fields.Char()
    complainant_email = fields.Char()
    complainant_relation = fields.Selection(selection=RELATIONS)
    lead_id = fields.Many2one("crm.lead", index="btree_not_null")
    patient_id = fields.Many2one(
        "patient.patient", index="btree_not_null", ondelete="restrict"
    )
    encounter_id = fields.Many2one("patient.encounter", index="btree_not_null")
    erased_at = fields.Datetime(
        help="When the content was deleted for good; what was counted stays."
    )

    _complaint_uniq = models.UniqueIndex(
        "(complaint_id)", "The identity of this complaint is in the vault already."
    )

    # BUSINESS

    def _erase(self):
        """Delete the content for good."""
        self.write(
            {
                **dict.fromkeys(IDENTITY_FIELDS, False),
                "erased_at": fields.Datetime.now(),
            }
        )

    # TOOLS

    def _get_pattern(self):
        """Return the pattern of all words and numbers that tell this identity."""
        self.ensure_one()
        patient, lead = self.patient_id, self.lead_id
        return redaction.get_pattern(
            [
                self.complainant_name,
                self.complainant_email,
                lead.contact_name,
                lead.partner_name,
                lead.email_from,
                patient.name,
                patient.email,
                patient.mrn,
                patient.national_id,
                patient.card_number,
            ],
            [self.complainant_phone, lead.phone, patient.phone],
        )
