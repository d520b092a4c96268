from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools import names
from ...tools.selections import get_label
from ..patient.patient_relative import RELATIONS

OFFICER_GROUP = "patient_relations.patient_relations_group_officer"
MANAGER_GROUP = "patient_relations.patient_relations_group_manager"

OPEN_STATES = ("received", "acknowledged", "investigating", "responded")
ASIDE_STATES = ("not_accepted", "withdrawn", "escalated")


class PatientComplaint(models.Model):
    """A complaint, suggestion, praise or enquiry, from its receipt to its end.

    The person who received it first stays responsible for leading the complainant
    through the house (首诉负责); the department in the lead and the officer in charge
    may change. What exactly went wrong is coded in the problems.
    """

    _name = "patient.complaint"
    _description = "Complaint"
    _inherit = ["mail.thread", "mail.activity.mixin", "patient.company.mixin"]
    _order = "received_at desc, id desc"
    _check_company_auto = True
    _primary_email = "complainant_email"
    _mail_keep_all = True

    # identity
    name = fields.Char(
        string="Number", readonly=True, required=True, copy=False, index="trigram"
    )
    active = fields.Boolean(default=True, copy=False)
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Hospital",
        required=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        selection=[
            ("complaint", "Complaint"),
            ("suggestion", "Suggestion"),
            ("praise", "Praise"),
            ("enquiry", "Enquiry"),
        ],
        default="complaint",
        required=True,
        tracking=True,
    )
    priority = fields.Selection(
        selection=[("0", "Normal"), ("1", "High"), ("2", "Urgent")],
        default="0",
        tracking=True,
    )
    tag_ids = fields.Many2many("patient.complaint.tag", string="Tags")
    # content
    summary = fields.Char(required=True, tracking=True)
    narrative = fields.Text(
        tracking=True, help="What the complainant tells, in their own words."
    )
    expectation = fields.Text(tracking=True, help="What the complainant asks for.")
    # receipt
    channel = fields.Selection(
        selection=[
            ("in_person", "In Person"),
            ("phone", "Telephone"),
            ("letter", "Letter"),
            ("email", "E-mail"),
            ("web", "Web Form"),
            ("hotline", "Hotline 12345"),
            ("wechat", "WeChat"),
            ("social_media", "Social Media"),
            ("visit_round", "Ward Round"),
            ("survey", "Survey"),
            ("followup", "Follow-up"),
            ("other", "Other"),
        ],
        default="in_person",
        required=True,
        tracking=True,
    )
    received_at = fields.Datetime(
        string="Received On",
        default=fields.Datetime.now,
        required=True,
        copy=False,
        tracking=True,
    )
    received_month = fields.Date(
        compute="_compute_received_month",
        store=True,
        precompute=True,
        index=True,
        string="Month",
        help="First day of the month of receipt, on the hospital's calendar.",
    )
    first_receiver_id = fields.Many2one(
        comodel_name="hr.employee",
        default=lambda self: self.env.user.employee_id,
        copy=False,
        tracking=True,
        check_company=True,
        help="Who received the complaint first leads the complainant to the right place "
        "and stays named here. Only a manager may correct this.",
    )
    first_department_id = fields.Many2one(
        comodel_name="hr.department",
        compute="_compute_first_department_id",
        store=True,
        precompute=True,
        readonly=False,
        string="Received by Department",
        check_company=True,
    )
    # work
    state = fields.Selection(
        selection=[
            ("received", "Received"),
            ("acknowledged", "Acknowledged"),
            ("investigating", "Under Investigation"),
            ("responded", "Responded"),
            ("closed", "Closed"),
            ("not_accepted", "Not Accepted"),
            ("withdrawn", "Withdrawn"),
            ("escalated", "Escalated"),
        ],
        string="Status",
        default="received",
        required=True,
        copy=False,
        tracking=True,
        group_expand="_read_group_expand_state",
    )
    is_open = fields.Boolean(compute="_compute_is_open", search="_search_is_open")
    closed_at = fields.Datetime(
        string="Ended On", readonly=True, copy=False, tracking=True
    )
    lead_department_id = fields.Many2one(
        comodel_name="hr.department",
        compute="_compute_lead_department_id",
        store=True,
        precompute=True,
        readonly=False,
        tracking=True,
        check_company=True,
        help="The department that answers for the complaint.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Officer in Charge",
        default=lambda self: self._default_user_id(),
        index="btree_not_null",
        copy=False,
        tracking=True,
        domain=lambda self: self._get_user_domain(),
        check_company=True,
    )
    not_accepted_reason = fields.Selection(
        selection=[
            ("in_court", "Already before a court"),
            ("in_mediation", "Already with a mediator"),
            ("handled_by_authority", "Already handled by an authority"),
            ("no_facts", "No clear target or facts"),
            ("police_matter", "A matter for the police"),
            ("outside_remit", "Outside the hospital's remit"),
        ],
        string="Reason for Not Accepting",
        copy=False,
        tracking=True,
    )
    state_note = fields.Text(
        string="Note on the Status",
        copy=False,
        tracking=True,
        help="Why the complaint was withdrawn, escalated or not accepted.",
    )
    # patient
    patient_id = fields.Many2one(
        comodel_name="patient.patient",
        compute="_compute_patient_id",
        store=True,
        precompute=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        check_company=True,
    )
    encounter_id = fields.Many2one(
        comodel_name="patient.encounter",
        string="Visit",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('patient_id', '=?', patient_id)]",
    )
    # complainant
    complainant_type = fields.Selection(
        selection=[
            ("patient", "Patient"),
            ("relative", "Relative"),
            ("representative", "Representative"),
            ("staff", "Staff for the Patient"),
            ("anonymous", "Anonymous"),
            ("other", "Other"),
        ],
        string="Complainant Is",
        default="patient",
        required=True,
        tracking=True,
    )
    complainant_name = fields.Char(string="Complainant", tracking=True)
    complainant_phone = fields.Char(string="Telephone", tracking=True)
    complainant_email = fields.Char(string="E-mail", tracking=True)
    complainant_relation = fields.Selection(
        selection=RELATIONS, string="Relation to the Patient", tracking=True
    )
    complainant_phone_digits = fields.Char(
        compute="_compute_complainant_phone_digits",
        store=True,
        precompute=True,
        index="btree_not_null",
        export_string_translation=False,
    )
    # facts
    problem_ids = fields.One2many("patient.complaint.problem", "complaint_id")
    problem_count = fields.Integer(compute="_compute_problem_facts", store=True)
    max_severity = fields.Integer(
        compute="_compute_problem_facts",
        store=True,
        string="Highest Severity",
        aggregator="max",
    )
    evidence_ids = fields.One2many("patient.complaint.evidence", "complaint_id")
    evidence_count = fields.Integer(compute="_compute_evidence_count")
    # others
    duplicate_of_id = fields.Many2one(
        comodel_name="patient.complaint",
        string="Merged into",
        readonly=True,
        index="btree_not_null",
        copy=False,
        tracking=True,
    )
    duplicate_ids = fields.One2many(
        "patient.complaint",
        "duplicate_of_id",
        string="Merged Complaints",
        context={"active_test": False},
        readonly=True,
    )
    duplicate_count = fields.Integer(compute="_compute_duplicate_count")
    # origin
    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Enquiry",
        index="btree_not_null",
        copy=False,
        help="The enquiry that turned out to be a complaint.",
    )
    source_message_id = fields.Char(
        string="Message-Id",
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Identity of the mail that brought the complaint, so that it comes once.",
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, name)", "Another complaint of this hospital has this number."
    )
    _source_message_uniq = models.UniqueIndex(
        "(company_id, source_message_id) WHERE source_message_id IS NOT NULL",
        "This mail has been received already.",
    )
    _reason_check = models.Constraint(
        "CHECK(state != 'not_accepted' OR not_accepted_reason IS NOT NULL)",
        "A complaint that is not accepted needs the lawful reason.",
    )
    # The pages of the list: of all hospitals, of one, of one department. What is included
    # lets the pager count the complaints of a department without touching the table.
    _order_idx = models.Index("(received_at DESC, id DESC)")
    _company_idx = models.Index(
        "(company_id, received_at DESC, id DESC)"
        " INCLUDE (lead_department_id, first_department_id) WHERE active IS TRUE"
    )
    _lead_department_idx = models.Index(
        "(lead_department_id, received_at DESC, id DESC)"
    )
    _first_department_idx = models.Index(
        "(first_department_id, received_at DESC, id DESC)"
    )
    _state_idx = models.Index("(state, received_at DESC, id DESC)")

    @api.model
    def _default_user_id(self):
        user = self.env.user
        return user if user.has_group(OFFICER_GROUP) and user.active else False

    @api.model
    def _get_user_domain(self):
        officers = self.env.ref(OFFICER_GROUP, raise_if_not_found=False)
        return [("all_group_ids", "in", officers.ids if officers else [])]

    @api.depends("received_at", "company_id")
    def _compute_received_month(self):
        for complaint in self:
            complaint.received_month = complaint.company_id._patient_local_month(
                complaint.received_at
            )

    @api.depends("first_receiver_id")
    def _compute_first_department_id(self):
        """Take the receiver's; staff without an employee act for their departments."""
        for complaint in self:
            complaint.first_department_id = (
                complaint.first_department_id
                or complaint.first_receiver_id.department_id
                or self.env.user.patient_department_ids[:1]
            )

    @api.depends("state")
    def _compute_is_open(self):
        for complaint in self:
            complaint.is_open = complaint.state in OPEN_STATES

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "in", OPEN_STATES)

    @api.depends("encounter_id")
    def _compute_lead_department_id(self):
        for complaint in self:
            complaint.lead_department_id = (
                complaint.lead_department_id or complaint.encounter_id.department_id
            )

    @api.depends("encounter_id")
    def _compute_patient_id(self):
        for complaint in self:
            complaint.patient_id = (
                complaint.patient_id or complaint.encounter_id.patient_id
            )

    @api.depends("complainant_phone")
    def _compute_complainant_phone_digits(self):
        for complaint in self:
            complaint.complainant_phone_digits = (
                names.digits(complaint.complainant_phone) or False
            )

    @api.depends("problem_ids.severity_level")
    def _compute_problem_facts(self):
        for complaint in self:
            problems = complaint.problem_ids
            complaint.problem_count = len(problems)
            complaint.max_severity = max(problems.mapped("severity_level"), default=0)

    @api.depends("evidence_ids")
    def _compute_evidence_count(self):
        counts = dict(
            self.env["patient.complaint.evidence"]._read_group(
                [("complaint_id", "in", self.ids)], ["complaint_id"], ["__count"]
            )
        )
        for complaint in self:
            complaint.evidence_count = counts.get(complaint._origin, 0)

    @api.depends("duplicate_ids")
    def _compute_duplicate_count(self):
        archived = self.with_context(active_test=False)
        counts = archived._count_by("duplicate_of_id", self)
        for complaint in self:
            complaint.duplicate_count = counts.get(complaint._origin, 0)

    @api.model
    def _read_group_expand_state(self, states, domain):
        """Show the way of a complaint as columns; the states aside when they hold one."""
        main = (*OPEN_STATES, "closed")
        return [*main, *(state for state in states if state not in main)]

    @api.constrains("patient_id", "encounter_id")
    def _check_encounter(self):
        for complaint in self.filtered("encounter_id"):
            # sudo: patient.encounter: whose visit it is, whoever may see it
            owner = complaint.encounter_id.sudo().patient_id
            if owner != complaint.patient_id:
                raise ValidationError(
                    self.env._(
                        "Complaint %(complaint)s: the visit is not one of this patient. "
                        "Choose a visit of the patient, or leave it empty.",
                        complaint=complaint.name,
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._draw_missing_names(vals_list)
        for vals in vals_list:
            if vals.get("state", "received") not in OPEN_STATES:
                vals.setdefault("closed_at", fields.Datetime.now())
        # The problems that come with a complaint are no news to its history.
        complaints = super(
            PatientComplaint, self.with_context(patient_complaint_create=True)
        ).create(vals_list)
        complaints = complaints.with_env(self.env)
        complaints._subscribe_officers()
        complaints.filtered(
            lambda complaint: complaint.state == "closed"
        )._check_closing()
        return complaints

    def write(self, vals):
        if "first_receiver_id" in vals:
            self._check_first_receiver(vals["first_receiver_id"])
        if vals.get("active"):
            self._refuse_unarchiving_merged()
        if "state" not in vals:
            return super().write(vals)
        moved = self.filtered(lambda complaint: complaint.state != vals["state"])
        moved._check_transition(vals["state"])
        result = super().write(vals)
        moved._finish_transition(vals["state"])
        return result

    # ACTIONS

    def action_open_patient(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "patient.patient",
            "res_id": self.patient_id.id,
            "views": [(False, "form")],
        }

    def action_open_duplicates(self):
        self.ensure_one()
        return self._get_list_action(
            self.env._("Merged Complaints"), self.duplicate_ids, active_test=False
        )

    def action_open_main(self):
        self.ensure_one()
        return self.duplicate_of_id._get_form_action()

    # BUSINESS

    def _check_merging(self, main):
        """Refuse what must not be merged into another complaint; rooms add theirs."""

    # TOOLS

    @api.model
    def _count_by(self, field, records, domain=()):
        """Return record → number of its complaints, for smart buttons; in one query.

        :param str field: the many2one of the complaint
        """
        rows = self._read_group(
            [(field, "in", records.ids), *domain], [field], ["__count"]
        )
        return dict(rows)

    @api.model
    def _draw_missing_names(self, vals_list):
        """Number the complaints: one block for each hospital and year, one query a block."""
        defaults = self.default_get(["company_id", "received_at"])
        blocks = defaultdict(list)
        for vals in vals_list:
            for field, value in defaults.items():
                vals.setdefault(field, value)
            if not vals.get("name"):
                company = self.env["res.company"].browse(vals["company_id"])
                moment = fields.Datetime.to_datetime(vals["received_at"])
                year = company._patient_local_date(moment).replace(month=1, day=1)
                blocks[company, year].append(vals)
        for (company, year), numbered in blocks.items():
            sequence_sudo = company._get_complaint_sequence()
            drawn = sequence_sudo._draw_numbers(len(numbered), year)
            for vals, number in zip(numbered, drawn, strict=True):
                vals["name"] = number

    def _get_state_label(self, state=None):
        return get_label(self, "state", state)

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    @api.model
    def _get_list_action(self, title, complaints, **context):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("id", "in", complaints.ids)],
            "context": context,
        }
