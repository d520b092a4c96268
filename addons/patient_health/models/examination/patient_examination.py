from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date, format_datetime

from odoo.addons.patient_relations.tools.selections import get_label

OUT_OF_RANGE = ("abnormal", "act", "critical")
# Reports that somebody has signed: their words are not replaced without a trace.
ISSUED = ("final", "amended", "corrected")
# What says whose report it is, once it is there.
FIXED_FIELDS = frozenset({"patient_id", "source_system", "source_id"})


class PatientExamination(models.Model):
    """A report of an examination with its files and the values it carries.

    FHIR: DiagnosticReport; a DocumentReference where there is nothing but a file.

    SPECIFICATIONS:
    - Whoever may read the values of a patient may read the reports; a report that carries
      a sensitive value is sensitive itself.
    - A signed conclusion is changed only together with the status, and the former words
      stay in the history.
    - A report is never deleted: it is entered in error.
    """

    _name = "patient.examination"
    _inherit = "patient.health.part"
    _description = "Examination Report"
    _order = "effective_at desc, id desc"
    _server_fields = frozenset({"company_id", "history"})

    # whose
    company_id = fields.Many2one(
        related="patient_id.company_id",
        store=True,
        precompute=True,
        index=True,
        required=False,
    )
    # what
    name = fields.Char(
        string="Examination",
        required=True,
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
        help="Chest X-ray, complete blood count. FHIR: code.text.",
    )
    category = fields.Selection(
        selection=[
            ("laboratory", "Laboratory"),
            ("radiology", "Imaging"),
            ("ultrasound", "Ultrasound"),
            ("cardiology", "Electrocardiogram"),
            ("endoscopy", "Endoscopy"),
            ("pathology", "Pathology"),
            ("function", "Function Test"),
            ("checkup", "Check-up"),
            ("other", "Other"),
        ],
        default="laboratory",
        required=True,
    )
    code = fields.Char(help="Code of the examination in a catalogue, as LOINC.")
    code_system = fields.Char(help="The catalogue, as a web address.")
    status = fields.Selection(
        selection=[
            ("registered", "Registered"),
            ("partial", "Partial"),
            ("preliminary", "Preliminary"),
            ("final", "Final"),
            ("amended", "Amended"),
            ("corrected", "Corrected"),
            ("cancelled", "Cancelled"),
            ("entered_in_error", "Entered in Error"),
        ],
        default="final",
        required=True,
    )
    conclusion = fields.Text(help="What the report says, in its own words.")
    history = fields.Text(
        string="Former Conclusions",
        readonly=True,
        copy=False,
        help="What a signed report said before, when it was changed and by whom.",
    )
    is_sensitive = fields.Boolean(
        help="Read only by people with the right to sensitive values. Reports that carry "
        "such a value are so by themselves.",
    )
    # when
    effective_at = fields.Datetime(
        string="Examined On", required=True, default=fields.Datetime.now
    )
    issued_at = fields.Datetime(string="Reported On")
    # where
    encounter_id = fields.Many2one(
        comodel_name="patient.encounter",
        string="Visit",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('patient_id', '=', patient_id)]",
    )
    department_id = fields.Many2one(
        compute="_compute_department_id",
        store=True,
        precompute=True,
        readonly=False,
        index=True,
    )
    performer = fields.Char(string="Reported By", help="Doctor or laboratory.")
    # what comes with it
    file_ids = fields.One2many(
        "patient.examination.file", "examination_id", string="Files"
    )
    file_count = fields.Integer(compute="_compute_file_count", string="Number of Files")
    measurement_ids = fields.One2many(
        "patient.measurement", "examination_id", string="Values"
    )
    value_count = fields.Integer(compute="_compute_values", string="Number of Values")
    abnormal_text = fields.Char(
        compute="_compute_values",
        string="Out of Range",
        help="The values of the report that are out of range.",
    )
    # origin
    source_system = fields.Char()
    source_id = fields.Char()

    _patient_idx = models.Index("(patient_id, effective_at DESC)")
    _order_idx = models.Index("(effective_at DESC, id DESC)")
    _source_uniq = models.UniqueIndex(
        "(company_id, source_system, source_id) WHERE source_id IS NOT NULL",
        "This report of the source system is in the record already.",
    )
    _issued_check = models.Constraint(
        "CHECK(issued_at IS NULL OR issued_at >= effective_at)",
        "A report cannot be issued before the examination.",
    )

    @api.depends("category")
    def _compute_name(self):
        for examination in self:
            examination.name = examination.name or get_label(examination, "category")

    @api.depends("encounter_id")
    def _compute_department_id(self):
        for examination in self:
            examination.department_id = (
                examination.encounter_id.department_id or examination.department_id
            )

    @api.depends("name", "effective_at")
    def _compute_display_name(self):
        for examination in self:
            moment, company = examination.effective_at, examination.company_id
            day = moment and company and company._patient_local_date(moment)
            parts = [examination.name, day and format_date(self.env, day)]
            examination.display_name = " · ".join(part for part in parts if part)

    def _compute_file_count(self):
        counts = dict(
            self.env["patient.examination.file"]._read_group(
                [("examination_id", "in", self.ids)], ["examination_id"], ["__count"]
            )
        )
        for examination in self:
            examination.file_count = counts.get(examination._origin, 0)

    @api.depends("measurement_ids.level")
    def _compute_values(self):
        for examination in self:
            values = examination.measurement_ids
            wrong = values.filtered(lambda value: value.level in OUT_OF_RANGE)
            examination.value_count = len(values)
            examination.abnormal_text = "; ".join(
                f"{value.indicator_id.name} {value.value_label}" for value in wrong
            )

    @api.constrains("encounter_id", "patient_id")
    def _check_encounter(self):
        for examination in self.filtered("encounter_id"):
            if examination.encounter_id.patient_id != examination.patient_id:
                raise ValidationError(
                    self.env._(
                        "“%(examination)s” of %(patient)s would belong to a visit of "
                        "somebody else. Choose a visit of this patient.",
                        examination=examination.name,
                        patient=examination.patient_id.display_name,
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_server_fields(vals_list)  # not even by the server itself
        # without a name, that of the category
        return super().create(
            [
                {name: vals[name] for name in vals if name != "name" or vals[name]}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        self._refuse_server_fields([vals])
        if FIXED_FIELDS & vals.keys():
            self._refuse_move(vals)
        if "conclusion" not in vals:
            return super().write(vals)
        changed = self.filtered(
            lambda report: (
                report.status in ISSUED
                and (report.conclusion or "") != (vals["conclusion"] or "")
            )
        )
        for report in changed:
            super(PatientExamination, report).write(report._prepare_amended(vals))
        return super(PatientExamination, self - changed).write(vals)

    # ACTIONS

    def action_enter_measurements(self):
        """Open the grid that takes the values of this report."""
        self.ensure_one()
        return self.env["patient.measurement.entry"]._get_action(
            {
                "patient_id": self.patient_id.id,
                "encounter_id": self.encounter_id.id,
                "department_id": self.department_id.id,
                "effective_at": fields.Datetime.to_string(self.effective_at),
                "examination_id": self.id,
            }
        )

    # BUSINESS

    @api.model
    def _find_by_source(self, source_system, source_ids, company=None):
        """Return source id → report, those entered in error included, in one query.

        :param company: the hospital; that of the environment otherwise
        """
        company = company or self.env.company
        found = self.search(
            [
                ("company_id", "=", company.id),
                ("source_system", "=", source_system),
                ("source_id", "in", list(source_ids)),
            ]
        )
        return {report.source_id: report for report in found}

    def _add_file(self, name, content):
        """Attach a file (bytes) to each report; see ``patient.examination.file``."""
        return self.env["patient.examination.file"].create(
            [
                {"examination_id": report.id, **report.file_ids._pack(name, content)}
                for report in self
            ]
        )

    def _become_sensitive(self):
        """Hide reports that carry a sensitive value."""
        # sudo: patient.examination: follows from the values, whoever enters them
        self.sudo().filtered(lambda report: not report.is_sensitive).write(
            {"is_sensitive": True}
        )

    def _prepare_amended(self, vals):
        """Return values that keep the former words of a signed report."""
        self.ensure_one()
        status = vals.get("status")
        head = (
            f"{format_datetime(self.env, fields.Datetime.now())} · {self.env.user.name}"
        )
        former = f"{head}\n{self.conclusion or '—'}"
        return {
            **vals,
            "status": status if status not in (None, "final") else "amended",
            "history": "\n\n".join(filter(None, (former, self.history))),
        }

    # refusals

    @api.model
    def _get_server_fields_text(self, names):
        return self.env._(
            "The hospital of a report follows from its patient, and its history is "
            "written by itself. Leave them out."
        )

    def _refuse_move(self, vals):
        for report in self:
            if any(
                (vals[name] or False)
                != report._fields[name].convert_to_write(report[name], report)
                for name in FIXED_FIELDS & vals.keys()
            ):
                raise UserError(
                    self.env._(
                        "“%(examination)s” stays with its patient and its source. Mark it "
                        "as entered in error, and enter it where it belongs.",
                        examination=report.display_name,
                    )
                )
