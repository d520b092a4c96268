from odoo import fields, models


class PatientEncounter(models.Model):
    _inherit = "patient.encounter"

    fhir_department_id = fields.Many2one(
        comodel_name="patient.fhir.department",
        string="Department of the Source",
        index="btree_not_null",
        copy=False,
    )
    fhir_practitioner_id = fields.Many2one(
        comodel_name="patient.fhir.practitioner",
        string="Doctor of the Source",
        index="btree_not_null",
        copy=False,
    )
