from odoo import fields, models


class PatientComplaintEvidence(models.Model):
    """Files that came with an answer."""

    _inherit = "patient.complaint.evidence"

    inquiry_id = fields.Many2one(
        comodel_name="patient.complaint.inquiry",
        string="Came with the Answer to",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
