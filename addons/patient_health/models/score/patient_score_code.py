from odoo import api, fields, models

from ...tools import scoring


class PatientScoreCode(models.Model):
    """Codes of diagnoses that an item or a comorbidity looks for."""

    _name = "patient.score.code"
    _inherit = "patient.score.part"
    _description = "Code of a Diagnosis"
    _order = "item_id, comorbidity_id, system, code, id"
    _rec_name = "code"

    item_id = fields.Many2one(
        comodel_name="patient.score.item", index="btree_not_null", ondelete="cascade"
    )
    comorbidity_id = fields.Many2one(
        comodel_name="patient.score.comorbidity",
        index="btree_not_null",
        ondelete="cascade",
    )
    system = fields.Selection(
        selection=[("icd10", "ICD-10"), ("snomed", "SNOMED CT")],
        string="Catalogue",
        default="icd10",
        required=True,
    )
    code = fields.Char(
        required=True,
        help="ICD-10: all codes that begin like this. SNOMED CT: this code.",
    )
    code_to = fields.Char(
        string="Up to", help="ICD-10: the last beginning of a range: I60 up to I69."
    )

    _owner_check = models.Constraint(
        "CHECK(num_nonnulls(item_id, comorbidity_id) = 1)",
        "A code belongs to an item or to a comorbidity.",
    )
    _range_check = models.Constraint(
        "CHECK(code_to IS NULL OR (system = 'icd10' AND code_to >= code))",
        "A range of codes is of ICD-10, and begins before it ends.",
    )

    @api.depends("code", "code_to")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.code}–{row.code_to}" if row.code_to else row.code

    # TOOLS

    def _get_scores(self):
        return (self.item_id | self.comorbidity_id.item_id).score_id

    def _get_row(self):
        """Return the codes as the calculation knows them."""
        self.ensure_one()
        return scoring.Code(self.system, self.code, self.code_to or None)
