from odoo import fields, models

from .patient_complaint_inquiry import WAITING_STATES


class HrDepartment(models.Model):
    _inherit = "hr.department"

    inquiry_count = fields.Integer(
        compute="_compute_inquiry_count",
        string="Open Questions",
        groups="patient_relations.patient_relations_group_staff",
    )

    def _compute_inquiry_count(self):
        counts = dict(
            self.env["patient.complaint.inquiry"]._read_group(
                [("department_id", "in", self.ids), ("state", "in", WAITING_STATES)],
                ["department_id"],
                ["__count"],
            )
        )
        for department in self:
            department.inquiry_count = counts.get(department._origin, 0)

    # ACTIONS

    def action_open_inquiries(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_complaint_inquiry_action"
        )
        return {
            **action,
            "domain": [("department_id", "=", self.id)],
            "context": {"search_default_filter_open": 1},
        }
