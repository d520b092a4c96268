from odoo import api, fields, models


class PatientFhirPractitioner(models.Model):
    """Never guessed by name: two doctors may share one."""

    _name = "patient.fhir.practitioner"
    _inherit = "patient.fhir.mapping.mixin"
    _description = "Doctor of a Source System"
    _check_company_auto = True

    _target_field = "practitioner_id"
    _row_field = "fhir_practitioner_id"

    practitioner_id = fields.Many2one(
        comodel_name="hr.employee",
        string="Doctor",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _key_uniq = models.UniqueIndex(
        "(company_id, key)", "This doctor of the source is in the list already."
    )

    @api.depends("practitioner_id")
    def _compute_is_mapped(self):
        super()._compute_is_mapped()
