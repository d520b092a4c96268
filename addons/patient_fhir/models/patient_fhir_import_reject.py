import csv
import io

from odoo import fields, models

# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class PatientFhirImportReject(models.Model):
    _name = "patient.fhir.import.reject"
    _description = "Reject of a FHIR Import"
    _order = "import_id desc, file_id, entry, id"
    _rec_name = "message"

    import_id = fields.Many2one(
        comodel_name="patient.fhir.import",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    file_id = fields.Many2one(
        comodel_name="patient.fhir.import.file",
        string="Bundle",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="import_id.company_id", store=True, precompute=True, index=True
    )
    entry = fields.Integer(
        readonly=True, help="Counted from 0; -1 is the Bundle itself."
    )
    resource_type = fields.Char(readonly=True, string="Resource")
    source_id = fields.Char(readonly=True, string="Source ID")
    path = fields.Char(readonly=True, string="Place", help="FHIRPath in the Bundle.")
    code = fields.Char(readonly=True, help="IssueType of FHIR.")
    message = fields.Char(readonly=True)

    # TOOLS

    def _get_csv(self):
        """Return the rows as CSV that a spreadsheet opens (text)."""
        columns = (
            "file_id",
            "entry",
            "resource_type",
            "source_id",
            "path",
            "code",
            "message",
        )
        labels = self.fields_get(columns, ["string"])
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([labels[name]["string"] for name in columns])
        for row in self:
            values = [row.file_id.name, *(row[name] for name in columns[1:])]
            writer.writerow([_defuse(value) for value in values])
        return out.getvalue()


def _defuse(value):
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is False else value
