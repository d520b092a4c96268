from odoo import api, fields, models
from odoo.exceptions import UserError


class PatientMedicationSupply(models.Model):
    """A medicine that was handed out for a number of days (FHIR: MedicationDispense)."""

    _name = "patient.medication.supply"
    _inherit = "patient.health.part"
    _description = "Medicine Handed Out"
    _order = "dispensed_on desc, id desc"

    name = fields.Char(string="Medicine", required=True, help="Name and strength.")
    code_system = fields.Char(help="Address (URI) of the catalogue of medicines.")
    code = fields.Char(
        help="Supplies with the same code are the same medicine; without a code, those "
        "with the same name."
    )
    dispensed_on = fields.Date(
        string="Handed Out on",
        required=True,
        default=lambda self: self.env.company._patient_today(),
    )
    days = fields.Integer(
        string="Lasts (Days)",
        required=True,
        aggregator=None,
        help="Amount handed out, divided by what is taken in a day.",
    )
    is_sensitive = fields.Boolean(
        help="A medicine that tells of a sensitive disease: seen only by people with the "
        "right to sensitive values.",
    )
    active = fields.Boolean(
        default=True, help="Archive what was entered in error: it no longer counts."
    )
    source_system = fields.Char()
    source_id = fields.Char()

    _patient_idx = models.Index("(patient_id, dispensed_on DESC)")
    _company_idx = models.Index("(company_id, dispensed_on DESC)")
    _days_check = models.Constraint(
        "CHECK(days BETWEEN 1 AND 400)",
        "A supply lasts from 1 to 400 days. Divide the amount by what is taken in a day.",
    )
    _source_uniq = models.UniqueIndex(
        "(company_id, source_system, source_id) WHERE source_id IS NOT NULL",
        "This supply of the source system is in the record already.",
    )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        supplies = super().create(vals_list)
        supplies._check_dispensed_on()
        return supplies

    def write(self, vals):
        if not self.env.su and {"patient_id", "company_id"} & vals.keys():
            self._refuse_other_patient()
        result = super().write(vals)
        if "dispensed_on" in vals:
            self._check_dispensed_on()
        return result

    # BUSINESS

    def _get_key(self):
        """Return what supplies of the same medicine share."""
        self.ensure_one()
        if self.code:
            return self.code_system or "", self.code
        return "", " ".join(self.name.split()).lower()

    # refusals

    def _check_dispensed_on(self):
        for supply in self:
            if supply.dispensed_on > supply.company_id._patient_today():
                raise UserError(
                    self.env._(
                        "%(medicine)s cannot have been handed out in the future: "
                        "%(date)s. Correct the day.",
                        medicine=supply.name,
                        date=supply.dispensed_on,
                    )
                )

    def _refuse_other_patient(self):
        for supply in self[:1]:
            raise UserError(
                self.env._(
                    "%(medicine)s stays with its patient. Archive it, and enter it in the "
                    "right file.",
                    medicine=supply.name,
                )
            )
