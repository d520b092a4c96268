from odoo import fields, models

from .patient_complaint import MANAGER_GROUP


class ResCompany(models.Model):
    """When complaints of one hospital count as repeated, and who is told."""

    _inherit = "res.company"

    patient_repeat_days = fields.Integer(
        string="Repeated within Days",
        default=180,
        required=True,
        help="Complaints of the same patient, or about the same employee, within so many "
        "days are counted as repeated.",
    )
    patient_repeat_patient_from = fields.Integer(
        string="Tell from Complaints of a Patient",
        default=2,
        required=True,
        help="From so many complaints of the same patient the manager is told.",
    )
    patient_repeat_employee_from = fields.Integer(
        string="Tell from Complaints about an Employee",
        default=2,
        required=True,
        help="From so many complaints about the same employee the manager is told.",
    )
    patient_repeat_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Manager Told about Repeats",
        domain=lambda self: self._get_repeat_user_domain(),
        help="Empty: the first manager of patient relations of this hospital. A person "
        "complained about is never told; another manager is.",
    )

    _patient_repeat_check = models.Constraint(
        "CHECK(patient_repeat_days > 0 AND patient_repeat_patient_from > 1"
        " AND patient_repeat_employee_from > 1)",
        "Complaints repeat within at least one day, and from the second one on.",
    )

    def _get_repeat_user_domain(self):
        group = self.env.ref(MANAGER_GROUP, raise_if_not_found=False)
        return [("all_group_ids", "in", group.ids if group else [])]

    # BUSINESS

    def _get_repeat_managers(self):
        """Return who may be told about repeats of this hospital, the first choice first.

        Administrators come last: they keep the system, not the complaints.
        """
        self.ensure_one()
        group = self.env.ref(MANAGER_GROUP)
        managers = self.env["res.users"].search(
            [
                ("all_group_ids", "in", group.ids),
                ("company_ids", "in", self.ids),
                ("share", "=", False),
            ],
            order="id",
        )
        chosen = self.patient_repeat_user_id & managers
        return chosen | managers.sorted(
            lambda user: user.has_group("base.group_system")
        )
