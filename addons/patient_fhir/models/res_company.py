from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    fhir_mrn_system = fields.Char(
        string="System of Medical Record Numbers",
        help="The address (URI) under which other systems know this hospital's medical "
        "record numbers. An identifier of this system becomes the MRN of the patient; "
        "numbers of all other systems are kept as identifiers.",
    )
    fhir_national_id_system = fields.Char(
        string="System of Identity Numbers",
        help="The address (URI) of resident identity numbers. An identifier of this "
        "system becomes the identity number of the patient, if the account that sends "
        "it may see identity numbers; otherwise it is not kept.",
    )
