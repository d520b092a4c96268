from odoo import fields, models


class PatientNeed(models.Model):
    _name = "patient.need"
    _description = "Patient's Need"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Another need has this code.")
