from odoo import api, fields, models

from ...tools import names


class PatientRelative(models.Model):
    _inherit = "patient.relative"

    phone_digits = fields.Char(
        compute="_compute_phone_digits",
        store=True,
        precompute=True,
        index="btree_not_null",
        export_string_translation=False,
        help="The number as the telephone intake looks for it.",
    )

    @api.depends("phone")
    def _compute_phone_digits(self):
        for relative in self:
            relative.phone_digits = names.digits(relative.phone) or False
