from odoo import api, fields, models
from odoo.fields import Command

from ...models.complaint.patient_complaint_assessment import ASSESSMENT_FIELDS
from ...tools.selections import get_selection


class PatientComplaintAssess(models.TransientModel):
    """The initial assessment on one screen: few taps, one confirmation."""

    _name = "patient.complaint.assess"
    _description = "Initial Assessment"
    _check_company_auto = True

    complaint_id = fields.Many2one("patient.complaint", required=True)
    company_id = fields.Many2one(related="complaint_id.company_id")
    summary = fields.Char(related="complaint_id.summary")
    assessment_severity = fields.Selection(
        selection=lambda self: self._get_options("assessment_severity"),
        string="Severity",
        required=True,
    )
    danger = fields.Selection(
        selection=lambda self: self._get_options("danger"),
        string="Danger to Patients",
        required=True,
        default="none",
    )
    immediate_action = fields.Text()
    complexity = fields.Selection(
        selection=lambda self: self._get_options("complexity"),
        required=True,
        default="simple",
    )
    impact = fields.Selection(
        selection=lambda self: self._get_options("impact"),
        required=True,
        default="one",
    )
    informed_department_ids = fields.Many2many(
        "hr.department", string="Departments Informed", check_company=True
    )
    informed_employee_ids = fields.Many2many(
        "hr.employee.public", string="Persons Informed", check_company=True
    )
    is_major_event = fields.Boolean(string="Major Event")
    major_event_kind = fields.Selection(
        selection=lambda self: self._get_options("major_event_kind"),
        string="Kind of Major Event",
    )
    major_event_at = fields.Datetime(
        string="Known Since",
        default=fields.Datetime.now,
        help="When the hospital learnt of it: the time to report begins here.",
    )

    @api.model
    def default_get(self, fields):
        """Start from the last assessment, else from the worst problem."""
        values = super().default_get(fields)
        complaint = self.env["patient.complaint"].browse(values.get("complaint_id"))
        if complaint.assessed_at:
            values.update(self._get_known_values(complaint))
        elif complaint.max_severity:
            values["assessment_severity"] = str(complaint.max_severity)
        return values

    # ACTIONS

    def action_confirm(self):
        self.ensure_one()
        self.complaint_id.write(self._prepare_assessment())
        return {"type": "ir.actions.act_window_close"}

    # BUSINESS

    def _prepare_assessment(self):
        """Return the values of the complaint; a major event only where it is one."""
        return {
            "assessment_severity": self.assessment_severity,
            "danger": self.danger,
            "immediate_action": self.immediate_action,
            "complexity": self.complexity,
            "impact": self.impact,
            "informed_department_ids": [Command.set(self.informed_department_ids.ids)],
            "informed_employee_ids": [Command.set(self.informed_employee_ids.ids)],
            "is_major_event": self.is_major_event,
            "major_event_kind": self.is_major_event and self.major_event_kind,
            "major_event_at": self.is_major_event and self.major_event_at,
        }

    # TOOLS

    @api.model
    def _get_options(self, name):
        return get_selection(self.env, "patient.complaint", name)

    @api.model
    def _get_known_values(self, complaint):
        """Return what the last assessment says, in the form of default values."""
        values = {}
        for name in ASSESSMENT_FIELDS:
            value = complaint[name]
            if self._fields[name].type == "many2many":
                values[name] = [Command.set(value.ids)]
            elif value:
                values[name] = value
        return values
