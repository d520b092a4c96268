from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from odoo.addons.patient_relations.tools.selections import get_label

from ..res_users import CLINICIAN_GROUP, MANAGER_GROUP

# What a person says of a duty they write down themselves.
HAND_FIELDS = frozenset(
    {"patient_id", "summary", "level", "department_id", "user_id", "is_sensitive"}
)
# What may be changed while a duty is open, other than by its buttons.
OPEN_FIELDS = frozenset({"summary", "department_id"})


class PatientHealthDuty(models.Model):
    """Something a person has to do about a patient, because of their health.

    SPECIFICATIONS:
    - A duty has one source (a measurement; other rooms add theirs), or is written by hand.
    - At most one is open for a patient and an indicator: further values join it, and a
      worse one raises its level, from which moment its clock runs anew.
    - It ends by a person with a note, or because the values it stands on were corrected.
    - Its clock is the deadline engine's; it has no messages of its own.
    """

    _name = "patient.health.duty"
    _inherit = ["patient.health.part", "patient.deadline.mixin"]
    _description = "Health Duty"
    _order = "level desc, next_due_at, id"

    _deadline_field = "duty_id"

    # whom
    patient_id = fields.Many2one(index=False, groups=CLINICIAN_GROUP)
    phone = fields.Char(related="patient_id.phone", groups=CLINICIAN_GROUP)
    # why
    kind = fields.Selection(
        selection=[
            ("value", "Abnormal Value"),
            ("critical", "Critical Value"),
            ("score", "Score"),
            ("answer", "Answer"),
            ("manual", "By Hand"),
        ],
        default="manual",
        required=True,
        readonly=True,
    )
    level = fields.Selection(
        selection=[("act", "Act"), ("critical", "Act Now")],
        default="act",
        required=True,
    )
    summary = fields.Char(
        string="What Is to Be Done",
        groups=CLINICIAN_GROUP,
        help="For a duty written by hand.",
    )
    reason = fields.Char(compute="_compute_reason", groups=CLINICIAN_GROUP)
    indicator_id = fields.Many2one(
        comodel_name="patient.indicator",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    measurement_id = fields.Many2one(
        comodel_name="patient.measurement",
        string="Value",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=CLINICIAN_GROUP,
        help="The worst value that asks for something.",
    )
    measurement_ids = fields.Many2many(
        comodel_name="patient.measurement",
        relation="patient_health_duty_measurement_rel",
        column1="duty_id",
        column2="measurement_id",
        string="Values",
        readonly=True,
        groups=CLINICIAN_GROUP,
        context={"active_test": False},
        help="All values that asked for something while the duty was open.",
    )
    last_values = fields.Char(compute="_compute_last_values", groups=CLINICIAN_GROUP)
    # who
    department_id = fields.Many2one(help="Whose work list it stands on.")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        index="btree_not_null",
        domain="[('share', '=', False)]",
        help="Who has taken it. Empty: anybody of the department takes it.",
    )
    # course
    state = fields.Selection(
        selection=[("open", "Open"), ("done", "Done"), ("not_needed", "Not Needed")],
        default="open",
        required=True,
        readonly=True,
    )
    opened_at = fields.Datetime(string="Since", readonly=True, required=True)
    level_since = fields.Datetime(
        readonly=True,
        required=True,
        help="When it was opened, or raised to its level. Its clock runs from then on.",
    )
    closed_at = fields.Datetime(readonly=True)
    closed_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, groups=CLINICIAN_GROUP
    )
    closed_note = fields.Text(
        string="What Was Done", readonly=True, groups=CLINICIAN_GROUP
    )
    # facts for pivots
    opened_month = fields.Date(string="Month", readonly=True)
    timeliness = fields.Selection(
        selection=[("in_time", "In Time"), ("late", "Too Late")],
        readonly=True,
        help="Of duties that a person has ended and that had a deadline.",
    )
    deadline_ids = fields.One2many("patient.deadline", "duty_id")
    is_of_my_departments = fields.Boolean(
        compute="_compute_is_of_my_departments",
        search="_search_is_of_my_departments",
        string="Of My Departments",
    )

    # the last wall: one open duty of a patient and an indicator
    _open_uniq = models.UniqueIndex(
        "(patient_id, indicator_id) WHERE state = 'open' AND indicator_id IS NOT NULL",
        "A duty about this indicator of the patient is open already.",
    )
    _worklist_idx = models.Index(
        "(company_id, department_id, level DESC, next_due_at) WHERE state = 'open'"
    )
    _patient_idx = models.Index("(patient_id, opened_at DESC)")
    _fact_idx = models.Index("(company_id, opened_month, department_id)")
    _closed_check = models.Constraint(
        "CHECK((state = 'open') = (closed_at IS NULL))",
        "A duty that has ended knows when.",
    )
    _note_check = models.Constraint(
        "CHECK(state = 'open' OR trim(coalesce(closed_note, '')) != '')",
        "Say what was done, or why nothing is needed.",
    )
    _summary_check = models.Constraint(
        "CHECK(kind != 'manual' OR trim(coalesce(summary, '')) != '')",
        "Say what is to be done.",
    )

    @api.depends("kind", "patient_id")
    @api.depends_context("lang", "uid")
    def _compute_display_name(self):
        """Name the patient to those who may know, and never the indicator."""
        may_know = self._has_field_access(self._fields["patient_id"], "read")
        for duty in self:
            parts = [may_know and duty.patient_id.display_name, get_label(duty, "kind")]
            duty.display_name = " · ".join(part for part in parts if part)

    @api.depends("kind", "summary", "measurement_id")
    @api.depends_context("lang", "tz")
    def _compute_reason(self):
        for duty in self:
            duty.reason = duty._get_reason()

    @api.depends("patient_id", "indicator_id")
    @api.depends_context("lang")
    def _compute_last_values(self):
        latest = self._find_last_values()
        for duty in self:
            key = duty.patient_id.id, duty.indicator_id.id
            duty.last_values = duty._format_last_values(latest.get(key, []))

    @api.depends("department_id")
    @api.depends_context("uid")
    def _compute_is_of_my_departments(self):
        mine = self.filtered_domain(self._get_my_departments_domain())
        for duty in self:
            duty.is_of_my_departments = duty in mine

    def _search_is_of_my_departments(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_my_departments_domain()

    @api.model
    def _get_my_departments_domain(self):
        """Return the domain of one's own work list; all for health management, which
        often has no department of its own.
        """
        scope = self.env.user._get_patient_department_scope()
        if not scope and self._is_managing():
            return Domain.TRUE
        return Domain("department_id", "in", scope)

    @api.constrains(lambda self: ["kind", *self._get_duty_sources()])
    def _check_sources(self):
        for duty in self:
            sources = [name for name in self._get_duty_sources() if duty[name]]
            if len(sources) != (duty.kind != "manual"):
                raise ValidationError(
                    self.env._(
                        "“%(duty)s” has one source, or is written by hand and has none.",
                        duty=duty.display_name,
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        duties = super().create(vals_list)
        duties._begin_deadlines("duty_opened", "opened_at")
        return duties

    def write(self, vals):
        if not self.env.su:
            self._refuse_change(vals)
        return super().write(vals)

    # ACTIONS

    def action_view_values(self):
        """Open all values of the indicator of this patient."""
        self.ensure_one()
        action = self.patient_id.action_view_measurements()
        domain = [("indicator_id", "=", self.indicator_id.id)]
        return {**action, "domain": [*action["domain"], *domain]}

    # BUSINESS

    @api.model
    def _get_duty_sources(self):
        """Return the fields of which a duty that is not written by hand has one.

        A room that starts duties adds its many2one to this model, and its name here.
        """
        return ["measurement_id"]

    def _get_reason(self):
        """Return in words why the duty is there; rooms with other sources add theirs."""
        self.ensure_one()
        value = self.measurement_id
        if not value:
            return self.summary or ""
        zone = self.company_id._get_patient_tz().zone
        return self.env._(
            "%(indicator)s %(value)s on %(moment)s: %(level)s",
            indicator=value.indicator_id.name,
            value=value.value_label,
            moment=format_datetime(
                self.env, value.effective_at, tz=zone, dt_format="short"
            ),
            level=value._get_level_label(),
        )

    def _get_deadline_scope(self):
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "department_id": self.department_id.id,
            "first_department_id": False,
        }

    # what arrives

    @api.model
    def _complete_vals(self, vals_list):
        """Add month, department and moments as well."""
        super()._complete_vals(vals_list)
        homeless = {
            vals["patient_id"]
            for vals in vals_list
            if vals.get("patient_id") and not vals.get("department_id")
        }
        departments = self._find_departments(homeless)
        companies = self.env["res.company"]
        now = fields.Datetime.now()
        for vals in vals_list:
            patient_id = vals.get("patient_id")
            if not patient_id:
                continue  # the database names the missing column
            company = companies.browse(vals["company_id"])
            moment = vals.setdefault("opened_at", now)
            vals.setdefault("level_since", moment)
            vals["opened_month"] = company._patient_local_month(moment)
            if not vals.get("department_id"):
                vals["department_id"] = departments.get(patient_id)

    @api.model
    def _find_departments(self, patient_ids):
        """Return patient id → the department of the latest visit."""
        if not patient_ids:
            return {}
        encounters = self.env["patient.encounter"]
        encounters.flush_model(["patient_id", "department_id", "begins_at"])
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT ON (patient_id) patient_id, department_id"
                " FROM patient_encounter"
                " WHERE patient_id IN %s AND department_id IS NOT NULL"
                " ORDER BY patient_id, begins_at DESC, id DESC",
                tuple(patient_ids),
            )
        )
        return dict(rows)

    # refusals

    @api.model
    def _find_server_fields(self, vals):
        return vals.keys() - HAND_FIELDS

    @api.model
    def _get_server_fields_text(self, names):
        return self.env._(
            "A duty written by hand says whom it is about, what is to be done and how "
            "soon. Leave out: %(names)s.",
            names=", ".join(names),
        )

    def _refuse_change(self, vals):
        allowed = OPEN_FIELDS | ({"user_id"} if self._is_managing() else set())
        for duty in self:
            if duty.state != "open":
                raise UserError(duty._get_ended_text())
            if vals.keys() - allowed:
                raise UserError(
                    self.env._(
                        "“%(duty)s” is changed by its buttons: take it, give it back, or "
                        "end it with a note.",
                        duty=duty.display_name,
                    )
                )

    def _get_ended_text(self):
        self.ensure_one()
        zone = self.company_id._get_patient_tz().zone
        return self.env._(
            "“%(duty)s” has ended: %(state)s, by %(user)s on %(moment)s. Write down a new "
            "one if something is to be done again.",
            duty=self.display_name,
            state=get_label(self, "state").lower(),
            # sudo: res.users: the name of a colleague of the hospital
            user=self.closed_by_id.sudo().name,
            moment=format_datetime(
                self.env, self.closed_at, tz=zone, dt_format="short"
            ),
        )

    # TOOLS

    @api.model
    def _is_managing(self):
        return self.env.user.has_group(MANAGER_GROUP)
