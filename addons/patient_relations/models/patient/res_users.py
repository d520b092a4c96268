from odoo import fields, models

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

    # CRUD

    def _get_invalidation_fields(self):
        # record rules keep the departments of a user in their cache
        return super()._get_invalidation_fields() | {"patient_department_ids"}

    # BUSINESS

    def _get_patient_department_scope(self):
        """Return the ids of the departments whose matters the user sees."""
        self.ensure_one()
        # sudo: hr.employee, hr.department: a user's own scope, whatever their HR rights
        user_sudo = self.sudo()
        own = user_sudo.patient_department_ids or user_sudo.employee_ids.department_id
        return own.search([("id", "child_of", own.ids)]).ids if own else []

    def _has_patient_access(self):
        """Tell whether the user belongs to any group that may know who is a patient."""
        self.ensure_one()
        return self._is_superuser() or self.has_group(PATIENT_GROUP)
