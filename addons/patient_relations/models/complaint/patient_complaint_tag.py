from random import randint

from odoo import fields, models


class PatientComplaintTag(models.Model):
    """A free label of the office, beside the coding of the problems."""

    _name = "patient.complaint.tag"
    _description = "Complaint Tag"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(default=lambda self: randint(1, 11), aggregator=None)
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex("(name)", "There is a tag of this name already.")
