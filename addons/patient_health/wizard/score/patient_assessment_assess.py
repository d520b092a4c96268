from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...models.score.patient_score_band import LEVELS
from ...tools import scoring


class PatientAssessmentAssess(models.TransientModel):
    """One page to assess a patient: the record fills what it knows, the rest is asked.

    Total and band appear as soon as nothing is missing.
    """

    _name = "patient.assessment.assess"
    _description = "Assess a Patient"

    patient_id = fields.Many2one(comodel_name="patient.patient", required=True)
    encounter_id = fields.Many2one(
        comodel_name="patient.encounter",
        string="Visit",
        compute="_compute_encounter_id",
        store=True,
        readonly=False,
        domain="[('patient_id', '=', patient_id)]",
        help="A score of a stay needs it; others belong to the visit if there is one.",
    )
    score_id = fields.Many2one(
        comodel_name="patient.score",
        required=True,
        domain="[('state', '=', 'in_use')]",
    )
    purpose = fields.Text(related="score_id.purpose")
    assessed_at = fields.Datetime(
        string="Assessed On", required=True, default=fields.Datetime.now
    )
    replaces_id = fields.Many2one(
        comodel_name="patient.assessment", string="In Place of", readonly=True
    )
    line_ids = fields.One2many(
        comodel_name="patient.assessment.assess.line",
        inverse_name="wizard_id",
        string="Items",
        compute="_compute_line_ids",
        # what the user may read of the record
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    # what comes of it
    is_complete = fields.Boolean(compute="_compute_result")
    total = fields.Integer(compute="_compute_result")
    max_total = fields.Integer(related="score_id.max_total")
    band_id = fields.Many2one(
        comodel_name="patient.score.band", compute="_compute_result"
    )
    level = fields.Selection(selection=LEVELS, compute="_compute_result")
    alert_text = fields.Text(compute="_compute_result", string="Alerts")
    problem = fields.Text(compute="_compute_result", string="Still to Do")

    @api.depends("patient_id")
    def _compute_encounter_id(self):
        for wizard in self:
            if wizard.encounter_id.patient_id != wizard.patient_id:
                wizard.encounter_id = False

    @api.depends("score_id", "patient_id", "encounter_id", "assessed_at")
    def _compute_line_ids(self):
        for wizard in self:
            known = wizard._get_former_answers()
            wizard.line_ids = [
                Command.clear(),
                *map(Command.create, wizard._prepare_lines(known)),
            ]

    @api.depends("line_ids.answer", "score_id")
    def _compute_result(self):
        for wizard in self:
            wizard.update(wizard._get_result())

    # ACTIONS

    def action_confirm(self):
        """Keep the assessment and open it; refuse while something is missing."""
        self.ensure_one()
        score, record = self.score_id, self.encounter_id or self.patient_id
        if score.reference == "visit" and not self.encounter_id:
            raise UserError(
                self.env._(
                    "%(score)s is about a stay. Choose the visit.",
                    score=score.display_name,
                )
            )
        score._check_may_assess()
        record.check_access("read")
        assessments, problems = score._assess(
            score._get_subjects(record, self.assessed_at),
            {record.id: self._get_answers()},
            self.assessed_at,
            {record.id: self._get_replaced()},
        )
        if problems:
            raise UserError(problems[record.id])
        return assessments._get_open_action()

    # TOOLS

    def _get_replaced(self):
        """Return the assessment to replace, which has to be valid still."""
        former = self.replaces_id
        former.check_access("read")
        former._refuse_replaced()
        fitting = (
            former.patient_id == self.patient_id
            and former.score_code == self.score_id.code
        )
        return former if fitting else former.browse()

    def _get_answers(self):
        return {line.item_id.code: line._get_value() for line in self.line_ids}

    def _get_former_answers(self):
        """Return item id → answer typed on this page, or given in what is replaced."""
        typed = {
            line.item_id.id: line.answer
            for line in self.line_ids
            if line.answer and line.answer != line.suggestion
        }
        asked = {
            line.item_id.code: line.value
            for line in self.replaces_id.line_ids
            if line.is_asked
        }
        former = {
            item.id: asked[item.code]
            for item in self.score_id.item_ids
            if item.code in asked
        }
        return {**former, **typed}

    def _prepare_lines(self, known):
        score, record = self.score_id, self.encounter_id or self.patient_id
        record = record._origin or record
        if not score or not record or not self.assessed_at:
            return []
        score._check_may_assess()
        subjects = score._get_subjects(record, self.assessed_at)
        facts = score._read_facts(subjects)[record.id]
        items = {item.code: item for item in score._get_table().items}
        lines = []
        for item in score.item_ids:
            fact = facts.get(item.code)
            value = fact and scoring.normalize(items[item.code], fact.value)
            suggestion = "" if value is None else item._write_value(value)
            lines.append(
                {
                    "item_id": item.id,
                    "suggestion": suggestion,
                    "answer": known.get(item.id) or suggestion,
                    "origin": fact.origin if fact else "",
                }
            )
        return lines

    def _get_result(self):
        nothing = {
            "is_complete": False,
            "total": 0,
            "band_id": False,
            "level": False,
            "alert_text": False,
            "problem": False,
        }
        score = self.score_id
        if not score or not self.line_ids:
            return nothing
        try:
            result = scoring.evaluate(score._get_table(), self._get_answers())
        except scoring.InputError as error:
            return {**nothing, "problem": score._describe_problems(error)}
        band = score._find_band(result, self._get_answers())
        alerts = self.env["patient.score.alert"].browse(
            [alert.id for alert in result.alerts]
        )
        return {
            "is_complete": True,
            "total": result.total,
            "band_id": band.id,
            "level": score._get_level(band, result.alerts),
            "alert_text": "\n".join(alerts.mapped("name")),
            "problem": False,
        }
