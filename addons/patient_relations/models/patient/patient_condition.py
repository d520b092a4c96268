from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PatientCondition(models.Model):
    """A diagnosis (FHIR: Condition)."""

    _name = "patient.condition"
    _description = "Diagnosis"
    _order = "onset_at desc, id desc"

    patient_id = fields.Many2one(
        comodel_name="patient.patient",
        compute="_compute_patient_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="patient_id.company_id", store=True, precompute=True, index=True
    )
    encounter_id = fields.Many2one(
        comodel_name="patient.encounter",
        domain="[('patient_id', '=', patient_id)]",
        string="Visit",
        index="btree_not_null",
        ondelete="set null",
    )
    department_id = fields.Many2one(
        related="encounter_id.department_id", store=True, precompute=True, index=True
    )
    code_system = fields.Char(help="Address (URI) of the code system, e.g. of ICD-10.")
    code = fields.Char()
    name = fields.Char(string="Diagnosis", required=True)
    clinical_status = fields.Selection(
        selection=[
            ("active", "Active Disease"),
            ("recurrence", "Recurrence"),
            ("relapse", "Relapse"),
            ("inactive", "Inactive"),
            ("remission", "Remission"),
            ("resolved", "Resolved"),
        ],
        default="active",
    )
    verification_status = fields.Selection(
        selection=[
            ("unconfirmed", "Unconfirmed"),
            ("provisional", "Provisional"),
            ("differential", "Differential"),
            ("confirmed", "Confirmed"),
            ("refuted", "Refuted"),
            ("entered_in_error", "Entered in Error"),
        ],
        default="confirmed",
    )
    onset_at = fields.Datetime(string="Since")
    abated_at = fields.Datetime(string="Until")
    recorded_on = fields.Date()
    source_system = fields.Char()
    source_id = fields.Char()

    _source_uniq = models.UniqueIndex(
        "(company_id, source_system, source_id) WHERE source_id IS NOT NULL",
        "This diagnosis of the source system is in the record already.",
    )
    # plans and cohorts ask for a prefix of the code
    _code_idx = models.Index("(code varchar_pattern_ops)")
    _period_check = models.Constraint(
        "CHECK(abated_at IS NULL OR onset_at IS NULL OR abated_at >= onset_at)",
        "A diagnosis cannot end before it begins.",
    )

    @api.depends("encounter_id.patient_id")
    def _compute_patient_id(self):
        for condition in self.filtered("encounter_id"):
            condition.patient_id = condition.encounter_id.patient_id

    @api.depends("name", "code")
    def _compute_display_name(self):
        for condition in self:
            parts = [condition.code, condition.name]
            condition.display_name = " ".join(part for part in parts if part)

    @api.constrains("patient_id", "encounter_id")
    def _check_patient(self):
        for condition in self.filtered("encounter_id"):
            if condition.patient_id != condition.encounter_id.patient_id:
                raise ValidationError(
                    self.env._(
                        "The diagnosis «%(diagnosis)s» belongs to another patient than its "
                        "visit. Choose a visit of the same patient.",
                        diagnosis=condition.display_name,
                    )
                )
