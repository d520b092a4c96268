from odoo import fields, models


class PatientTag(models.Model):
    _name = "patient.tag"
    _description = "Patient Tag"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    rule_ids = fields.One2many(
        comodel_name="patient.tag.rule",
        inverse_name="tag_id",
        string="Rules",
        groups="patient_relations.patient_relations_group_manager",
    )

    _name_uniq = models.UniqueIndex("(name)", "Another tag has this name.")
