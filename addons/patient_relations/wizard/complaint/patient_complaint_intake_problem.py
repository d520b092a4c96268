from odoo import fields, models

from ...tools.selections import get_selection


class PatientComplaintIntakeProblem(models.TransientModel):
    _name = "patient.complaint.intake.problem"
    _description = "Problem at Intake"

    intake_id = fields.Many2one("patient.complaint.intake", ondelete="cascade")
    category_id = fields.Many2one("patient.complaint.category", required=True)
    severity = fields.Selection(
        selection=lambda self: get_selection(
            self.env, "patient.complaint.problem", "severity"
        ),
        default="2",
        required=True,
    )
    employee_id = fields.Many2one("hr.employee", string="Person Complained About")

    def _prepare_problem(self):
        self.ensure_one()
        return {
            "category_id": self.category_id.id,
            "severity": self.severity,
            "employee_id": self.employee_id.id,
            "department_id": self.intake_id.department_id.id,
        }
