from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PatientAssessmentCohort(models.TransientModel):
    """Assesses many patients, or many stays, in one pass.

    Who lacks something is listed with what is missing.
    """

    _name = "patient.assessment.cohort"
    _description = "Assess a Cohort"

    patient_ids = fields.Many2many(comodel_name="patient.patient", string="Patients")
    encounter_ids = fields.Many2many(comodel_name="patient.encounter", string="Visits")
    score_id = fields.Many2one(
        comodel_name="patient.score",
        domain="[('state', '=', 'in_use')]",
        help="A score of a stay needs visits; choose them in the list of visits.",
    )
    count = fields.Integer(compute="_compute_count", string="Chosen")
    with_assessed = fields.Boolean(
        string="Those Assessed Already as Well",
        help="A stay assessed anew replaces the former result.",
    )
    # result
    state = fields.Selection(
        selection=[("choice", "Choice"), ("done", "Done")], default="choice"
    )
    assessment_ids = fields.Many2many(
        comodel_name="patient.assessment", string="Assessments"
    )
    assessed_count = fields.Integer(string="Assessed")
    skipped_count = fields.Integer(string="Assessed before")
    missing_ids = fields.One2many(
        comodel_name="patient.assessment.cohort.missing",
        inverse_name="cohort_id",
        string="Not Assessed",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        ids = self.env.context.get("active_ids") or []
        if self.env.context.get("active_model") == "patient.patient":
            values["patient_ids"] = [Command.set(ids)]
        elif self.env.context.get("active_model") == "patient.encounter":
            values["encounter_ids"] = [Command.set(ids)]
        return values

    @api.depends("patient_ids", "encounter_ids")
    def _compute_count(self):
        for cohort in self:
            cohort.count = len(cohort.encounter_ids) or len(cohort.patient_ids)

    # ACTIONS

    def action_assess(self):
        self.ensure_one()
        records, score = self.encounter_ids or self.patient_ids, self.score_id
        self._check_choice(records, score)
        chosen = (
            records if self.with_assessed else records - self._get_assessed(records)
        )
        cohort = score._assess_cohort(chosen)
        self.write(
            {
                "state": "done",
                "assessment_ids": [Command.set(cohort.assessments.ids)],
                "assessed_count": len(cohort.assessments),
                "skipped_count": len(records) - len(chosen),
                "missing_ids": [
                    Command.create(self._prepare_missing(record, text))
                    for record, text in cohort.missing.items()
                ],
            }
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_assessment_cohort_action"
        )
        return {**action, "res_id": self.id}

    def action_view_assessments(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_assessment_action"
        )
        return {**action, "domain": [("id", "in", self.assessment_ids.ids)]}

    # TOOLS

    def _check_choice(self, records, score):
        if not records:
            raise UserError(
                self.env._("Choose patients or visits in their list, then assess them.")
            )
        if not score:
            raise UserError(self.env._("Choose the score."))
        if score.reference == "visit" and records._name != "patient.encounter":
            raise UserError(
                self.env._(
                    "%(score)s is about stays. Choose visits in the list of visits.",
                    score=score.display_name,
                )
            )

    def _get_assessed(self, records):
        """Return those of the records who have a result of the score already.

        A patient counts as assessed for the day of today.
        """
        name = "encounter_id" if records._name == "patient.encounter" else "patient_id"
        domain = [(name, "in", records.ids), ("score_code", "=", self.score_id.code)]
        if name == "patient_id":
            company = self.env.company
            today = company._patient_midnight(company._patient_today())
            domain.append(("assessed_at", ">=", today))
        return self.env["patient.assessment"].search(domain)[name]

    @api.model
    def _prepare_missing(self, record, text):
        is_visit = record._name == "patient.encounter"
        return {
            "patient_id": record.patient_id.id if is_visit else record.id,
            "encounter_id": record.id if is_visit else False,
            "problem": text,
        }
