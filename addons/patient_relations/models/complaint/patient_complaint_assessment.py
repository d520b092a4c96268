from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.selections import get_label
from .patient_complaint import OFFICER_GROUP

# What the officer decides in the initial assessment (ISO 10002:2018, 8.3).
ASSESSMENT_FIELDS = frozenset(
    {
        "assessment_severity",
        "danger",
        "immediate_action",
        "complexity",
        "impact",
        "informed_department_ids",
        "informed_employee_ids",
        "is_major_event",
        "major_event_kind",
        "major_event_at",
    }
)
REPORT_FIELDS = frozenset({"reported_to_authority_at", "reported_to"})
STAMP_FIELDS = frozenset({"assessed_at", "assessed_by_id"})
# Two clocks of one hospital may differ by this much.
CLOCK_TOLERANCE = timedelta(minutes=5)


class PatientComplaint(models.Model):
    """The initial assessment: how bad, how dangerous, how complex, what is done at once.

    Who assessed and when is set by the server. A major event (医疗事故处理条例 art. 14:
    a death, a grade two or worse, three or more harmed) is reported to the health
    authority; how soon is a rule of the deadlines, not of this file.
    """

    _inherit = "patient.complaint"

    # assessment
    assessed_at = fields.Datetime(
        string="Assessed On", readonly=True, copy=False, help="Set by the system."
    )
    assessed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Assessed by",
        readonly=True,
        copy=False,
        help="Set by the system.",
    )
    assessment_severity = fields.Selection(
        selection=[
            ("1", "1 – Minor"),
            ("2", "2 – Moderate"),
            ("3", "3 – Serious"),
            ("4", "4 – Severe"),
        ],
        string="Assessed Severity",
        copy=False,
        help="How bad the whole matter would be if all of it is so.",
    )
    danger = fields.Selection(
        selection=[
            ("none", "None"),
            ("possible", "Possible"),
            ("immediate", "Immediate"),
        ],
        string="Danger to Patients",
        copy=False,
        help="Can the same harm another patient? Where it can at any moment, something is "
        "done at once and written down.",
    )
    immediate_action = fields.Text(
        copy=False, help="What was done at once so that nobody else is harmed."
    )
    complexity = fields.Selection(
        selection=[
            ("simple", "Simple"),
            ("moderate", "Several Questions"),
            ("complex", "Several Departments or Experts"),
        ],
        copy=False,
    )
    impact = fields.Selection(
        selection=[
            ("one", "One Patient"),
            ("several", "Several Patients"),
            ("department", "A Whole Department"),
            ("hospital", "The Hospital or the Public"),
        ],
        copy=False,
    )
    informed_department_ids = fields.Many2many(
        comodel_name="hr.department",
        relation="patient_complaint_informed_department_rel",
        string="Departments Informed",
        copy=False,
        check_company=True,
    )
    informed_employee_ids = fields.Many2many(
        # The public side of an employee, which officers without a right in HR may read.
        comodel_name="hr.employee.public",
        relation="patient_complaint_informed_employee_rel",
        string="Persons Informed",
        copy=False,
        check_company=True,
    )
    # major event
    is_major_event = fields.Boolean(
        string="Major Event",
        copy=False,
        tracking=True,
        help="A death, an accident of grade two or worse, or three or more persons harmed: "
        "the hospital reports it to the health authority.",
    )
    major_event_kind = fields.Selection(
        selection=[
            ("death", "Death"),
            ("grade_two", "Grade Two or Worse"),
            ("three_harmed", "Three or More Harmed"),
        ],
        string="Kind of Major Event",
        copy=False,
    )
    major_event_at = fields.Datetime(
        string="Known Since",
        copy=False,
        tracking=True,
        help="When the hospital learnt of it: the time to report begins here.",
    )
    reported_to_authority_at = fields.Datetime(
        string="Reported On", copy=False, tracking=True
    )
    reported_to = fields.Char(
        copy=False, tracking=True, help="The authority, and who took the report there."
    )

    _assessment_check = models.Constraint(
        "CHECK(assessed_at IS NULL OR (assessment_severity IS NOT NULL"
        " AND danger IS NOT NULL AND complexity IS NOT NULL AND impact IS NOT NULL))",
        "An assessment says all of these: severity, danger, complexity and impact.",
    )
    _immediate_action_check = models.Constraint(
        "CHECK(danger != 'immediate' OR trim(coalesce(immediate_action, '')) != '')",
        "Immediate danger: write what was done at once.",
    )
    _major_event_check = models.Constraint(
        "CHECK(is_major_event IS NOT TRUE"
        " OR (major_event_kind IS NOT NULL AND major_event_at IS NOT NULL))",
        "A major event needs its kind and the moment at which it became known.",
    )
    _reported_check = models.Constraint(
        "CHECK(reported_to_authority_at IS NULL"
        " OR (is_major_event AND trim(coalesce(reported_to, '')) != ''))",
        "A report belongs to a major event and names the authority that took it.",
    )
    _major_event_idx = models.Index(
        "(company_id, major_event_at) WHERE is_major_event IS TRUE"
    )

    @api.constrains("danger", "immediate_action")
    def _check_immediate_action(self):
        for complaint in self.filtered(lambda one: one.danger == "immediate"):
            if not (complaint.immediate_action or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(complaint)s is an immediate danger to patients. Write what was "
                        "done at once so that nobody else is harmed.",
                        complaint=complaint.name,
                    )
                )

    @api.constrains("is_major_event", "major_event_at", "reported_to_authority_at")
    def _check_major_event(self):
        latest = fields.Datetime.now() + CLOCK_TOLERANCE
        for complaint in self:
            known, reported = (
                complaint.major_event_at,
                complaint.reported_to_authority_at,
            )
            if any(moment and moment > latest for moment in (known, reported)):
                raise ValidationError(
                    self.env._(
                        "%(complaint)s: a moment that lies ahead cannot be when the event "
                        "became known or was reported. Correct the date.",
                        complaint=complaint.name,
                    )
                )
            if reported and not complaint.is_major_event:
                raise ValidationError(
                    self.env._(
                        "%(complaint)s was reported to the authority as a major event. Take "
                        "the report away first if it is none.",
                        complaint=complaint.name,
                    )
                )
            if reported and known and reported < known:
                raise ValidationError(
                    self.env._(
                        "%(complaint)s cannot be reported before it became known. Correct "
                        "one of the two moments.",
                        complaint=complaint.name,
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            self._guard_assessment(
                vals, {name for name, value in vals.items() if value}
            )
            for vals in vals_list
        ]
        complaints = super().create(vals_list)
        if any("assessed_at" in vals for vals in vals_list):
            complaints.filtered("assessed_at")._finish_assessment()
        return complaints

    def write(self, vals):
        vals = self._guard_assessment(vals, vals.keys())
        result = super().write(vals)
        if "assessed_at" in vals:
            self._finish_assessment()
        return result

    # ACTIONS

    def action_assess(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_complaint_assess_action"
        )
        return {
            **action,
            "context": {**self.env.context, "default_complaint_id": self.id},
        }

    # BUSINESS

    def _guard_assessment(self, vals, given):
        """Return the values with who assesses and when; the user cannot say it.

        :param given: names of the values that count as said
        :raise UserError: where the user is no officer, or says who assessed
        """
        if self.env.su or not given & (
            ASSESSMENT_FIELDS | REPORT_FIELDS | STAMP_FIELDS
        ):
            return vals
        if STAMP_FIELDS & given:
            raise UserError(
                self.env._(
                    "Who assessed a complaint and when is noted by the system and cannot "
                    "be entered."
                )
            )
        if not self.env.user.has_group(OFFICER_GROUP):
            raise UserError(
                self.env._(
                    "Only the patient-relations office assesses a complaint. Tell the "
                    "officer in charge what you know."
                )
            )
        if not ASSESSMENT_FIELDS & given:
            return vals
        return {
            **vals,
            **self._prepare_major_event(vals),
            "assessed_at": fields.Datetime.now(),
            "assessed_by_id": self.env.uid,
        }

    def _prepare_major_event(self, vals):
        """Return what follows from whether it is a major event.

        Where it is known already, saying so once more does not begin the time anew.
        """
        if "is_major_event" not in vals:
            return {}
        if not vals["is_major_event"]:
            return {"major_event_kind": False, "major_event_at": False}
        known = self and all(complaint.major_event_at for complaint in self)
        if vals.get("major_event_at") or (known and "major_event_at" not in vals):
            return {}
        return {"major_event_at": fields.Datetime.now()}

    def _finish_assessment(self):
        """Tell the history of each complaint that it was assessed, and how."""
        if self.env.context.get("tracking_disable"):
            return
        self._message_log_batch(
            bodies={
                complaint.id: complaint._get_assessment_text() for complaint in self
            }
        )

    def _get_assessment_text(self):
        """Return the assessment in one line, as people read it."""
        self.ensure_one()
        parts = []
        for name in (
            "assessment_severity",
            "danger",
            "complexity",
            "impact",
            "major_event_kind",
        ):
            if label := get_label(self, name):
                title = self._fields[name]._description_string(self.env)
                parts.append(f"{title}: {label}")
        if self.immediate_action:
            parts.append(self.immediate_action)
        return self.env._("Initial assessment. %(text)s", text=" · ".join(parts))
