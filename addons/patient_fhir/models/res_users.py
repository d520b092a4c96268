from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    fhir_source = fields.Char(
        string="FHIR Source System",
        help="The address (URI) of the system that sends data with this account. Needed "
        "when its Bundles do not say where they come from (meta.source): records are "
        "then recognised by this address and the id of the resource.",
    )
