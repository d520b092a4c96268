from odoo import fields, models


class PatientIndicatorCode(models.Model):
    """A code under which other systems send an indicator."""

    _name = "patient.indicator.code"
    _inherit = "patient.indicator.part"
    _description = "Code of an Indicator"
    _order = "system, code"
    _rec_name = "code"

    system = fields.Char(
        required=True,
        default="http://loinc.org",
        help="The catalogue, as a web address.",
    )
    code = fields.Char(required=True)

    _code_uniq = models.UniqueIndex(
        "(system, code)", "This code belongs to an indicator already."
    )
