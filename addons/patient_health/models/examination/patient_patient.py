from odoo import fields, models

from ..res_users import CLINICIAN_GROUP


class PatientPatient(models.Model):
    _inherit = "patient.patient"

    examination_ids = fields.One2many(
        comodel_name="patient.examination",
        inverse_name="patient_id",
        string="Examinations",
        groups=CLINICIAN_GROUP,
    )
    examination_count = fields.Integer(
        compute="_compute_examination_count", groups=CLINICIAN_GROUP
    )

    def _compute_examination_count(self):
        counts = self._count_by_patient("patient.examination")
        for patient in self:
            patient.examination_count = counts.get(patient._origin, 0)

    # ACTIONS

    def action_view_examinations(self):
        self.ensure_one()
        return self._open("patient_health.patient_examination_action")
