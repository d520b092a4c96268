import base64
from collections import defaultdict

from dateutil.relativedelta import relativedelta
from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from ...tools import identity, names

IDENTITY_GROUP = "patient_relations.patient_relations_group_identity"
# The numbers that are drawn, and from where
SEQUENCES = {
    "mrn": "patient_relations.patient_mrn_sequence",
    "card_number": "patient_relations.patient_card_sequence",
}
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
    # identity
    mrn = fields.Char(
        string="MRN",
        copy=False,
        tracking=True,
        help="Medical record number of the hospital; drawn when left empty.",
    )
    card_number = fields.Char(copy=False, tracking=True)
    card_issued_on = fields.Date(copy=False)
    national_id = fields.Char(
        string="Resident Identity Number",
        copy=False,
        groups=IDENTITY_GROUP,
        help="Checked by its check digit; searched by the whole number only.",
    )
    identifier_ids = fields.One2many("patient.identifier", "patient_id", copy=False)
    search_key = fields.Char(
        compute="_compute_search_key",
        store=True,
        precompute=True,
        index="trigram",
        prefetch=False,
        export_string_translation=False,
        help="The words by which the patient is found, each after a space.",
    )
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
    duplicate_ids = fields.Many2many(
        comodel_name="patient.patient",
        compute="_compute_duplicate_ids",
        string="Possibly the Same Person",
    )

    _mrn_uniq = models.UniqueIndex(
        "(mrn, company_id)",
        "Another patient of this hospital has this medical record number. Search for the "
        "number to open that file.",
    )
    _card_number_uniq = models.UniqueIndex(
        "(card_number, company_id) WHERE card_number IS NOT NULL",
        "Another patient of this hospital has this card.",
    )
    _national_id_uniq = models.UniqueIndex(
        "(national_id, company_id) WHERE national_id IS NOT NULL",
        "Another patient of this hospital has this identity number.",
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
        user = self.env.user
        known = self.company_id.filtered(user._has_patient_access)
        for patient in self:
            if not patient.company_id or patient.company_id in known:
                parts = [patient.name, patient.mrn]
                patient.display_name = " · ".join(part for part in parts if part)
            else:
                patient.display_name = self.env._("Patient")

    @api.depends("partner_id.name", "partner_id.phone", "mrn", "card_number")
    def _compute_search_key(self):
        for patient in self:
            phone = names.digits(patient.phone)
            words = [
                *names.search_words(patient.name),
                (patient.mrn or "").lower(),
                (patient.card_number or "").lower(),
                phone,
                phone[-4:],
            ]
            patient.search_key = " " + " ".join(filter(None, dict.fromkeys(words)))

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

    @api.depends("name", "birth_date", "phone", "company_id")
    def _compute_duplicate_ids(self):
        """Find files that may be of the same person: name and birth date, or telephone."""
        for patient in self:
            domains = [
                Domain("birth_date", "=", patient.birth_date)
                & Domain("search_key", "=ilike", f" {escape_psql(patient.name)} %")
                if patient.name and patient.birth_date
                else Domain.FALSE,
                Domain("search_key", "ilike", f" {names.digits(patient.phone)} ")
                if len(names.digits(patient.phone)) >= 7
                else Domain.FALSE,
            ]
            patient.duplicate_ids = self.search(
                Domain.OR(domains)
                & Domain("company_id", "=", patient.company_id.id)
                & Domain("id", "!=", patient._origin.id),
                limit=10,
            )

    @api.model
    def _search_display_name(self, operator, value):
        """Find a patient as people look for one.

        Every word of the value is looked for: from the start of a name, of its pinyin
        or initials, of a number; anywhere in it when it is long enough for the index.
        ``in`` (imports) takes the exact medical record number, card or name.
        """
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator in ("in", "="):
            texts = value if operator == "in" else [value]
            return Domain.OR(self._get_exact_domain(text) for text in texts if text)
        if operator != "ilike" or not isinstance(value, str) or not value.strip():
            return super()._search_display_name(operator, value)
        words = names.fold(value).split()
        return Domain.AND(self._get_word_domain(word) for word in words if word != "·")

    @api.model
    def _get_exact_domain(self, text):
        number = str(text).split(" · ")[-1].strip()
        # The key finds candidates by its index; the name then has to be the same.
        key = f" {escape_psql(names.fold(number))} %"
        return (
            Domain("mrn", "=", number.upper())
            | Domain("card_number", "=", number.upper())
            | (Domain("search_key", "=ilike", key) & Domain("name", "=", number))
        )

    @api.model
    def _get_word_domain(self, word):
        """Return the domain of patients with a word; see ``_search_display_name``."""
        if identity.is_valid(word) and self.env.user.has_group(IDENTITY_GROUP):
            return Domain("national_id", "=", identity.compact(word))
        # Few digits are the end of a telephone number or the start of another.
        anywhere = len(word) >= (5 if word.isdigit() else 3)
        start = "" if anywhere else " "
        return Domain("search_key", "ilike", start + escape_psql(word))

    @api.constrains("national_id", "company_id")
    def _check_national_id(self):
        # sudo: patient.patient: the number is checked, not shown
        for patient_sudo in self.sudo().filtered("national_id"):
            country = patient_sudo.company_id.country_id.code or "CN"
            if country == "CN" and not identity.is_valid(patient_sudo.national_id):
                raise ValidationError(
                    self.env._(
                        "The identity number of %(name)s is not valid: its check digit or "
                        "its date of birth is wrong. Compare it with the card.",
                        name=patient_sudo.name,
                    )
                )

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
                        "%(name)s is a contact of another hospital. Open the patient file "
                        "there, or with a contact of its own.",
                        name=patient.name,
                    )
                )

    @api.onchange("national_id")
    def _onchange_national_id(self):
        """Take date of birth and sex from the identity number."""
        if identity.is_valid(self.national_id):
            self.birth_date = identity.get_birth_date(self.national_id)
            self.gender = identity.get_gender(self.national_id)

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            {"company_id": self.env.company.id, **self._normalize_vals(vals)}
            for vals in vals_list
        ]
        self._refuse_taken_national_id(vals_list)
        self._draw_missing_mrn(vals_list)
        self._create_missing_partners(vals_list)
        # Who opens a file does not follow it; many files are opened without a log each.
        quiet = self.with_context(
            mail_create_nosubscribe=True,
            mail_create_nolog=self.env.context.get("mail_create_nolog")
            or len(vals_list) > 1,
        )
        return super(PatientPatient, quiet).create(vals_list).with_env(self.env)

    def write(self, vals):
        vals = self._normalize_vals(vals)
        if vals.get("national_id"):
            companies = self.company_id.ids
            self._refuse_taken_national_id(
                [{"company_id": company_id, **vals} for company_id in companies]
            )
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

    def action_issue_card(self):
        """Give those without a card a number, and print the cards (客户开卡)."""
        without = self.filtered(lambda patient: not patient.card_number)
        numbers = self._draw_free("card_number", len(without))
        for patient, number in zip(without, numbers, strict=True):
            patient.write(
                {
                    "card_number": number,
                    "card_issued_on": patient.company_id._patient_today(),
                }
            )
        return self.env.ref(
            "patient_relations.patient_card_action_report"
        ).report_action(self)

    def action_open_encounters(self):
        return self._open("patient_relations.patient_encounter_action")

    def action_open_events(self):
        action = self._open("calendar.action_calendar_event")
        action["name"] = self.env._("Appointments")
        action["context"]["default_partner_ids"] = self.partner_id.ids
        return action

    def action_open_duplicates(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_patient_action"
        )
        return {
            **action,
            "domain": [("id", "in", (self.duplicate_ids | self).ids)],
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "context": {},
        }

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
        moving.partner_id.company_id = company_id

    def _refuse_taken_national_id(self, vals_list):
        """Refuse a number that another file has; asked before the database refuses.

        :param vals_list: values with ``company_id``, about to be written to ``self``
        """
        numbers = {vals.get("national_id") for vals in vals_list} - {None, False}
        if not numbers:
            return
        # sudo: patient.patient: compared with all files, archived ones as well
        others_sudo = self.sudo().with_context(active_test=False)
        taken = {
            (other.company_id.id, other.national_id): other
            for other in others_sudo.search(
                [("national_id", "in", list(numbers)), ("id", "not in", self.ids)]
            )
        }
        for vals in vals_list:
            other_sudo = taken.get((vals["company_id"], vals.get("national_id")))
            if other_sudo:
                raise ValidationError(self._get_taken_national_id_text(other_sudo))

    def _get_taken_national_id_text(self, other_sudo):
        """Name the other file to those who may see it."""
        other = self.browse(other_sudo.id).with_context(active_test=False)
        if other.has_access("read"):
            return self.env._(
                "This identity number is already in the file of %(other)s. Use that file, "
                "or correct the number.",
                other=other.display_name,
            )
        return self.env._(
            "This identity number is already in another patient file, which you may not "
            "see. Ask the patient-relations manager."
        )

    # TOOLS

    def _get_barcode_uri(self, symbology, width, height):
        """Return the card's number as a drawing inside the page, sizes in points.

        A link to Odoo's public barcode page would put the number in server logs, and a
        drawing prints sharper than a picture.
        """
        self.ensure_one()
        drawing = createBarcodeDrawing(
            symbology, value=self.card_number, width=width, height=height
        )
        encoded = base64.b64encode(drawing.asString("svg").encode())
        return f"data:image/svg+xml;base64,{encoded.decode()}"

    @api.model
    def _normalize_vals(self, vals):
        """Return a copy in which numbers are written as they are compared."""
        vals = dict(vals)
        for field in ("mrn", "card_number", "national_id"):
            if isinstance(vals.get(field), str):
                vals[field] = names.fold(vals[field]).strip().upper() or False
        if vals.get("national_id"):
            vals["national_id"] = identity.compact(vals["national_id"])
        return vals

    @api.model
    def _draw_free(self, field, count):
        """Draw numbers for ``mrn`` or ``card_number`` that no file has.

        Numbers of another system may look like ours and come in by import.
        """
        # sudo: ir.sequence: whoever may open a file may draw its number
        sequence_sudo = self.env.ref(SEQUENCES[field]).sudo()
        # sudo: patient.patient: a number is taken in all hospitals, archived or not
        patients_sudo = self.sudo().with_context(active_test=False)
        free = []
        while len(free) < count:
            drawn = sequence_sudo._draw_numbers(count - len(free))
            taken = set(patients_sudo.search([(field, "in", drawn)]).mapped(field))
            free += [number for number in drawn if number not in taken]
        return free

    @api.model
    def _draw_missing_mrn(self, vals_list):
        without = [vals for vals in vals_list if not vals.get("mrn")]
        given = {vals["mrn"] for vals in vals_list if vals.get("mrn")}
        numbers = self._draw_free("mrn", len(without))
        while given.intersection(numbers):
            numbers = [number for number in numbers if number not in given]
            numbers += self._draw_free("mrn", len(without) - len(numbers))
        for vals, number in zip(without, numbers, strict=True):
            vals["mrn"] = number

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
