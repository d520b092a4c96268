from odoo import fields, models

from ..tools import bundle
from .patient_fhir_exchange import MAX_ENTRIES, MAX_MIB


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    fhir_mrn_system = fields.Char(related="company_id.fhir_mrn_system", readonly=False)
    fhir_national_id_system = fields.Char(
        related="company_id.fhir_national_id_system", readonly=False
    )
    fhir_max_mib = fields.Integer(
        string="Largest Bundle (MiB)",
        config_parameter=MAX_MIB,
        default=bundle.DEFAULT_MAX_BYTES // bundle.MIB,
    )
    fhir_max_entries = fields.Integer(
        string="Most Entries of a Bundle",
        config_parameter=MAX_ENTRIES,
        default=bundle.DEFAULT_MAX_ENTRIES,
    )
