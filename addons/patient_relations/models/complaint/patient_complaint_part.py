from odoo import fields, models


class PatientComplaintPart(models.AbstractModel):
    """What hangs on a complaint and is read by those who may read the complaint.

    Record rules speak of columns of the same table, so hospital and departments of the
    complaint stand here once more.
    """

    _name = "patient.complaint.part"
    _description = "Part of a Complaint"

    complaint_id = fields.Many2one(
        comodel_name="patient.complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    lead_department_id = fields.Many2one(
        related="complaint_id.lead_department_id", store=True, precompute=True
    )
    first_department_id = fields.Many2one(
        related="complaint_id.first_department_id", store=True, precompute=True
    )
