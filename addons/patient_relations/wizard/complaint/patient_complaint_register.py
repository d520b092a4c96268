from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.selections import get_selection


class PatientComplaintRegister(models.TransientModel):
    """Chooses the period of the complaint register (投诉登记台账)."""

    _name = "patient.complaint.register"
    _description = "Complaint Register"

    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Hospital",
        required=True,
        default=lambda self: self.env.company,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
    )
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._default_date(months=-1)
    )
    date_to = fields.Date(
        string="To", required=True, default=lambda self: self._default_date(days=-1)
    )
    department_ids = fields.Many2many("hr.department", string="Departments")
    kind = fields.Selection(
        selection=lambda self: get_selection(self.env, "patient.complaint", "kind")
    )

    @api.model
    def _default_date(self, **shift):
        """Return a day relative to the first of this month: the last month by default."""
        today = self.env.company._patient_today()
        return today.replace(day=1) + relativedelta(**shift)

    # ACTIONS

    def action_print(self):
        self.ensure_one()
        if self.date_to < self.date_from:
            raise UserError(self.env._("The period ends before it begins."))
        report = self.env.ref(
            "patient_relations.patient_complaint_register_action_report"
        )
        # Not the complaints themselves: a year of them does not fit into an address.
        return report.report_action(None, data={"register_id": self.id}, config=False)

    # BUSINESS

    def _get_complaints(self):
        """Return the complaints of the period in the order of their receipt."""
        self.ensure_one()
        return self.env["patient.complaint"].search(
            self._get_domain(), order="received_at, id"
        )

    def _get_domain(self):
        company = self.company_id
        end = self.date_to + relativedelta(days=1)
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("received_at", ">=", company._patient_midnight(self.date_from))
            & Domain("received_at", "<", company._patient_midnight(end))
        )
        if self.kind:
            domain &= Domain("kind", "=", self.kind)
        if self.department_ids:
            domain &= Domain("lead_department_id", "child_of", self.department_ids.ids)
        return domain
