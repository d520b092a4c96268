from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.patient_relations.tools.selections import get_label

from ...tools.subjects import Subject
from ..res_users import CLINICIAN_GROUP
from .patient_score_band import LEVELS


class PatientAssessment(models.Model):
    """A total of one score for one patient, with the reason of every point.

    Made by scores only (``patient.score._assess_cohort``), never by hand, and not changed
    afterwards: assessed anew, it stays in the record beside the one in its place.
    """

    _name = "patient.assessment"
    _inherit = "patient.health.part"
    _description = "Assessment"
    _order = "assessed_at desc, id desc"

    patient_id = fields.Many2one(readonly=True, groups=CLINICIAN_GROUP)
    score_id = fields.Many2one(
        comodel_name="patient.score",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    score_code = fields.Char(required=True, readonly=True)
    encounter_id = fields.Many2one(
        comodel_name="patient.encounter",
        string="Visit",
        readonly=True,
        ondelete="set null",
        groups=CLINICIAN_GROUP,
    )
    assessed_at = fields.Datetime(string="Assessed On", required=True, readonly=True)
    as_of = fields.Datetime(
        string="Record as of",
        required=True,
        readonly=True,
        help="The moment as of which the record was read.",
    )
    # result
    total = fields.Integer(required=True, readonly=True, aggregator="avg")
    band_id = fields.Many2one(
        comodel_name="patient.score.band",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    level = fields.Selection(
        selection=LEVELS,
        required=True,
        readonly=True,
        help="Of the band, or of an answer that alerts by itself.",
    )
    advice = fields.Text(related="band_id.advice")
    line_ids = fields.One2many(
        comodel_name="patient.assessment.line",
        inverse_name="assessment_id",
        string="Points",
        readonly=True,
        groups=CLINICIAN_GROUP,
    )
    # facts for lists, pivots and access
    department_id = fields.Many2one(readonly=True)
    assessed_month = fields.Date(string="Month", readonly=True)
    is_sensitive = fields.Boolean(readonly=True)
    is_of_visit = fields.Boolean(readonly=True)
    # history
    active = fields.Boolean(default=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("valid", "Valid"),
            ("replaced", "Assessed Anew"),
            ("error", "Entered in Error"),
        ],
        default="valid",
        required=True,
        readonly=True,
    )
    replaces_id = fields.Many2one(
        comodel_name="patient.assessment",
        string="In Place of",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    reason = fields.Char(
        string="Reason of the Error", readonly=True, groups=CLINICIAN_GROUP
    )

    _patient_idx = models.Index("(patient_id, score_code, assessed_at DESC)")
    _order_idx = models.Index("(assessed_at DESC, id DESC)")
    _fact_idx = models.Index("(company_id, assessed_month, department_id, score_id)")
    _encounter_idx = models.Index("(encounter_id) WHERE encounter_id IS NOT NULL")
    _visit_uniq = models.UniqueIndex(
        "(score_code, encounter_id) WHERE is_of_visit IS TRUE AND active IS TRUE",
        "Somebody else assessed this stay at this moment. Open it again.",
    )
    _state_check = models.Constraint(
        "CHECK(active = (state = 'valid'))",
        "What was assessed anew is kept out of sight, and only that.",
    )

    @api.depends("score_id", "total", "band_id", "assessed_at", "company_id")
    def _compute_display_name(self):
        for assessment in self:
            company, moment = assessment.company_id, assessment.assessed_at
            day = moment and format_date(self.env, company._patient_local_date(moment))
            result = f"{assessment.total} {assessment.band_id.name or ''}".strip()
            parts = [assessment.score_id.name, result, day]
            assessment.display_name = " · ".join(part for part in parts if part)

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "An assessment is the result of a score. Choose “Assess” on the "
                    "patient or the visit."
                )
            )
        return super().create(vals_list)

    # ACTIONS

    @api.model
    def action_assess(self):
        """Open the page on which a patient is assessed."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_assessment_assess_action"
        )
        return {**action, "context": dict(self.env.context)}

    def action_assess_again(self):
        """Read the record anew, keep what was asked, and open the new result."""
        self.ensure_one()
        [problem] = [*self._assess_again().values()] or [None]
        if problem:
            raise UserError(problem)
        assessment = self.search([("replaces_id", "=", self.id)], limit=1)
        return assessment._get_open_action()

    def action_open_again(self):
        """Open the page with the answers of this assessment, to correct them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_assessment_assess_action"
        )
        return {
            **action,
            "context": {
                "default_patient_id": self.patient_id.id,
                "default_encounter_id": self.encounter_id.id,
                "default_score_id": self.score_id._get_current().id,
                "default_replaces_id": self.id,
            },
        }

    # BUSINESS

    def _explain(self):
        """Return where each point came from, as list of dicts in the order of items.

        Keys are those of ``patient.score._explain``.
        """
        self.ensure_one()
        return [
            {
                "item": line.item_id.code,
                "name": line.item_id.name,
                **{
                    name: line[name] or None
                    for name in ("value_text", "origin", "source_model", "source_id")
                },
                "value": line.value,
                "points": line.points,
                "is_asked": line.is_asked,
            }
            for line in self.line_ids
        ]

    def _assess_again(self):
        """Assess anew, by the version in use, in as many queries as for one.

        The record is read as of the same moment, answers to what was asked are kept, and
        the former assessments stay in the record.

        :return: dict assessment → what stands in the way, of those that stay
        """
        self._refuse_replaced()
        problems = {}
        for former in self.grouped("score_code").values():
            current = former.score_id.sorted("version")[-1:]._get_current()
            current._check_may_assess()
            subjects = former._get_subjects()
            replaced = {assessment.id: assessment for assessment in former}
            _new, found = current._assess(
                subjects, former._get_answers(current), replaced=replaced
            )
            problems.update({replaced[key]: text for key, text in found.items()})
        return problems

    def _void(self, reason):
        """Say that these assessments were made in error; they stay in the record."""
        # those who may assess may say that it was a mistake
        self.env["patient.assessment"].check_access("create")
        self.check_access("read")
        self._refuse_replaced()
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "Say why the assessment is an error. It stays in the record."
                )
            )
        # sudo: patient.assessment: its state is not written by hand
        self.sudo().write({"state": "error", "active": False, "reason": reason.strip()})

    # TOOLS

    def _get_subjects(self):
        """Return the ``Subject`` of each assessment, as of its moment."""
        # sudo: patient.encounter: the start of visits that were assessed
        visits_sudo = self.sudo().encounter_id
        starts = {visit.id: visit.begins_at for visit in visits_sudo}
        return [
            Subject(
                assessment.id,
                assessment.patient_id.id,
                assessment.encounter_id.id or None,
                assessment.as_of,
                starts.get(assessment.encounter_id.id) or assessment.as_of,
            )
            for assessment in self
        ]

    def _get_answers(self, score):
        """Return assessment id → item code → value, of what was asked.

        What another version of the score does not ask any more is left out.
        """
        known = set(score.item_ids.mapped("code"))
        return {
            assessment.id: {
                line.item_id.code: line.value
                for line in assessment.line_ids
                if line.is_asked and line.item_id.code in known
            }
            for assessment in self
        }

    def _get_open_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
        }

    def _refuse_replaced(self):
        for assessment in self:
            if assessment.state != "valid":
                raise UserError(
                    self.env._(
                        "“%(assessment)s” does not count any more (%(state)s). Open the "
                        "valid one.",
                        assessment=assessment.display_name,
                        state=get_label(assessment, "state").lower(),
                    )
                )
