from odoo import fields, models


class HrDepartment(models.Model):
    _inherit = "hr.department"

    complaint_count = fields.Integer(
        compute="_compute_complaint_count",
        string="Open Complaints",
        groups="patient_relations.patient_relations_group_staff",
    )

    def _compute_complaint_count(self):
        counts = self.env["patient.complaint"]._count_by(
            "lead_department_id", self, [("is_open", "=", True)]
        )
        for department in self:
            department.complaint_count = counts.get(department._origin, 0)

    # ACTIONS

    def action_open_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_complaint_action"
        )
        return {
            **action,
            "domain": [("lead_department_id", "=", self.id)],
            "context": {
                "default_lead_department_id": self.id,
                "search_default_filter_open": 1,
            },
        }
