from odoo import fields, models


class PatientIdentifier(models.Model):
    """A number by which another system knows the patient (FHIR: Patient.identifier)."""

    _name = "patient.identifier"
    _description = "Patient Identifier"
    _order = "patient_id, system, value"
    _rec_name = "value"

    patient_id = fields.Many2one(
        comodel_name="patient.patient", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="patient_id.company_id", store=True, precompute=True, index=True
    )
    system = fields.Char(
        required=True, help="Who gives the number: an address (URI) or a short name."
    )
    value = fields.Char(required=True)
    type_code = fields.Char(
        string="Type",
        help="Kind of number by HL7 table 0203, e.g. MR medical record, PPN passport.",
    )

    _value_uniq = models.UniqueIndex(
        "(company_id, system, value)",
        "Another patient file of this hospital has the same number of the same system. "
        "Search for the number to find that file.",
    )
