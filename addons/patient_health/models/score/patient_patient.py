from odoo import fields, models

from ..res_users import CLINICIAN_GROUP


class PatientPatient(models.Model):
    _inherit = "patient.patient"

    assessment_ids = fields.One2many(
        comodel_name="patient.assessment",
        inverse_name="patient_id",
        string="Assessments",
        groups=CLINICIAN_GROUP,
    )
    assessment_count = fields.Integer(
        compute="_compute_assessment_count", groups=CLINICIAN_GROUP
    )

    def _compute_assessment_count(self):
        counts = dict(
            self.env["patient.assessment"]._read_group(
                [("patient_id", "in", self.ids)], ["patient_id"], ["__count"]
            )
        )
        for patient in self:
            patient.assessment_count = counts.get(patient, 0)

    # ACTIONS

    def action_view_assessments(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_assessment_action"
        )
        return {
            **action,
            "domain": [("patient_id", "=", self.id)],
            "context": {"default_patient_id": self.id, "search_default_group_score": 1},
        }

    def action_assess(self):
        """Open the page on which this patient is assessed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_assessment_assess_action"
        )
        return {**action, "context": {"default_patient_id": self.id}}
