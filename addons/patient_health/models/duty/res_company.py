from odoo import fields, models

from ..res_users import MANAGER_GROUP


class ResCompany(models.Model):
    _inherit = "res.company"

    patient_duty_max_age_days = fields.Integer(
        string="Days until a Value Is Old News",
        default=14,
        help="Abnormal values that come from a file or another system start no duty when "
        "they are older than this. Values entered by hand always do.",
    )

    _patient_duty_age_check = models.Constraint(
        "CHECK(patient_duty_max_age_days >= 0)",
        "The age of a value cannot be less than 0 days.",
    )

    # BUSINESS

    def _get_health_managers(self):
        """Return the users (sudo) of health management in the hospital."""
        self.ensure_one()
        group_id = self.env["ir.model.data"]._xmlid_to_res_id(MANAGER_GROUP)
        # sudo: res.users: who must be told, whoever started the work
        group_sudo = self.env["res.groups"].sudo().browse(group_id)
        return group_sudo.all_user_ids.filtered(
            lambda user: self in user.company_ids and user.active and not user.share
        )
