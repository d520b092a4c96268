from odoo import fields, models


class PatientAssessmentCohortMissing(models.TransientModel):
    """Somebody of a cohort who was not assessed, and why."""

    _name = "patient.assessment.cohort.missing"
    _description = "Not Assessed"
    _order = "id"

    cohort_id = fields.Many2one(
        comodel_name="patient.assessment.cohort",
        required=True,
        index=True,
        ondelete="cascade",
    )
    patient_id = fields.Many2one(comodel_name="patient.patient", ondelete="cascade")
    encounter_id = fields.Many2one(
        comodel_name="patient.encounter", string="Visit", ondelete="cascade"
    )
    problem = fields.Text(string="What Is Missing")

    # ACTIONS

    def action_assess(self):
        """Open the page on which what is missing can be answered."""
        self.ensure_one()
        action = (self.encounter_id or self.patient_id).action_assess()
        context = {
            **action["context"],
            "default_score_id": self.cohort_id.score_id.id,
        }
        return {**action, "context": context}
