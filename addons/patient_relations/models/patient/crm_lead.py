from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import names


class CrmLead(models.Model):
    _inherit = "crm.lead"

    patient_id = fields.Many2one(
        comodel_name="patient.patient",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        tracking=True,
        groups="patient_relations.patient_relations_group_reader",
    )
    patient_company_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_patient_company_id",
        store=True,
        index="btree_not_null",
        export_string_translation=False,
        help="The hospital whose patient is the lead's contact: the lead is hidden like "
        "the patient.",
    )

    @api.depends("partner_id.is_patient", "partner_id.company_id")
    def _compute_patient_company_id(self):
        for lead in self:
            partner = lead.partner_id
            lead.patient_company_id = partner.is_patient and partner.company_id

    # ACTIONS

    def action_create_patient(self):
        """Open the patient of this enquiry; make the file when there is none."""
        self.ensure_one()
        if not self.patient_id:
            self.patient_id = self._find_patient() or self._create_patient()
        return self.patient_id.get_formview_action()

    # BUSINESS

    def _merge_get_fields(self):
        """Keep the patient when leads are merged by somebody who may see patients."""
        names_kept = super()._merge_get_fields()
        if self.env.user._has_patient_access():
            return [*names_kept, "patient_id"]
        return names_kept

    def _find_patient(self):
        """Return the file with the same name and telephone, if there is just one."""
        name, phone = self._get_person_name(), names.digits(self.phone)
        patients = self.env["patient.patient"]
        if self.partner_id.is_patient:
            return self.partner_id.patient_ids[:1]
        if not name or not phone:
            return patients
        found = patients.search(
            [
                ("search_key", "ilike", f" {phone}"),
                ("name", "=", name),
                ("company_id", "=", (self.company_id or self.env.company).id),
            ],
            limit=2,
        )
        return found if len(found) == 1 else patients

    def _create_patient(self):
        name = self._get_person_name()
        if not name:
            raise UserError(
                self.env._(
                    "The enquiry «%(lead)s» names no person. Fill in the contact name, "
                    "then create the patient.",
                    lead=self.name,
                )
            )
        return self.env["patient.patient"].create(self._prepare_patient_vals(name))

    def _get_person_name(self):
        person = self.partner_id if not self.partner_id.is_company else None
        return self.contact_name or (person and person.name) or self.partner_name

    def _prepare_patient_vals(self, name):
        """Return the values of a new file, with a contact of its own.

        The lead's contact stays an ordinary one: who follows the lead sees it still.
        """
        return {
            "name": name,
            "phone": self.phone,
            "email": self.email_from,
            "street": self.street,
            "city": self.city,
            "zip": self.zip,
            "state_id": self.state_id.id,
            "country_id": self.country_id.id,
            "company_id": (self.company_id or self.env.company).id,
        }
