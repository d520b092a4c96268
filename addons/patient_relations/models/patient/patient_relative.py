from odoo import fields, models

RELATIONS = [
    ("spouse", "Spouse"),
    ("parent", "Parent"),
    ("child", "Child"),
    ("sibling", "Brother or Sister"),
    ("grandparent", "Grandparent"),
    ("grandchild", "Grandchild"),
    ("other_relative", "Other Relative"),
    ("guardian", "Guardian"),
    ("friend", "Friend or Colleague"),
    ("other", "Other"),
]


class PatientRelative(models.Model):
    """A relative or guardian of a patient (FHIR: RelatedPerson)."""

    _name = "patient.relative"
    _description = "Patient's Relative"
    _order = "is_guardian desc, is_emergency_contact desc, id"

    patient_id = fields.Many2one(
        comodel_name="patient.patient", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="patient_id.company_id", store=True, precompute=True, index=True
    )
    name = fields.Char(string="Full Name", required=True)
    relation = fields.Selection(
        selection=RELATIONS, required=True, default="other_relative"
    )
    phone = fields.Char()
    is_guardian = fields.Boolean(
        string="Guardian", help="May decide for the patient by law or by court order."
    )
    is_emergency_contact = fields.Boolean(string="Emergency Contact")
    note = fields.Char()
