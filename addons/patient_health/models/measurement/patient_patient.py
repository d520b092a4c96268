from odoo import fields, models

from ..res_users import RECORD_GROUP


class PatientPatient(models.Model):
    _inherit = "patient.patient"

    measurement_ids = fields.One2many(
        comodel_name="patient.measurement",
        inverse_name="patient_id",
        string="Measurements",
        groups=RECORD_GROUP,
    )
    measurement_count = fields.Integer(
        compute="_compute_measurement_count", groups=RECORD_GROUP
    )

    def _compute_measurement_count(self):
        counts = dict(
            self.env["patient.measurement"]._read_group(
                [("patient_id", "in", self.ids)], ["patient_id"], ["__count"]
            )
        )
        for patient in self:
            patient.measurement_count = counts.get(patient, 0)

    # CRUD

    def write(self, vals):
        result = super().write(vals)
        if {"birth_date", "gender"} & vals.keys():
            # sudo: patient.measurement: what values mean follows from sex and age
            self.env["patient.measurement"].sudo()._reclassify(
                [("patient_id", "in", self.ids)]
            )
        return result

    # ACTIONS

    def action_view_measurements(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_measurement_action"
        )
        return {
            **action,
            "domain": [("patient_id", "=", self.id)],
            "context": {
                "default_patient_id": self.id,
                "search_default_group_indicator": 1,
            },
        }
