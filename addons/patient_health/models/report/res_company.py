from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    patient_report_link_days = fields.Integer(
        string="Days a Report Link Works",
        default=30,
        help="For how many days patients open their health report by the QR code.",
    )

    _patient_report_link_check = models.Constraint(
        "CHECK(patient_report_link_days BETWEEN 1 AND 365)",
        "A link to a health report works for 1 to 365 days.",
    )
