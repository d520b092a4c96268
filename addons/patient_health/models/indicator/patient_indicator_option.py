from odoo import fields, models


class PatientIndicatorOption(models.Model):
    """A choice of an indicator that is no number, and what it means."""

    _name = "patient.indicator.option"
    _inherit = "patient.indicator.part"
    _description = "Choice of an Indicator"
    _order = "indicator_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="A code of a catalogue, or a short word.")
    sequence = fields.Integer(default=10)
    level = fields.Selection(
        selection=[
            ("normal", "Normal"),
            ("abnormal", "Abnormal"),
            ("act", "Act"),
            ("critical", "Act Now"),
        ],
        help="What the choice means. Empty where it says nothing by itself.",
    )

    _code_uniq = models.UniqueIndex(
        "(indicator_id, code)", "The indicator has a choice with this code already."
    )
