from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...models.patient.patient_relative import RELATIONS
from ...tools import names
from ...tools.selections import get_selection

# Digits from which a telephone number says something about the caller.
ENOUGH_DIGITS = 4
SUMMARY_LENGTH = 60


class PatientComplaintIntake(models.TransientModel):
    """The screen of the telephone: one page, from the ringing to the number in a minute.

    The officer types the caller's number and picks the patient and the visit from what
    is offered, writes what is told, taps what it is about, and presses Enter.
    """

    _name = "patient.complaint.intake"
    _description = "Complaint Intake"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )
    # the call
    kind = fields.Selection(
        selection=lambda self: self._get_selection("kind"),
        default="complaint",
        required=True,
    )
    channel = fields.Selection(
        selection=lambda self: self._get_selection("channel"),
        default="phone",
        required=True,
    )
    received_at = fields.Datetime(
        string="Received On", default=fields.Datetime.now, required=True
    )
    priority = fields.Selection(
        selection=lambda self: self._get_selection("priority"), default="0"
    )
    phone = fields.Char(string="Telephone")
    candidate_ids = fields.Many2many(
        comodel_name="patient.patient",
        compute="_compute_candidate_ids",
        string="Patients with This Number",
    )
    patient_id = fields.Many2one(
        comodel_name="patient.patient",
        compute="_compute_patient_id",
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id)]",
    )
    visit_ids = fields.Many2many(
        comodel_name="patient.encounter",
        compute="_compute_visit_ids",
        string="Last Visits",
    )
    encounter_id = fields.Many2one(
        comodel_name="patient.encounter",
        string="Visit",
        compute="_compute_encounter_id",
        store=True,
        readonly=False,
        domain="[('patient_id', '=', patient_id)]",
    )
    department_id = fields.Many2one(
        comodel_name="hr.department",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
    )
    # the caller
    complainant_type = fields.Selection(
        selection=lambda self: self._get_selection("complainant_type"),
        string="Caller Is",
        default="patient",
        required=True,
    )
    complainant_name = fields.Char(
        string="Name of the Caller",
        compute="_compute_complainant",
        store=True,
        readonly=False,
    )
    complainant_relation = fields.Selection(
        selection=RELATIONS,
        string="Relation",
        compute="_compute_complainant",
        store=True,
        readonly=False,
    )
    complainant_email = fields.Char()
    # what is told
    summary = fields.Char(
        help="Taken from the beginning of what is told when left empty."
    )
    narrative = fields.Text(string="What Is Told")
    expectation = fields.Text(string="What Is Asked For")
    problem_ids = fields.One2many(
        "patient.complaint.intake.problem", "intake_id", string="About"
    )
    # around it
    open_complaint_ids = fields.Many2many(
        comodel_name="patient.complaint",
        compute="_compute_open_complaint_ids",
        string="Still Open",
    )
    lead_id = fields.Many2one("crm.lead", string="Enquiry")
    complaint_id = fields.Many2one(
        comodel_name="patient.complaint",
        string="Registered as",
        readonly=True,
        help="What this call has become; a second click does not register it again.",
    )

    def _compute_display_name(self):
        self.display_name = self.env._("New Call")

    @api.model
    def _get_selection(self, name):
        return get_selection(self.env, "patient.complaint", name)

    @api.depends("phone", "company_id")
    def _compute_candidate_ids(self):
        for intake in self:
            digits = names.digits(intake.phone)
            intake.candidate_ids = (
                intake._find_candidates(digits)
                if len(digits) >= ENOUGH_DIGITS
                else False
            )

    def _find_candidates(self, digits):
        """Return the patients whose own number, or a relative's, begins with the digits."""
        return self.env["patient.patient"]._find_meant(
            digits, self.company_id, self._find_relatives(digits).patient_id
        )

    def _find_relatives(self, digits):
        return self.env["patient.relative"].search(
            [("phone_digits", "=", digits), ("company_id", "=", self.company_id.id)],
            limit=6,
        )

    @api.depends("encounter_id")
    def _compute_patient_id(self):
        for intake in self:
            intake.patient_id = intake.patient_id or intake.encounter_id.patient_id

    @api.depends("patient_id")
    def _compute_visit_ids(self):
        for intake in self:
            intake.visit_ids = self.env["patient.encounter"].search(
                [
                    ("patient_id", "in", intake.patient_id.ids),
                    ("status", "not in", ("planned", "cancelled", "entered_in_error")),
                ],
                limit=5,
            )

    @api.depends("patient_id")
    def _compute_encounter_id(self):
        for intake in self:
            if intake.encounter_id.patient_id != intake.patient_id:
                intake.encounter_id = False

    @api.depends("encounter_id")
    def _compute_department_id(self):
        for intake in self:
            intake.department_id = (
                intake.encounter_id.department_id or intake.department_id
            )

    @api.depends("patient_id", "complainant_type", "phone")
    def _compute_complainant(self):
        """Name the caller: the patient, or the relative who has the number."""
        for intake in self:
            relative = intake._get_calling_relative()
            if intake.complainant_type == "patient":
                intake.complainant_name = (
                    intake.patient_id.name or intake.complainant_name
                )
                intake.complainant_relation = False
            elif relative:
                intake.complainant_name = relative.name
                intake.complainant_relation = relative.relation
            elif intake.complainant_name == intake.patient_id.name:
                intake.complainant_name = False

    @api.onchange("patient_id")
    def _onchange_patient_id(self):
        """See by the number that not the patient calls but a relative."""
        if self.complainant_type == "patient" and self._get_calling_relative():
            self.complainant_type = "relative"
        if self.patient_id and not self.phone and self.complainant_type == "patient":
            self.phone = self.patient_id.phone

    def _get_calling_relative(self):
        """Return the relative of the patient who has the caller's number."""
        digits = names.digits(self.phone)
        relatives = self.patient_id.relative_ids
        if not digits or digits == names.digits(self.patient_id.phone):
            return relatives.browse()
        return relatives.filtered(lambda relative: relative.phone_digits == digits)[:1]

    @api.depends("patient_id", "phone", "company_id")
    def _compute_open_complaint_ids(self):
        for intake in self:
            digits = names.digits(intake.phone)
            same_number = Domain("complainant_phone_digits", "=", digits)
            same_patient = Domain("patient_id", "=", intake.patient_id.id)
            domains = [same_number] if len(digits) >= 7 else []
            domains += [same_patient] if intake.patient_id else []
            intake.open_complaint_ids = self.env["patient.complaint"].search(
                Domain.OR(domains)
                & Domain("company_id", "=", intake.company_id.id)
                & Domain("is_open", "=", True),
                limit=5,
            )

    # ACTIONS

    def action_register(self):
        """Register the complaint and open it."""
        complaint = self._create_complaint()
        if not complaint.has_access("read"):
            return self._get_action({}, notice=self._get_notice(complaint))
        return complaint._get_form_action()

    def action_register_next(self):
        """Register the complaint and be ready for the next call."""
        return self._get_action({}, notice=self._get_notice(self._create_complaint()))

    # BUSINESS

    @api.model
    def _get_action(self, values, notice=None):
        """Return the action that opens an intake screen.

        :param dict values: what is known beforehand
        :param dict notice: parameters of a notification to show first
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_complaint_intake_action"
        )
        known = {name: value for name, value in values.items() if value}
        action["context"] = {f"default_{name}": value for name, value in known.items()}
        if not notice:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {**notice, "next": {**action, "target": "main"}},
        }

    def _get_notice(self, complaint):
        # sudo: patient.complaint: its number, also for the person complained about
        complaint_sudo = complaint.sudo()
        return {
            "type": "success",
            "message": self.env._(
                "%(complaint)s is registered.", complaint=complaint_sudo.name
            ),
        }

    def _create_complaint(self):
        """Create the complaint, once; return it."""
        self.ensure_one()
        if self.complaint_id:
            return self.complaint_id
        if not (self.narrative or self.summary or "").strip():
            raise UserError(self.env._("Write what is told before you register it."))
        self.complaint_id = self.env["patient.complaint"].create(
            self._prepare_complaint()
        )
        return self.complaint_id

    def _prepare_complaint(self):
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "kind": self.kind,
            "channel": self.channel,
            "priority": self.priority,
            "received_at": self.received_at,
            "summary": self.summary or self._get_first_words(),
            "narrative": self.narrative,
            "expectation": self.expectation,
            "patient_id": self.patient_id.id,
            "encounter_id": self.encounter_id.id,
            "lead_department_id": self.department_id.id,
            "complainant_type": self.complainant_type,
            "complainant_name": self.complainant_name,
            "complainant_phone": self.phone,
            "complainant_email": self.complainant_email,
            "complainant_relation": self.complainant_relation,
            "lead_id": self.lead_id.id,
            "problem_ids": [
                Command.create(problem._prepare_problem())
                for problem in self.problem_ids
            ],
            **self._prepare_officer(),
        }

    def _prepare_officer(self):
        """Leave the complaint without an officer where the user is complained about."""
        accused = self.problem_ids.employee_id.filtered(
            lambda employee: employee.user_id == self.env.user
        )
        return {"user_id": False} if accused else {}

    def _get_first_words(self):
        first_line = (self.narrative or "").strip().split("\n")[0]
        if len(first_line) <= SUMMARY_LENGTH:
            return first_line
        return first_line[: SUMMARY_LENGTH - 1] + "…"
