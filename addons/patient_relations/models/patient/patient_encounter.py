from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date

from ...tools.selections import get_label


class PatientEncounter(models.Model):
    """A visit or a stay (FHIR: Encounter). The busiest table of the patient's room.

    It has no chatter: what happened in a visit comes from the hospital's own systems.
    """

    _name = "patient.encounter"
    _inherit = ["patient.company.mixin"]
    _description = "Visit"
    _order = "begins_at desc, id desc"
    _check_company_auto = True

    # who
    patient_id = fields.Many2one(
        comodel_name="patient.patient", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="patient_id.company_id", store=True, precompute=True, index=True
    )
    name = fields.Char(
        string="Visit Number", help="The number of the visit or stay in the hospital."
    )
    # what
    encounter_class = fields.Selection(
        selection=[
            ("AMB", "Outpatient"),
            ("EMER", "Emergency"),
            ("IMP", "Inpatient"),
            ("HH", "Home Visit"),
            ("VR", "Remote"),
        ],
        string="Class",
        required=True,
        default="AMB",
        help="HL7 v3 ActCode, as FHIR uses it.",
    )
    status = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("arrived", "Arrived"),
            ("triaged", "Triaged"),
            ("in_progress", "In Progress"),
            ("onleave", "On Leave"),
            ("finished", "Finished"),
            ("cancelled", "Cancelled"),
            ("entered_in_error", "Entered in Error"),
            ("unknown", "Unknown"),
        ],
        required=True,
        default="planned",
    )
    reason = fields.Char(help="Why the patient came, in a few words.")
    disposition = fields.Selection(
        selection=[
            ("home", "Home"),
            ("home_health", "Home with Nursing"),
            ("other_facility", "Other Hospital"),
            ("rehabilitation", "Rehabilitation"),
            ("long_term", "Long-term Care"),
            ("against_advice", "Left against Advice"),
            ("died", "Died"),
            ("other", "Other"),
        ],
        help="Where the patient went at the end.",
    )
    condition_ids = fields.One2many(
        "patient.condition", "encounter_id", string="Diagnoses"
    )
    diagnosis_text = fields.Char(compute="_compute_diagnosis_text", string="Diagnosis")
    # where, with whom
    department_id = fields.Many2one("hr.department", index=True, check_company=True)
    department_text = fields.Char(
        string="Department (Source)",
        help="The department as the source system names it.",
    )
    practitioner_id = fields.Many2one(
        comodel_name="hr.employee",
        string="Doctor",
        index="btree_not_null",
        check_company=True,
    )
    practitioner_text = fields.Char(
        string="Doctor (Source)", help="The doctor as the source system names them."
    )
    # when
    planned_at = fields.Datetime(string="Planned for")
    arrived_at = fields.Datetime(string="Arrival")
    called_at = fields.Datetime(string="Call")
    started_at = fields.Datetime(string="Start")
    ended_at = fields.Datetime(string="End")
    begins_at = fields.Datetime(
        compute="_compute_begins_at",
        store=True,
        precompute=True,
        string="Date",
        help="The first known of start, call, arrival and planned time.",
    )
    start_month = fields.Date(
        compute="_compute_begins_at", store=True, precompute=True, string="Month"
    )
    wait_minutes = fields.Float(
        compute="_compute_durations",
        store=True,
        precompute=True,
        string="Waiting (min)",
        aggregator="avg",
        help="Minutes from arrival to the call, or to the start when no call is known.",
    )
    stay_days = fields.Float(
        compute="_compute_durations",
        store=True,
        precompute=True,
        string="Stay (days)",
        aggregator="avg",
        help="Days from start to end, for inpatient stays.",
    )
    # origin
    source_system = fields.Char()
    source_id = fields.Char()

    _source_uniq = models.UniqueIndex(
        "(company_id, source_system, source_id) WHERE source_id IS NOT NULL",
        "This visit of the source system is in the record already.",
    )
    _order_idx = models.Index("(begins_at DESC, id DESC)")
    _patient_idx = models.Index("(patient_id, begins_at DESC)")
    _fact_idx = models.Index("(company_id, start_month, department_id)")
    _period_check = models.Constraint(
        "CHECK(ended_at IS NULL OR started_at IS NULL OR ended_at >= started_at)",
        "A visit cannot end before it starts.",
    )

    @api.depends(
        "name", "begins_at", "encounter_class", "department_id", "department_text"
    )
    @api.depends_context("patient_first", "uid")
    def _compute_display_name(self):
        """Say when and where; on the screens of visits, whose visit it is."""
        for encounter in self:
            place = encounter.department_id.name or encounter.department_text
            parts = [place, get_label(encounter, "encounter_class"), encounter.name]
            if self.env.context.get("patient_first"):
                parts.insert(0, encounter.patient_id.partner_id.display_name)
            elif encounter.begins_at:
                day = encounter.company_id._patient_local_date(encounter.begins_at)
                parts.insert(0, format_date(self.env, day))
            encounter.display_name = " · ".join(part for part in parts if part)

    @api.depends("condition_ids.name")
    def _compute_diagnosis_text(self):
        for encounter in self:
            encounter.diagnosis_text = "; ".join(encounter.condition_ids.mapped("name"))

    @api.depends("planned_at", "arrived_at", "called_at", "started_at", "company_id")
    def _compute_begins_at(self):
        for encounter in self:
            encounter.begins_at = (
                encounter.started_at
                or encounter.called_at
                or encounter.arrived_at
                or encounter.planned_at
            )
            encounter.start_month = (
                encounter.company_id
                and encounter.company_id._patient_local_month(encounter.begins_at)
            )

    @api.depends("arrived_at", "called_at", "started_at", "ended_at", "encounter_class")
    def _compute_durations(self):
        for encounter in self:
            seen_at = encounter.called_at or encounter.started_at
            encounter.wait_minutes = (
                encounter._get_hours(encounter.arrived_at, seen_at) * 60
            )
            stay = encounter._get_hours(encounter.started_at, encounter.ended_at) / 24
            encounter.stay_days = stay if encounter.encounter_class == "IMP" else 0.0

    @api.constrains("arrived_at", "called_at")
    def _check_order_of_times(self):
        for encounter in self:
            if (
                encounter.arrived_at
                and encounter.called_at
                and encounter.called_at < encounter.arrived_at
            ):
                raise ValidationError(
                    self.env._(
                        "Visit %(visit)s: the patient is called before arriving. "
                        "Correct one of the two times.",
                        visit=encounter.display_name,
                    )
                )

    # CRUD

    @api.model
    def load(self, fields, data):
        return super().load(*self._look_up_patients(fields, data))

    @api.model
    def _look_up_patients(self, fields, data):
        """Replace the record numbers of an import by ids, all in one query.

        Odoo looks up each by itself, which takes most of the time. Where one number is
        unknown, or is a name or a card, all are left to Odoo, which tells the rows.
        """
        if "patient_id" not in fields:
            return fields, data
        column = fields.index("patient_id")
        numbers = {row[column] for row in data} - {""}
        patients = self.env["patient.patient"].search([("mrn", "in", list(numbers))])
        ids = {patient.mrn: str(patient.id) for patient in patients} | {"": ""}
        if not len(numbers) == len(patients) == len(ids) - 1:
            return fields, data
        fields = [*fields[:column], "patient_id/.id", *fields[column + 1 :]]
        return fields, [
            [*row[:column], ids[row[column]], *row[column + 1 :]] for row in data
        ]

    # ACTIONS

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template: visits"),
                "template": "/patient_relations/static/xls/patient_encounter.xlsx",
            }
        ]

    # TOOLS

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Leave visits without a known duration out of the averages."""
        if aggregate_spec in ("wait_minutes:avg", "stay_days:avg"):
            field = aggregate_spec.partition(":")[0]
            column = self._field_to_sql(self._table, field, query)
            return SQL("AVG(NULLIF(%s, 0))", column)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _get_hours(self, begin, end):
        """Return the hours between two datetimes; 0 when one is missing or they cross."""
        if not begin or not end or end < begin:
            return 0.0
        return (end - begin).total_seconds() / 3600
