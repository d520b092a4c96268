from odoo import api, fields, models
from odoo.exceptions import ValidationError

PATIENT_GROUP = "patient_relations.patient_relations_group_reader"


class ResUsers(models.Model):
    _inherit = "res.users"

    patient_department_ids = fields.Many2many(
        comodel_name="hr.department",
        relation="res_users_patient_department_rel",
        string="Patient Matters of",
        help="Departments whose visits and complaints this user sees, with their "
        "sub-departments. When empty: the department of the user's employee.",
    )

    @api.constrains("partner_id", "share")
    def _check_staff_is_no_patient(self):
        # sudo: res.partner: whether it is a patient is all that is read here
        staff_sudo = self.sudo().filtered(lambda user: not user.share)
        staff_sudo.filtered("partner_id.is_patient")._refuse_patient_contact()

    # CRUD

    def _get_invalidation_fields(self):
        # record rules keep the departments of a user in their cache
        return super()._get_invalidation_fields() | {"patient_department_ids"}

    # BUSINESS

    def _refuse_patient_contact(self):
        """Keep the contact of a colleague visible: their file has another contact."""
        for user in self[:1]:
            raise ValidationError(
                self.env._(
                    "%(name)s is a member of staff with a user account. Open a patient "
                    "file with a contact of its own, so that colleagues still find the "
                    "account and do not see the patient.",
                    name=user.name,
                )
            )

    def _get_patient_department_scope(self):
        """Return the ids of the departments whose matters the user sees."""
        self.ensure_one()
        # sudo: hr.employee, hr.department: a user's own scope, whatever their HR rights
        user_sudo = self.sudo()
        own = user_sudo.patient_department_ids or user_sudo.employee_ids.department_id
        return own.search([("id", "child_of", own.ids)]).ids if own else []

    def _has_patient_access(self, company=None):
        """Tell whether the user may know who is a patient, in a hospital if given."""
        self.ensure_one()
        if self._is_superuser():
            return True
        known = self.has_group(PATIENT_GROUP)
        return known and (not company or company.id in self._get_company_ids())
