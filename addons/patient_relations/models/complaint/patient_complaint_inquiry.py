from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize, plaintext2html

from ...tools.selections import get_label

# Somebody has to answer; somebody has to look at the answer.
WAITING_STATES = ("asked", "sent_back")
OPEN_STATES = (*WAITING_STATES, "answered")

# What the asked may write.
ANSWER_FIELDS = frozenset({"answer", "file_ids"})


class PatientComplaintInquiry(models.Model):
    """A question of the investigation to a department or a person, and its answer.

    Who is asked reads the question and answers it, and sees nothing of the complaint but
    its number: what they need of it, the officer writes into the question. Files of the
    answer become evidence of the complaint.
    """

    _name = "patient.complaint.inquiry"
    _inherit = ["patient.complaint.part", "patient.guard.mixin"]
    _description = "Complaint Inquiry"
    _order = "due_at, id"
    _rec_name = "number"
    _rec_names_search = ["number", "question"]
    _check_company_auto = True
    # What nobody writes but the methods of this model.
    _server_fields = frozenset(
        {
            "state",
            "asked_at",
            "asked_by_id",
            "answered_at",
            "answered_by_id",
            "answered_by_name",
            "answer_way",
            "answer_files",
            "accepted_at",
            "accepted_by_id",
            "return_reason",
            "cancel_reason",
            "link_token_hash",
            "link_expires_at",
        }
    )

    number = fields.Char(
        related="complaint_id.name",
        store=True,
        precompute=True,
        string="Complaint Number",
    )
    # who is asked
    department_id = fields.Many2one(
        comodel_name="hr.department",
        compute="_compute_department_id",
        store=True,
        precompute=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        help="Its people read and answer the question.",
    )
    employee_id = fields.Many2one(
        comodel_name="hr.employee",
        string="Colleague Asked",
        index="btree_not_null",
        check_company=True,
        help="Leave it empty to ask the department as a whole, or a person from outside.",
    )
    user_id = fields.Many2one(
        related="employee_id.user_id",
        store=True,
        precompute=True,
        string="User Asked",
        index="btree_not_null",
    )
    person_name = fields.Char(
        compute="_compute_person",
        store=True,
        precompute=True,
        readonly=False,
        string="Person Asked",
    )
    person_email = fields.Char(
        compute="_compute_person",
        store=True,
        precompute=True,
        readonly=False,
        string="E-mail",
        help="A link to the question goes here. It opens without an account.",
    )
    # question
    kind = fields.Selection(
        selection=[
            ("explanation", "Department's Explanation"),
            ("statement", "Statement of a Person Involved"),
            ("records", "Records"),
            ("expert", "Expert Opinion"),
        ],
        default="explanation",
        required=True,
    )
    question = fields.Text(
        required=True,
        help="All that the asked learn of the complaint. Leave out names they need not know.",
    )
    due_at = fields.Datetime(
        string="Answer by",
        required=True,
        default=lambda self: self._get_default_due_at(),
    )
    asked_at = fields.Datetime(
        string="Asked On", default=fields.Datetime.now, readonly=True, copy=False
    )
    asked_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked by",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
    )
    state = fields.Selection(
        selection=[
            ("asked", "Asked"),
            ("answered", "Answered"),
            ("sent_back", "Sent Back"),
            ("accepted", "Accepted"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        default="asked",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    is_open = fields.Boolean(compute="_compute_is_open", search="_search_is_open")
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue", string="Overdue"
    )
    # answer
    answer = fields.Text(copy=False, help="What happened, as you know it.")
    file_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="patient_complaint_inquiry_file_rel",
        string="Files",
        copy=False,
        help="They become evidence with a fingerprint when the answer is sent.",
    )
    answer_files = fields.Text(
        string="Files Received",
        readonly=True,
        copy=False,
        help="Name, size and fingerprint of each file that came with the answer.",
    )
    answered_at = fields.Datetime(string="Answered On", readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Entered by",
        readonly=True,
        copy=False,
        help="Whose account sent the answer. Empty when it came by the link.",
    )
    answered_by_name = fields.Char(string="Answered by", readonly=True, copy=False)
    answer_way = fields.Selection(
        selection=[
            ("account", "With Own Account"),
            ("link", "By Link"),
            ("recorded", "Written Down by the Office"),
        ],
        string="Way of the Answer",
        readonly=True,
        copy=False,
    )
    evidence_ids = fields.One2many(
        "patient.complaint.evidence", "inquiry_id", readonly=True
    )
    # decision
    accepted_at = fields.Datetime(string="Accepted On", readonly=True, copy=False)
    accepted_by_id = fields.Many2one(
        comodel_name="res.users", string="Accepted by", readonly=True, copy=False
    )
    return_reason = fields.Text(string="Why Sent Back", readonly=True, copy=False)
    cancel_reason = fields.Text(string="Why Cancelled", readonly=True, copy=False)
    # what the present user may do, and what is theirs
    can_handle = fields.Boolean(compute="_compute_can_handle")
    can_answer = fields.Boolean(compute="_compute_can_answer")
    is_for_me = fields.Boolean(
        compute="_compute_is_for_me",
        search="_search_is_for_me",
        string="To Me or My Department",
    )

    _asked_check = models.Constraint(
        "CHECK(department_id IS NOT NULL OR employee_id IS NOT NULL"
        " OR trim(coalesce(person_name, '')) != '')",
        "Say who is asked: a department, a colleague, or the name of another person.",
    )
    _question_check = models.Constraint(
        "CHECK(trim(question) != '')", "Write the question."
    )
    _answered_check = models.Constraint(
        "CHECK(state NOT IN ('answered', 'accepted') OR answered_at IS NOT NULL)",
        "An answered question knows when it was answered.",
    )
    _return_check = models.Constraint(
        "CHECK(state != 'sent_back' OR trim(coalesce(return_reason, '')) != '')",
        "Say why an answer is sent back.",
    )
    _lead_department_idx = models.Index("(lead_department_id)")
    _first_department_idx = models.Index("(first_department_id)")
    _due_idx = models.Index("(due_at) WHERE state IN ('asked', 'sent_back')")

    @api.depends("employee_id")
    def _compute_department_id(self):
        for inquiry in self:
            # sudo: hr.employee: where a colleague works, for whoever may ask them
            employee_sudo = inquiry.employee_id.sudo()
            inquiry.department_id = inquiry.department_id or employee_sudo.department_id

    @api.depends("employee_id")
    def _compute_person(self):
        for inquiry in self:
            # sudo: hr.employee: name and work address, for whoever may ask them
            employee_sudo = inquiry.employee_id.sudo()
            inquiry.person_name = employee_sudo.name or inquiry.person_name
            inquiry.person_email = employee_sudo.work_email or inquiry.person_email

    @api.depends("number", "department_id", "person_name")
    def _compute_display_name(self):
        for inquiry in self:
            parts = [inquiry.number, inquiry._get_asked_name()]
            inquiry.display_name = " · ".join(part for part in parts if part)

    @api.depends("state")
    def _compute_is_open(self):
        for inquiry in self:
            inquiry.is_open = inquiry.state in OPEN_STATES

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "in", OPEN_STATES)

    @api.depends("state", "due_at")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for inquiry in self:
            inquiry.is_overdue = (
                inquiry.state in WAITING_STATES
                and bool(inquiry.due_at)
                and inquiry.due_at <= now
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "in", WAITING_STATES) & Domain(
            "due_at", "<=", fields.Datetime.now()
        )

    @api.depends("complaint_id")
    @api.depends_context("uid")
    def _compute_can_handle(self):
        """Who works on the complaint asks and decides; the asked do not."""
        working = self.complaint_id._filtered_access("write")
        for inquiry in self:
            inquiry.can_handle = inquiry.complaint_id in working

    @api.depends("state", "user_id", "department_id")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        scope = self.env.user._get_patient_department_scope()
        for inquiry in self:
            asked = (
                inquiry.user_id == self.env.user
                if inquiry.user_id
                else inquiry.department_id.id in scope
            )
            inquiry.can_answer = inquiry.state in WAITING_STATES and (
                asked or inquiry.can_handle
            )

    @api.depends("user_id", "department_id")
    @api.depends_context("uid")
    def _compute_is_for_me(self):
        mine = self.filtered_domain(self._get_mine_domain())
        for inquiry in self:
            inquiry.is_for_me = inquiry in mine

    def _search_is_for_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_mine_domain()

    @api.constrains("person_email")
    def _check_person_email(self):
        for inquiry in self.filtered("person_email"):
            if not email_normalize(inquiry.person_email):
                raise ValidationError(
                    self.env._(
                        "“%(email)s” is no e-mail address to which the link of "
                        "%(complaint)s could go. Correct it, or leave it empty.",
                        email=inquiry.person_email,
                        complaint=inquiry.number,
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._refuse_server_fields(vals_list)
        inquiries = super().create(vals_list)
        inquiries._check_asking()
        inquiries._log_on_complaints(
            {inquiry: inquiry._get_asked_text() for inquiry in inquiries}
        )
        inquiries._join_departments()
        return inquiries

    def write(self, vals):
        if not self.env.su:
            self._check_writing(vals)
        result = super().write(vals)
        if {"department_id", "employee_id"} & vals.keys():
            self._join_departments()
        return result

    # ACTIONS

    def action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_open_complaint(self):
        self.ensure_one()
        return self.complaint_id._get_form_action()

    # BUSINESS

    def _join_departments(self):
        """Let the departments asked take part in each complaint."""
        for complaint, inquiries in self.grouped("complaint_id").items():
            if inquiries.department_id:
                complaint._join_departments(inquiries.department_id)

    # what is allowed

    def _check_asking(self):
        """Refuse questions by who may not work on the complaint, or after its end."""
        if self.env.su:
            return
        self.complaint_id.check_access("write")
        for complaint in self.complaint_id:
            if not complaint.is_open or complaint.duplicate_of_id:
                raise UserError(
                    self.env._(
                        "%(complaint)s is not open any more, so nobody can be asked about "
                        "it. A manager may set it back.",
                        complaint=complaint.name,
                    )
                )

    def _check_handling(self):
        """Refuse decisions by who may not work on the complaint."""
        for inquiry in self:
            if not self.env.su and not inquiry.can_handle:
                raise UserError(
                    self.env._(
                        "Only who works on the complaint decides about “%(inquiry)s”. "
                        "You can write and send the answer.",
                        inquiry=inquiry.display_name,
                    )
                )

    def _check_writing(self, vals):
        """Refuse values that the present user may not write to these."""
        self._refuse_server_fields([vals])
        self.check_access("write")
        names = vals.keys()
        if "complaint_id" in names:
            raise UserError(
                self.env._("A question stays with its complaint. Ask it again there.")
            )
        if ANSWER_FIELDS & names:
            self._check_answering()
        if names - ANSWER_FIELDS:
            self._check_handling()
            self._check_changing()

    def _check_changing(self):
        for inquiry in self:
            if inquiry.state not in WAITING_STATES:
                raise UserError(
                    self.env._(
                        "“%(inquiry)s” is %(state)s: its question stays as it was asked. "
                        "Ask another one.",
                        inquiry=inquiry.display_name,
                        state=inquiry._get_state_label().lower(),
                    )
                )

    @api.model
    def _get_server_fields_text(self, names):
        return self.env._(
            "“%(field)s” follows from the buttons of the question and cannot be entered.",
            field=self._fields[names[0]]._description_string(self.env),
        )

    # TOOLS

    @api.model
    def _get_mine_domain(self):
        user = self.env.user
        return Domain("user_id", "=", user.id) | Domain(
            "department_id", "in", user._get_patient_department_scope()
        )

    def _get_asked_name(self):
        """Return who is asked in a few words: the person, else the department."""
        self.ensure_one()
        # sudo: hr.department: its name, for whoever may read the question
        return self.person_name or self.department_id.sudo().name or ""

    def _get_state_label(self):
        return get_label(self, "state")

    def _get_asked_text(self):
        self.ensure_one()
        return self.env._(
            "Question to %(asked)s: %(question)s",
            asked=self._get_asked_name(),
            question=self.question,
        )

    def _log_on_complaints(self, lines):
        """Write lines (inquiry → text) to the history of the complaints, in one batch."""
        if self.env.context.get("tracking_disable"):
            return
        bodies = {
            complaint.id: Markup("").join(
                plaintext2html(lines[inquiry]) for inquiry in inquiries
            )
            for complaint, inquiries in self.grouped("complaint_id").items()
        }
        # sudo: mail.message: the asked do not see the complaint that hears of them
        self.complaint_id.sudo()._message_log_batch(bodies=bodies)
