from odoo import fields, models


class PatientFhirImportCount(models.Model):
    _name = "patient.fhir.import.count"
    _description = "Counts of a FHIR Import"
    _order = "import_id desc, ignored, resource_type"

    import_id = fields.Many2one(
        comodel_name="patient.fhir.import",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    resource_type = fields.Char(required=True, readonly=True, string="Resource")
    created = fields.Integer(readonly=True)
    updated = fields.Integer(readonly=True)
    unchanged = fields.Integer(readonly=True)
    ignored = fields.Integer(readonly=True)
    rejected = fields.Integer(readonly=True)

    _type_uniq = models.UniqueIndex("(import_id, resource_type)")
