from odoo import fields, models


class PatientExamination(models.Model):
    """What a DiagnosticReport or DocumentReference says beyond the report itself."""

    _inherit = "patient.examination"

    fhir_kind = fields.Selection(
        selection=[
            ("DiagnosticReport", "Diagnostic Report"),
            ("DocumentReference", "Document"),
        ],
        string="Exchanged as",
        default="DiagnosticReport",
        required=True,
        readonly=True,
        copy=False,
    )
    fhir_status = fields.Char(string="Status as Sent", readonly=True, copy=False)
    fhir_identifiers = fields.Json(
        string="Identifiers as Sent",
        readonly=True,
        copy=False,
        help="Objects of system, value and type; any of them finds the report again.",
    )
    fhir_digest = fields.Char(
        string="Fingerprint of What Was Sent",
        readonly=True,
        copy=False,
        help="Of what the source sent last: what comes again changes nothing, also where "
        "a person has amended it.",
    )
    # performers, by the names that an administrator maps
    practitioner_id = fields.Many2one(
        comodel_name="hr.employee",
        string="Doctor",
        check_company=True,
        index="btree_not_null",
        help="Whom the name that came with the report stands for.",
    )
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

    _fhir_identifiers_idx = models.Index(
        "USING gin (fhir_identifiers jsonb_path_ops) WHERE fhir_identifiers IS NOT NULL"
    )
