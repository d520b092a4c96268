from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

# Who sees resident identity numbers
IDENTITY_GROUP = "patient_relations.patient_relations_group_identity"
# Contacts are created without a log of their own
QUIETLY = {"tracking_disable": True, "mail_create_nosubscribe": True}


class PatientPatient(models.Model):
    """The person in the hospital's care (FHIR: Patient).

    Name, address, telephone and picture live on the contact that the file inherits;
    facts of health and of the relation live here, never on the contact.
    """

    _name = "patient.patient"
    _description = "Patient"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _inherits = {"res.partner": "partner_id"}
    _order = "id desc"

    # the contact
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact Record",
        required=True,
        index=True,
        ondelete="restrict",
        bypass_search_access=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Hospital",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True, tracking=True)
    # identity; numbers of its own in patient_patient_numbers.py
    identifier_ids = fields.One2many("patient.identifier", "patient_id", copy=False)
    # person
    gender = fields.Selection(
        selection=[
            ("male", "Male"),
            ("female", "Female"),
            ("other", "Other"),
            ("unknown", "Unknown"),
        ],
        default="unknown",
        required=True,
    )
    birth_date = fields.Date(tracking=True)
    age = fields.Integer(
        compute="_compute_age",
        search="_search_age",
        help="In full years, or at death. A search by age looks among the living.",
    )
    deceased_at = fields.Datetime(string="Died On", tracking=True)
    relative_ids = fields.One2many("patient.relative", "patient_id", string="Relatives")
    # contact
    language_id = fields.Many2one(
        comodel_name="res.lang",
        string="Spoken Language",
        context={"active_test": False},
        help="The language to speak with the patient; another than the staff's calls for "
        "an interpreter.",
    )
    need_ids = fields.Many2many("patient.need", string="Needs")
    preferred_channel = fields.Selection(
        selection=[
            ("phone", "Telephone"),
            ("sms", "SMS"),
            ("email", "E-mail"),
            ("wechat", "WeChat"),
            ("letter", "Letter"),
        ],
        default="phone",
    )
    optout_phone = fields.Boolean(string="No Calls", tracking=True)
    optout_sms = fields.Boolean(string="No SMS", tracking=True)
    optout_email = fields.Boolean(string="No E-mail", tracking=True)
    optout_wechat = fields.Boolean(string="No WeChat", tracking=True)
    # cohorts
    tag_ids = fields.Many2many(
        comodel_name="patient.tag",
        relation="patient_patient_tag_rel",
        string="Patient Tags",
    )
    # record
    encounter_ids = fields.One2many(
        comodel_name="patient.encounter",
        inverse_name="patient_id",
        string="Visits",
        groups="patient_relations.patient_relations_group_staff",
    )
    condition_ids = fields.One2many(
        comodel_name="patient.condition",
        inverse_name="patient_id",
        string="Diagnoses",
        groups="patient_relations.patient_relations_group_staff",
    )
    lead_ids = fields.One2many(
        comodel_name="crm.lead",
        inverse_name="patient_id",
        string="Enquiries",
        groups="sales_team.group_sale_salesman",
    )
    event_ids = fields.One2many("calendar.event", "patient_id", string="Appointments")
    encounter_count = fields.Integer(compute="_compute_counts")
    event_count = fields.Integer(compute="_compute_counts")
    last_encounter_id = fields.Many2one(
        comodel_name="patient.encounter", compute="_compute_counts", string="Last Visit"
    )
    _partner_uniq = models.UniqueIndex(
        "(partner_id)",
        "This contact has a patient file already: one contact, one file.",
    )
    _birth_date_idx = models.Index("(birth_date)")

    @api.depends("name", "mrn", "company_id")
    @api.depends_context("uid")
    def _compute_display_name(self):
        """Name the patient to those who may know: Odoo reads names past the rules."""
        # sudo: patient.patient: names are asked for by the page, and of all columns of
        # both tables only these
        patients_sudo = self.sudo()
        patients_sudo.fetch(["company_id", "mrn", "partner_id"])
        patients_sudo.partner_id.fetch(["name"])
        known = self.company_id.filtered(self.env.user._has_patient_access)
        for patient in self:
            if not patient.company_id or patient.company_id in known:
                parts = [patient.name, patient.mrn]
                patient.display_name = " · ".join(part for part in parts if part)
            else:
                patient.display_name = self.env._("Patient")

    @api.depends("birth_date", "deceased_at", "company_id")
    def _compute_age(self):
        for patient in self:
            company = patient.company_id or self.env.company
            moment = patient.deceased_at or fields.Datetime.now()
            last, born = company._patient_local_date(moment), patient.birth_date
            patient.age = born and relativedelta(last, born).years

    def _search_age(self, operator, value):
        if operator not in (">", ">=", "<", "<=", "in"):
            return NotImplemented
        if operator == "in":
            ages = [age for age in value if not isinstance(age, bool)]
            return Domain.OR(self._get_age_domain(age, age) for age in ages)
        if operator in (">", ">="):
            return self._get_age_domain(value + (operator == ">"), None)
        return self._get_age_domain(None, value - (operator == "<"))

    @api.model
    def _get_age_domain(self, youngest, oldest):
        """Return the domain of the living between two ages in full years."""
        today = self.env.company._patient_today()
        domain = Domain("deceased_at", "=", False) & Domain("birth_date", "!=", False)
        if youngest is not None:
            latest = today - relativedelta(years=int(youngest))
            domain &= Domain("birth_date", "<=", latest)
        if oldest is not None:
            earliest = today - relativedelta(years=int(oldest) + 1)
            domain &= Domain("birth_date", ">", earliest)
        return domain

    def _compute_counts(self):
        """Count what the smart buttons show, one query each whatever the number."""
        encounters = self._count_by_patient("patient.encounter")
        events = self._count_by_patient("calendar.event")
        last = self._get_last_encounters()
        for patient in self:
            patient.encounter_count = encounters.get(patient._origin, 0)
            patient.event_count = events.get(patient._origin, 0)
            patient.last_encounter_id = last.get(patient._origin)

    @api.constrains("birth_date", "deceased_at")
    def _check_dates(self):
        today = {company: company._patient_today() for company in self.company_id}
        for patient in self.filtered(lambda file: file.birth_date or file.deceased_at):
            company, born = patient.company_id, patient.birth_date
            died = patient.deceased_at
            died = died and company._patient_local_date(died)
            latest = max(filter(None, (born, died)))
            if latest > today[company]:
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot be born or have died in the future: %(date)s.",
                        name=patient.name,
                        date=latest,
                    )
                )
            if born and died and died < born:
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot have died before being born. Correct one of the "
                        "two dates.",
                        name=patient.name,
                    )
                )

    @api.constrains("partner_id", "company_id")
    def _check_partner_company(self):
        for patient in self:
            if patient.partner_id.company_id != patient.company_id:
                raise ValidationError(
                    self.env._(
                        "The contact of %(name)s would belong to another hospital than "
                        "the patient file. Both stay in the same one.",
                        name=patient.name,
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [{"company_id": self.env.company.id, **vals} for vals in vals_list]
        self._create_missing_partners(vals_list)
        # Who opens a file does not follow it; many files are opened without a log each.
        quiet = self.with_context(
            mail_create_nosubscribe=True,
            mail_create_nolog=self.env.context.get("mail_create_nolog")
            or len(vals_list) > 1,
        )
        return super(PatientPatient, quiet).create(vals_list).with_env(self.env)

    def write(self, vals):
        if "company_id" in vals:
            self._move_to_hospital(vals["company_id"])
        result = super().write(vals)
        if "active" in vals:
            self.partner_id._follow_patient_file(vals["active"])
        return result

    def unlink(self):
        partners = self.partner_id
        result = super().unlink()
        partners._leave_with_patient_file()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        # sudo: patient.encounter, calendar.event: history counts, seen or not
        for patient_sudo in self.sudo().with_context(active_test=False):
            if patient_sudo.encounter_ids or patient_sudo.event_ids:
                raise ValidationError(
                    self.env._(
                        "%(name)s has visits or appointments on record and cannot be "
                        "deleted. Archive the file instead.",
                        name=patient_sudo.display_name,
                    )
                )

    # ACTIONS

    def action_open_encounters(self):
        return self._open("patient_relations.patient_encounter_action")

    def action_open_events(self):
        action = self._open("calendar.action_calendar_event")
        action["name"] = self.env._("Appointments")
        action["context"]["default_partner_ids"] = self.partner_id.ids
        return action

    def _open(self, xmlid):
        """Return an action on the records of another room that belong to this patient."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {
            **action,
            "domain": [("patient_id", "=", self.id)],
            "context": {"default_patient_id": self.id},
        }

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template: patients"),
                "template": "/patient_relations/static/xls/patient_patient.xlsx",
            }
        ]

    # BUSINESS

    def _count_by_patient(self, model):
        """Return patient → number of records; empty for those who may not read them."""
        if not self.env[model].has_access("read"):
            return {}
        domain = [("patient_id", "in", self.ids)]
        return dict(self.env[model]._read_group(domain, ["patient_id"], ["__count"]))

    def _get_last_encounters(self):
        """Return patient → last visit that took place, for all in two queries."""
        encounters = self.env["patient.encounter"]
        if not encounters.has_access("read"):
            return {}
        took_place = Domain("patient_id", "in", self.ids) & Domain(
            "status", "not in", ("planned", "cancelled", "entered_in_error")
        )
        rows = encounters._read_group(took_place, ["patient_id"], ["begins_at:max"])
        latest = {patient: moment for patient, moment in rows if moment}
        found = encounters.search(
            took_place & Domain("begins_at", "in", set(latest.values())), order="id"
        )
        return {
            encounter.patient_id: encounter
            for encounter in found
            if encounter.begins_at == latest.get(encounter.patient_id)
        }

    def _move_to_hospital(self, company_id):
        """Move files that were opened in the wrong hospital; those with visits stay."""
        moving = self.filtered(lambda patient: patient.company_id.id != company_id)
        if moving and not self.env.su and company_id not in self.env.companies.ids:
            raise AccessError(
                self.env._(
                    "%(name)s cannot be moved to a hospital in which you do not work.",
                    name=moving[0].name,
                )
            )
        # sudo: patient.encounter: history counts, seen or not
        for patient_sudo in moving.sudo():
            if patient_sudo.encounter_ids:
                raise ValidationError(
                    self.env._(
                        "%(name)s has visits in %(hospital)s: the file stays there. Open "
                        "another file in the other hospital.",
                        name=patient_sudo.name,
                        hospital=patient_sudo.company_id.name,
                    )
                )
        moving.partner_id.with_context(patient_moves=True).company_id = company_id

    # TOOLS

    @api.model
    def _create_missing_partners(self, vals_list):
        """Create the contacts in one batch, quietly: the log belongs to the file."""
        contacts = self.env["res.partner"].with_context(**QUIETLY)
        fresh = []
        adopted = defaultdict(list)
        for vals in vals_list:
            if vals.get("partner_id"):
                adopted[vals["company_id"]].append(vals["partner_id"])
            else:
                fresh.append(vals)
        created = contacts.create([self._pop_partner_vals(vals) for vals in fresh])
        for vals, partner in zip(fresh, created, strict=True):
            vals["partner_id"] = partner.id
        for company_id, partner_ids in adopted.items():
            contacts.browse(partner_ids)._become_patients(company_id)

    @api.model
    def _prepare_create_values(self, vals_list):
        """Leave the properties to the contact, which has been created with them.

        Odoo completes inherited properties for the file as well, and would write them
        once more, contact by contact.
        """
        completed = super()._prepare_create_values(vals_list)
        for given, vals in zip(vals_list, completed, strict=True):
            if "properties" not in given:
                vals.pop("properties", None)
        return completed

    @api.model
    def _pop_partner_vals(self, vals):
        inherited = [
            key for key in vals if getattr(self._fields.get(key), "inherited", False)
        ]
        return {
            **{key: vals.pop(key) for key in inherited},
            "active": vals.get("active", True),
            "is_patient": True,
            "company_id": vals["company_id"],
        }
