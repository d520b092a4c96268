from odoo import api, fields, models

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

    # TOOLS

    @api.model
    def _add_companies(self, vals_list):
        """Give values of new records about patients the hospital of each, in one query."""
        # sudo: patient.patient: the hospital, for whoever may write about the patient
        patients_sudo = self.sudo()
        patient_ids = {vals.get("patient_id") for vals in vals_list} - {None, False}
        patients_sudo.browse(patient_ids).fetch(["company_id"])
        for vals in vals_list:
            patient_sudo = patients_sudo.browse(vals.get("patient_id") or [])
            vals["company_id"] = patient_sudo.company_id.id
