from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_datetime
from odoo.tools.i18n import format_list

from ...tools import names
from ...tools.selections import get_label
from ..patient.patient_relative import RELATIONS

OFFICER_GROUP = "patient_relations.patient_relations_group_officer"
MANAGER_GROUP = "patient_relations.patient_relations_group_manager"

OPEN_STATES = ("received", "acknowledged", "investigating", "responded")
ASIDE_STATES = ("not_accepted", "withdrawn", "escalated")
# From each state those that may follow; back by one step, for a slip of the finger.
NEXT_STATES = {
    "received": ("acknowledged", "investigating", "responded", *ASIDE_STATES),
    "acknowledged": ("received", "investigating", "responded", *ASIDE_STATES),
    "investigating": ("acknowledged", "responded", *ASIDE_STATES),
    "responded": ("investigating", "closed", *ASIDE_STATES),
    "closed": (),
    "not_accepted": (),
    "withdrawn": (),
    "escalated": (),
}
# How far around a complaint others of the same person are offered as related.
RELATED_DAYS = 90


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
    related_ids = fields.Many2many(
        comodel_name="patient.complaint",
        compute="_compute_related_ids",
        string="Possibly Related",
        help="Others of the same patient or telephone number within 90 days.",
    )
    related_count = fields.Integer(compute="_compute_related_ids")
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

    @api.depends("patient_id", "complainant_phone", "received_at", "company_id")
    def _compute_related_ids(self):
        near = timedelta(days=RELATED_DAYS)
        candidates = self._search_related_candidates(near)
        for complaint in self:
            complaint.related_ids = candidates.filtered(
                lambda other, own=complaint: other._is_related(own, near)
            )
            complaint.related_count = len(complaint.related_ids)

    def _search_related_candidates(self, near):
        """Return what may be related to any of the complaints, in one search."""
        moments = [moment for moment in self.mapped("received_at") if moment]
        numbers = [
            number for number in self.mapped("complainant_phone_digits") if number
        ]
        if not moments or not (self.patient_id or numbers):
            return self.browse()
        return self.search(
            Domain("company_id", "in", self.company_id.ids)
            & Domain("received_at", ">=", min(moments) - near)
            & Domain("received_at", "<=", max(moments) + near)
            & (
                Domain("patient_id", "in", self.patient_id._origin.ids)
                | Domain("complainant_phone_digits", "in", numbers)
            )
        )

    def _is_related(self, own, near):
        """Tell whether this complaint is another one of the same person at the time."""
        self.ensure_one()
        same_patient = self.patient_id and self.patient_id == own.patient_id._origin
        same_number = (
            self.complainant_phone_digits
            and self.complainant_phone_digits == own.complainant_phone_digits
        )
        return (
            self != own._origin
            and self.company_id == own.company_id
            and bool(same_patient or same_number)
            and bool(own.received_at)
            and abs(self.received_at - own.received_at) <= near
        )

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

    @api.constrains("state", "not_accepted_reason", "state_note")
    def _check_aside(self):
        for complaint in self:
            if complaint.state == "not_accepted" and not complaint.not_accepted_reason:
                raise UserError(
                    self.env._(
                        "%(complaint)s cannot be left unaccepted without the lawful reason. "
                        "Use the button “Not Accepted” and choose one.",
                        complaint=complaint.name,
                    )
                )
            if (
                complaint.state in ("withdrawn", "escalated")
                and not (complaint.state_note or "").strip()
            ):
                raise UserError(
                    self.env._(
                        "%(complaint)s: say in a note why it is %(state)s. Use the button "
                        "of that name.",
                        complaint=complaint.name,
                        state=complaint._get_state_label().lower(),
                    )
                )

    @api.constrains("user_id")
    def _check_user_id(self):
        with_officer = self.filtered("user_id")
        with_officer._refuse_accused_officer(
            {(complaint.id, complaint.user_id.id) for complaint in with_officer}
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

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        """Leave new complaints to ``create``: Odoo would ask once for each of them."""
        if self.env.context.get("patient_complaint_create"):
            return True
        return super()._message_auto_subscribe(
            updated_values, followers_existing_policy=followers_existing_policy
        )

    def _subscribe_officers(self):
        """Let each officer in charge follow their complaints; once per officer."""
        for officer, complaints in self.grouped("user_id").items():
            complaints._message_auto_subscribe(
                {"user_id": officer.id}, followers_existing_policy="update"
            )

    # ACTIONS

    def action_acknowledge(self):
        self._move_to("acknowledged")

    def action_investigate(self):
        self._move_to("investigating")

    def action_respond(self):
        self._move_to("responded")

    def action_close(self):
        self._move_to("closed")

    def action_assign_to_me(self):
        self.write({"user_id": self.env.uid})

    def action_set_aside(self):
        """Ask for reason and note before one of the states aside.

        The context names the state: ``default_state``.
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_complaint_set_aside_action"
        )
        return {
            **action,
            "context": {**self.env.context, "default_complaint_ids": self.ids},
        }

    def action_open_patient(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "patient.patient",
            "res_id": self.patient_id.id,
            "views": [(False, "form")],
        }

    def action_open_related(self):
        self.ensure_one()
        return self._get_list_action(
            self.env._("Possibly Related"), self.related_ids | self
        )

    def action_open_duplicates(self):
        self.ensure_one()
        return self._get_list_action(
            self.env._("Merged Complaints"), self.duplicate_ids, active_test=False
        )

    def action_open_main(self):
        self.ensure_one()
        return self.duplicate_of_id._get_form_action()

    # BUSINESS

    def _move_to(self, state):
        """Move to a state by a button; refuse when somebody else was faster."""
        for complaint in self.filtered(lambda complaint: complaint.state == state):
            raise UserError(
                self.env._(
                    "%(complaint)s is “%(state)s” already: %(user)s changed it on "
                    "%(moment)s. Reload the page to go on from there.",
                    complaint=complaint.name,
                    state=complaint._get_state_label(),
                    user=complaint.write_uid.name,
                    moment=format_datetime(self.env, complaint.write_date),
                )
            )
        self.write({"state": state})

    def _check_transition(self, state):
        """Refuse a state that cannot follow the present one, or not by this user."""
        if not self or self.env.su:
            return
        officer = self.env.user.has_group(OFFICER_GROUP)
        if state not in OPEN_STATES and not officer:
            raise UserError(
                self.env._(
                    "Only the patient-relations office can decide that %(complaint)s is "
                    "%(state)s. Write your result in the complaint and ask the officer in "
                    "charge.",
                    complaint=self[0].name,
                    state=self._get_state_label(state).lower(),
                )
            )
        for complaint in self:
            if state not in complaint._get_next_states():
                raise UserError(complaint._get_transition_text(state))

    def _get_next_states(self):
        """Return the states to which the user may move this complaint."""
        self.ensure_one()
        if self.state not in OPEN_STATES:
            manager = self.env.user.has_group(MANAGER_GROUP)
            return OPEN_STATES if manager else ()
        allowed = NEXT_STATES[self.state]
        # Thanks and questions need no investigation.
        return allowed if self.kind == "complaint" else (*allowed, "closed")

    def _get_transition_text(self, state):
        self.ensure_one()
        if self.state not in OPEN_STATES:
            return self.env._(
                "%(complaint)s is %(state)s, which ends it. Only a manager may set it back "
                "to an open status.",
                complaint=self.name,
                state=self._get_state_label().lower(),
            )
        return self.env._(
            "%(complaint)s is “%(state)s” and cannot become “%(target)s” at once. It can "
            "become: %(allowed)s.",
            complaint=self.name,
            state=self._get_state_label(),
            target=self._get_state_label(state),
            allowed=format_list(
                self.env,
                [self._get_state_label(state) for state in self._get_next_states()],
                style="or",
            ),
        )

    def _finish_transition(self, state):
        """Set the time of the end, and check what a closed complaint must have."""
        if state == "closed":
            self._check_closing()
        if state not in OPEN_STATES:
            self.closed_at = fields.Datetime.now()
        else:
            self.filtered("closed_at").closed_at = False

    def _check_closing(self):
        for complaint in self.filtered(lambda complaint: complaint.kind == "complaint"):
            pending = complaint.problem_ids.filtered(
                lambda problem: problem.finding == "pending"
            )
            if not complaint.problem_ids:
                raise UserError(
                    self.env._(
                        "%(complaint)s has no problem yet. Add at least one, with its "
                        "finding, before closing it.",
                        complaint=complaint.name,
                    )
                )
            if pending:
                raise UserError(
                    self.env._(
                        "%(complaint)s cannot be closed before each problem has a finding. "
                        "Still pending: %(problems)s.",
                        complaint=complaint.name,
                        problems=format_list(
                            self.env, pending.category_id.mapped("display_name")
                        ),
                    )
                )

    def _check_merging(self, main):
        """Refuse what must not be merged into another complaint; rooms add theirs."""

    def _check_first_receiver(self, receiver_id):
        """Refuse to change who received first; naming one where none is named is free."""
        if self.env.su or self.env.user.has_group(MANAGER_GROUP):
            return
        for complaint in self:
            receiver = complaint.first_receiver_id
            if receiver and receiver.id != receiver_id:
                raise UserError(
                    self.env._(
                        "%(complaint)s was first received by %(receiver)s, who stays named. "
                        "Change the officer in charge instead, or ask a manager to correct "
                        "a mistake.",
                        complaint=complaint.name,
                        receiver=receiver.display_name,
                    )
                )

    def _refuse_accused_officer(self, pairs):
        """Refuse an officer in charge who is complained about.

        :param set pairs: (complaint id, user id) to look at
        """
        # sudo: patient.complaint.problem: the rule holds also where a user sees no problem
        accused = (
            self.env["patient.complaint.problem"]
            .sudo()
            .search(
                [
                    (
                        "employee_user_id",
                        "in",
                        list({user for _complaint, user in pairs}),
                    ),
                    ("complaint_id", "in", self.ids),
                ]
            )
        )
        for problem in accused:
            complaint, user = problem.complaint_id, problem.employee_user_id
            if (complaint.id, user.id) in pairs and complaint.user_id == user:
                raise UserError(
                    self.env._(
                        "%(user)s cannot be in charge of %(complaint)s: a problem of it is "
                        "about this person. Choose another officer.",
                        user=user.name,
                        complaint=complaint.name,
                    )
                )

    def _unsubscribe_users(self, pairs):
        """End the following and the activities of users.

        :param set pairs: (complaint id, user id)
        """
        # sudo: mail.followers, mail.activity: of users who may no longer know of it
        users_sudo = self.env["res.users"].sudo().browse({user for _res, user in pairs})
        followers_sudo = users_sudo.env["mail.followers"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("partner_id", "in", users_sudo.partner_id.ids),
            ]
        )
        followers_sudo.filtered(
            lambda follower: any(
                (follower.res_id, user.id) in pairs
                for user in follower.partner_id.user_ids
            )
        ).unlink()
        activities_sudo = users_sudo.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("user_id", "in", users_sudo.ids),
            ]
        )
        activities_sudo.filtered(
            lambda activity: (activity.res_id, activity.user_id.id) in pairs
        ).unlink()

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
