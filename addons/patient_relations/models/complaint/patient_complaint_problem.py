from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.selections import get_label


class PatientComplaintProblem(models.Model):
    """The coded fact: one thing that went wrong, where, how badly, and whether it is so.

    A complaint has two on average. Statistics count these rows, never the complaints
    above them; that is why the facts of the complaint are stored here once more.
    """

    _name = "patient.complaint.problem"
    _inherit = ["patient.company.mixin", "patient.pivot.mixin"]
    _description = "Complaint Problem"
    _order = "complaint_id.id desc, sequence, id"  # by its column, without a join
    _rec_name = "category_id"
    _check_company_auto = True
    _month_fields = frozenset({"received_month"})

    complaint_id = fields.Many2one(
        comodel_name="patient.complaint",
        required=True,
        index=True,
        ondelete="cascade",
        aggregator="count_distinct",
    )
    sequence = fields.Integer(default=10)
    # what
    category_id = fields.Many2one(
        comodel_name="patient.complaint.category",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('hcat_level', '!=', 'domain')]",
    )
    domain_id = fields.Many2one(
        related="category_id.domain_id",
        store=True,
        precompute=True,
        string="Domain",
    )
    severity = fields.Selection(
        selection=[
            ("1", "1 – Minor"),
            ("2", "2 – Moderate"),
            ("3", "3 – Serious"),
            ("4", "4 – Severe"),
        ],
        default="2",
        required=True,
        help="How bad what is told would be, whether or not it is confirmed.",
    )
    severity_level = fields.Integer(
        compute="_compute_severity_level",
        store=True,
        precompute=True,
        aggregator="avg",
    )
    stage = fields.Selection(
        selection=[
            ("admission", "Admission"),
            ("examination", "Examination and Diagnosis"),
            ("ward", "Care on the Ward"),
            ("operation", "Operation and Procedures"),
            ("discharge", "Discharge and Transfer"),
            ("other", "Other"),
        ],
        string="Stage of Care",
        help="Where on the patient's way it happened.",
    )
    harm = fields.Selection(
        selection=[
            ("0", "None"),
            ("1", "Minimal"),
            ("2", "Minor"),
            ("3", "Moderate"),
            ("4", "Major"),
            ("5", "Catastrophic"),
        ],
        help="What the patient suffered, as it is told.",
    )
    description = fields.Text()
    # who
    department_id = fields.Many2one(
        comodel_name="hr.department",
        compute="_compute_department_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
        help="The department complained about.",
    )
    employee_id = fields.Many2one(
        comodel_name="hr.employee",
        string="Person Complained About",
        index="btree_not_null",
        check_company=True,
        help="This person can no longer see the complaint, whatever their role.",
    )
    employee_user_id = fields.Many2one(
        related="employee_id.user_id",
        store=True,
        precompute=True,
        # rules of what belongs to a complaint ask its problems for this alone
        prefetch="accused",
        string="User Complained About",
    )
    # result
    finding = fields.Selection(
        selection=[
            ("pending", "Pending"),
            ("founded", "Founded"),
            ("partly", "Partly Founded"),
            ("not_founded", "Not Founded"),
        ],
        default="pending",
        required=True,
    )
    # copies of the complaint's, for statistics and access rules
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True
    )
    kind = fields.Selection(related="complaint_id.kind", store=True, precompute=True)
    channel = fields.Selection(
        related="complaint_id.channel", store=True, precompute=True
    )
    state = fields.Selection(
        related="complaint_id.state",
        store=True,
        precompute=True,
        string="Complaint Status",
    )
    received_month = fields.Date(
        related="complaint_id.received_month", store=True, precompute=True
    )
    patient_id = fields.Many2one(
        related="complaint_id.patient_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    lead_department_id = fields.Many2one(
        related="complaint_id.lead_department_id", store=True, precompute=True
    )
    first_department_id = fields.Many2one(
        related="complaint_id.first_department_id", store=True, precompute=True
    )
    complaint_active = fields.Boolean(
        related="complaint_id.active", store=True, precompute=True
    )

    _accused_idx = models.Index(
        "(employee_user_id, complaint_id) WHERE employee_user_id IS NOT NULL"
    )
    _fact_idx = models.Index("(company_id, received_month, department_id)")
    _department_idx = models.Index("(department_id, received_month)")
    _lead_department_idx = models.Index("(lead_department_id)")
    _first_department_idx = models.Index("(first_department_id)")

    # Changes of these are told to the history of the complaint.
    _logged_fields = (
        "category_id",
        "severity",
        "stage",
        "harm",
        "department_id",
        "employee_id",
        "finding",
    )

    @api.depends("severity")
    def _compute_severity_level(self):
        for problem in self:
            problem.severity_level = int(problem.severity or 0)

    @api.depends("employee_id", "complaint_id.lead_department_id")
    def _compute_department_id(self):
        for problem in self:
            problem.department_id = (
                problem.department_id
                or problem.employee_id.department_id
                or problem.complaint_id.lead_department_id
            )

    @api.depends("category_id", "complaint_id.name")
    def _compute_display_name(self):
        for problem in self:
            parts = [problem.complaint_id.name, problem.category_id.display_name]
            problem.display_name = " · ".join(part for part in parts if part)

    @api.constrains("finding", "complaint_id")
    def _check_finding_of_closed(self):
        pending = self.filtered(
            lambda problem: (
                problem.finding == "pending"
                and problem.complaint_id.state == "closed"
                and problem.complaint_id.kind == "complaint"
            )
        )
        if pending:
            raise UserError(
                self.env._(
                    "Complaint %(complaint)s is closed: its problem “%(problem)s” needs a "
                    "finding.",
                    complaint=pending[0].complaint_id.name,
                    problem=pending[0].category_id.display_name,
                )
            )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        problems = super().create(vals_list)
        if not self.env.context.get("patient_complaint_create"):
            problems.complaint_id.check_access("write")
            problems._tell_severity()
            problems._log_on_complaints(
                {
                    problem.id: self.env._(
                        "Problem added: %(text)s", text=problem._get_log_text()
                    )
                    for problem in problems
                }
            )
        problems._close_to_accused()
        return problems

    def write(self, vals):
        logged = [name for name in self._logged_fields if name in vals]
        before = {problem.id: problem._get_log_values(logged) for problem in self}
        result = super().write(vals)
        if logged:
            self._log_changes(before, logged)
        if "severity" in vals:
            self._tell_severity()
        if {"employee_id", "complaint_id"} & vals.keys():
            self._close_to_accused()
        return result

    def unlink(self):
        lines = {
            problem.id: self.env._(
                "Problem removed: %(text)s", text=problem._get_log_text()
            )
            for problem in self
        }
        self._log_on_complaints(lines)
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_of_closed(self):
        closed = self.complaint_id.filtered(
            lambda complaint: (
                complaint.state == "closed" and complaint.kind == "complaint"
            )
        )
        for complaint in closed:
            if not complaint.problem_ids - self:
                raise UserError(
                    self.env._(
                        "Complaint %(complaint)s is closed and must keep at least one "
                        "problem. Correct the problem instead of deleting it.",
                        complaint=complaint.name,
                    )
                )

    # ACTIONS

    def action_open_complaint(self):
        self.ensure_one()
        return self.complaint_id._get_form_action()

    # BUSINESS

    def _tell_severity(self):
        """Let the deadlines follow the severity of what was coded."""
        self.complaint_id._rechoose_deadlines("received", "received_at")

    def _close_to_accused(self):
        """Take the persons complained about out of the complaint's conversation.

        Rules hide the complaint from them; followers and activities would still tell.
        """
        accused = self.filtered("employee_user_id")
        if not accused:
            return
        pairs = {
            (problem.complaint_id.id, problem.employee_user_id.id)
            for problem in accused
        }
        accused.complaint_id._refuse_accused_officer(pairs)
        accused.complaint_id._unsubscribe_users(pairs)

    # TOOLS

    def _get_log_text(self):
        """Return category, severity and department in one line."""
        self.ensure_one()
        values = self._get_log_values(["category_id", "severity", "department_id"])
        return " · ".join(value for value in values.values() if value)

    def _get_log_values(self, names):
        """Return name → text of the value as people read it."""
        self.ensure_one()
        texts = {}
        for name in names:
            field = self._fields[name]
            if field.type == "many2one":
                # sudo: hr.employee, hr.department: their names, for who may write here
                texts[name] = self.sudo()[name].display_name or ""
            else:
                texts[name] = get_label(self, name)
        return texts

    def _log_changes(self, before, names):
        """Tell the complaints what changed, one message each.

        :param dict before: problem id → values before, as ``_get_log_values`` gives them
        :param list names: the fields that were written
        """
        lines = {}
        for problem in self:
            after = problem._get_log_values(names)
            changes = [
                f"{self._fields[name]._description_string(self.env)}: "
                f"{before[problem.id][name] or '–'} → {after[name] or '–'}"
                for name in names
                if before[problem.id][name] != after[name]
            ]
            if changes:
                title = problem.category_id.display_name
                lines[problem.id] = f"{title} – {'; '.join(changes)}"
        self._log_on_complaints(lines)

    def _log_on_complaints(self, lines):
        """Write lines (problem id → text) to the complaints' history in one batch."""
        if not lines or self.env.context.get("tracking_disable"):
            return
        told = self.filtered(lambda problem: problem.id in lines)
        bodies = {
            complaint.id: Markup("<br/>").join(
                lines[problem.id] for problem in problems
            )
            for complaint, problems in told.grouped("complaint_id").items()
        }
        told.complaint_id._message_log_batch(bodies=bodies)
