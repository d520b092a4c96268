from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.selections import get_selection


class PatientComplaintAsk(models.TransientModel):
    """Puts one question to several departments and colleagues at once."""

    _name = "patient.complaint.ask"
    _description = "Ask Departments"
    _check_company_auto = True

    complaint_id = fields.Many2one("patient.complaint", required=True)
    company_id = fields.Many2one(related="complaint_id.company_id")
    department_ids = fields.Many2many(
        "hr.department",
        string="Departments",
        check_company=True,
        help="Each gets a question of its own and answers for itself.",
    )
    employee_ids = fields.Many2many(
        "hr.employee.public",
        string="Colleagues",
        check_company=True,
        help="Each is asked personally, for a statement of what they know.",
    )
    kind = fields.Selection(
        selection=lambda self: get_selection(
            self.env, "patient.complaint.inquiry", "kind"
        ),
        required=True,
        default="explanation",
    )
    question = fields.Text(
        required=True,
        help="All that the asked learn of the complaint. Leave out names they need not know.",
    )
    due_at = fields.Datetime(
        string="Answer by",
        required=True,
        default=lambda self: self.env[
            "patient.complaint.inquiry"
        ]._get_default_due_at(),
    )

    @api.model
    def default_get(self, fields):
        """Propose the departments complained about that nobody has asked yet."""
        values = super().default_get(fields)
        complaint = self.env["patient.complaint"].browse(values.get("complaint_id"))
        if complaint and "department_ids" in fields:
            asked = complaint.inquiry_ids.department_id
            proposed = complaint.problem_ids.department_id - asked
            values.setdefault("department_ids", [Command.set(proposed.ids)])
        return values

    # ACTIONS

    def action_ask(self):
        self.ensure_one()
        if not self.department_ids and not self.employee_ids:
            raise UserError(
                self.env._("Choose at least one department or colleague to ask.")
            )
        self.env["patient.complaint.inquiry"].create(self._prepare_inquiries())
        return {"type": "ir.actions.act_window_close"}

    # BUSINESS

    def _prepare_inquiries(self):
        """Return the values of one inquiry for each department and each colleague."""
        common = {
            "complaint_id": self.complaint_id.id,
            "kind": self.kind,
            "question": self.question,
            "due_at": self.due_at,
        }
        return [
            *(
                {**common, "department_id": department.id}
                for department in self.department_ids
            ),
            *(
                {**common, "employee_id": employee.id, "kind": "statement"}
                for employee in self.employee_ids
            ),
        ]
