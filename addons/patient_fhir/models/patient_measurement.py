from odoo import fields, models

from odoo.addons.patient_health.models.res_users import RECORD_GROUP


class PatientMeasurement(models.Model):
    """What an Observation says beyond its values.

    An Observation with components is several values; the first is its head and carries
    what the source calls it, the others point to the head.
    """

    _inherit = "patient.measurement"

    fhir_head_id = fields.Many2one(
        comodel_name="patient.measurement",
        string="First Value of the Observation",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
    )
    fhir_part_ids = fields.One2many(
        comodel_name="patient.measurement",
        inverse_name="fhir_head_id",
        string="Further Values of the Observation",
    )
    fhir_status = fields.Char(
        string="Status as Sent", readonly=True, groups=RECORD_GROUP
    )
    fhir_code_system = fields.Char(
        string="Code System as Sent", readonly=True, groups=RECORD_GROUP
    )
    fhir_code = fields.Char(string="Code as Sent", readonly=True, groups=RECORD_GROUP)
    fhir_name = fields.Char(string="Name as Sent", readonly=True, groups=RECORD_GROUP)
    fhir_digest = fields.Char(
        string="Fingerprint of What Was Sent",
        readonly=True,
        groups=RECORD_GROUP,
        help="Of what the source sent last: what comes again changes nothing, also where "
        "a person has corrected it.",
    )
