from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..res_users import RECORD_GROUP


class PatientMeasurement(models.Model):
    """Values that a report of an examination carries."""

    _inherit = "patient.measurement"

    examination_id = fields.Many2one(
        comodel_name="patient.examination",
        string="Examination Report",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        groups=RECORD_GROUP,
    )

    @api.constrains("examination_id")
    def _check_examination(self):
        for measurement in self.filtered("examination_id"):
            examination = measurement.examination_id
            if examination.patient_id != measurement.patient_id:
                raise ValidationError(
                    self.env._(
                        "“%(measurement)s” of %(patient)s would stand in a report of "
                        "somebody else. Choose a report of this patient.",
                        measurement=measurement.display_name,
                        patient=measurement.patient_id.display_name,
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        measurements = super().create(vals_list)
        if any(vals.get("examination_id") for vals in vals_list):
            measurements._hide_examinations()
        return measurements

    def write(self, vals):
        result = super().write(vals)
        if vals.get("examination_id"):
            self._hide_examinations()
        return result

    # BUSINESS

    def _correct_all(self, vals_list, reason):
        kept = [
            {"examination_id": row.examination_id.id, **vals}
            for row, vals in zip(self, vals_list, strict=True)
        ]
        return super()._correct_all(kept, reason)

    def _hide_examinations(self):
        """Make reports sensitive that carry a sensitive value."""
        sensitive = self.filtered(lambda one: one.is_sensitive and one.examination_id)
        sensitive.examination_id._become_sensitive()
