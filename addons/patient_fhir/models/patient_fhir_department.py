from odoo import api, fields, models


class PatientFhirDepartment(models.Model):
    _name = "patient.fhir.department"
    _inherit = "patient.fhir.mapping.mixin"
    _description = "Department of a Source System"
    _check_company_auto = True

    _target_field = "department_id"
    _row_field = "fhir_department_id"

    department_id = fields.Many2one(
        comodel_name="hr.department",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _key_uniq = models.UniqueIndex(
        "(company_id, key)", "This department of the source is in the list already."
    )

    @api.depends("department_id")
    def _compute_is_mapped(self):
        super()._compute_is_mapped()

    def _map_encounters(self, before):
        """Give the new target to the reports of the visits as well.

        They have the department of their visit, where no other one made them.
        """
        super()._map_encounters(before)
        for target, rows in self.grouped("department_id").items():
            # sudo: patient.examination: whoever may map may not be allowed to read them
            self.env["patient.examination"].sudo().search(
                [
                    ("fhir_department_id", "=", False),
                    ("encounter_id.fhir_department_id", "in", rows.ids),
                    ("department_id", "in", [False, *before.ids]),
                ]
            ).write({"department_id": target.id})

    @api.model
    def _guess(self, words):
        """Take the one department that bears the very name."""
        # sudo: hr.department: names of departments, whoever sends the visit
        found_sudo = (
            self.env["hr.department"]
            .sudo()
            .search(
                [
                    ("name", "=", words),
                    ("company_id", "in", [False, self.env.company.id]),
                ],
                limit=2,
            )
        )
        return {"department_id": found_sudo.id} if len(found_sudo) == 1 else {}
