from odoo import fields, models

from .patient_safety_flag import SAFETY_GROUP


class PatientPatient(models.Model):
    """The warning to staff on a patient's file, for those who may know of it."""

    _inherit = "patient.patient"

    safety_flag_ids = fields.One2many(
        comodel_name="patient.safety.flag",
        inverse_name="patient_id",
        string="Staff-Safety Flags",
        domain=[("ended_on", "=", False)],
        groups=SAFETY_GROUP,
    )
