from odoo import api, fields, models


class PatientHealthPart(models.AbstractModel):
    """What stands in the health record of a patient.

    It is read by those who care for the patient: by hospital, by department, and
    sensitive things with a right of their own. Record rules speak of columns of the same
    table, so these stand here.
    """

    _name = "patient.health.part"
    _inherit = ["patient.guard.mixin", "patient.company.mixin"]
    _description = "Part of a Health Record"

    _check_company_auto = True

    patient_id = fields.Many2one(
        comodel_name="patient.patient",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company", string="Hospital", required=True, readonly=True
    )
    department_id = fields.Many2one(
        comodel_name="hr.department", check_company=True, index="btree_not_null"
    )
    is_sensitive = fields.Boolean(
        string="Sensitive",
        help="Seen only by people with the right to sensitive values.",
    )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._refuse_server_fields(vals_list)
        vals_list = [dict(vals) for vals in vals_list]  # the caller's stay as they are
        self._complete_vals(vals_list)
        return super().create(vals_list)

    # BUSINESS

    @api.model
    def _complete_vals(self, vals_list):
        """Add what follows from others to the values of new rows: the hospital.

        Models add theirs, without a query per row.
        """
        self.env["patient.patient"]._add_companies(vals_list)
