from odoo import fields, models


class PatientTag(models.Model):
    _name = "patient.tag"
    _description = "Patient Tag"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    rule_ids = fields.One2many("patient.tag.rule", "tag_id", string="Rules")

    _name_uniq = models.UniqueIndex("(name)", "Another tag has this name.")
