from datetime import timedelta

from odoo import api, fields, models

from .curves import choose_curves, draw

RELATIONS = "patient_relations"
ADULT = 18
HEIGHT_AGE = timedelta(days=365 * 3 + 60)
# Days back, patient's place among the adults, indicator, value: what happened lately.
LATELY = [
    (0, 2, "potassium", 6.4),
    (0, 8, "glucose_fasting", 3.2),
    (1, 5, "systolic", 192),
    (1, 5, "diastolic", 114),
    (2, 11, "haemoglobin", 58),
    (5, 14, "platelets", 74),
    (9, 17, "egfr", 27),
]


class PatientMeasurement(models.Model):
    """Values of the demo hospital; called by ``demo/values.xml`` and by nothing else."""

    _inherit = "patient.measurement"

    @api.model
    def _create_demo_values(self):
        """Create three years of values for the demo patients, once."""
        if self.search_count([], limit=1):
            return
        today = fields.Datetime.now().replace(hour=2, minute=0, second=0, microsecond=0)
        patients = self._get_demo_adults()
        indicators = {
            one.code: one.id for one in self.env["patient.indicator"].search([])
        }
        values = []
        for number, patient in enumerate(patients):
            place = patient.encounter_ids.department_id[:1]
            rows = [
                (today - HEIGHT_AGE, "height", 158 + number * 7 % 24),
                *draw(
                    choose_curves(patient.condition_ids.mapped("code")), number, today
                ),
            ]
            values += [
                self._prepare_demo_value(patient, place, indicators, *row)
                for row in rows
            ]
        for days, number, code, value in LATELY:
            patient = patients[number]
            moment = fields.Datetime.now() - timedelta(days=days, minutes=50)
            place = patient.encounter_ids.department_id[:1]
            values.append(
                self._prepare_demo_value(
                    patient, place, indicators, moment, code, value
                )
            )
        self.create(values)

    @api.model
    def _get_demo_adults(self):
        """Return the living adults among the demo patients, in a fixed order."""
        data = self.env["ir.model.data"].search(
            [("module", "=", RELATIONS), ("model", "=", "patient.patient")],
            order="res_id",
        )
        patients = self.env["patient.patient"].browse(data.mapped("res_id"))
        return patients.filtered(
            lambda patient: (
                patient.age >= ADULT
                and not patient.deceased_at
                and patient.encounter_ids.department_id
            )
        )

    @api.model
    def _prepare_demo_value(self, patient, place, indicators, moment, code, value):
        return {
            "patient_id": patient.id,
            "department_id": place.id,
            "indicator_id": indicators[code],
            "effective_at": moment,
            "value": value,
        }
