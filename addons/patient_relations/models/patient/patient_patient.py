import base64

from dateutil.relativedelta import relativedelta
from stdnum.cn import ric

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.image import image_data_uri
from odoo.tools.sql import escape_psql

from ...tools import names

IDENTITY_GROUP = "patient_relations.patient_relations_group_identity"


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
    _check_company_auto = True

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
    age = fields.Integer(compute="_compute_age")
    deceased_at = fields.Datetime(string="Died", tracking=True)
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
        comodel_name="patient.tag", relation="patient_patient_tag_rel", string="Patient Tags"
    )
    # record
    encounter_ids = fields.One2many("patient.encounter", "patient_id", string="Visits")
    condition_ids = fields.One2many("patient.condition", "patient_id", string="Diagnoses")
    lead_ids = fields.One2many("crm.lead", "patient_id", string="Enquiries")
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
        "(company_id, mrn)",
        "Another patient of this hospital has this medical record number. Search for the "
        "number to open that file.",
    )
    _card_number_uniq = models.UniqueIndex(
        "(company_id, card_number) WHERE card_number IS NOT NULL",
        "Another patient of this hospital has this card.",
    )
    _national_id_uniq = models.UniqueIndex(
        "(company_id, national_id) WHERE national_id IS NOT NULL",
        "Another patient of this hospital has this identity number.",
    )
    _partner_uniq = models.UniqueIndex(
        "(partner_id, company_id)", "This contact has a patient file already."
    )
    _birth_date_idx = models.Index("(birth_date)")

    @api.depends("name", "mrn")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for patient in self:
            parts = [patient.name, patient.mrn]
            patient.display_name = " · ".join(part for part in parts if part)

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

    @api.depends("birth_date", "deceased_at")
    def _compute_age(self):
        for patient in self:
            today = patient.company_id and patient.company_id._patient_today()
            end = patient.deceased_at.date() if patient.deceased_at else today
            known = patient.birth_date and end
            patient.age = known and relativedelta(end, patient.birth_date).years

    def _compute_counts(self):
        """Count what the smart buttons show, one query each whatever the number."""
        domain = [("patient_id", "in", self.ids)]
        encounters = self.env["patient.encounter"]._read_group(
            domain, ["patient_id"], ["__count"]
        )
        events = self.env["calendar.event"]._read_group(domain, ["patient_id"], ["__count"])
        encounters, events = dict(encounters), dict(events)
        last = self._get_last_encounters()
        for patient in self:
            patient.encounter_count = encounters.get(patient._origin, 0)
            patient.event_count = events.get(patient._origin, 0)
            patient.last_encounter_id = last.get(patient.id)

    @api.depends("name", "birth_date", "phone", "company_id")
    def _compute_duplicate_ids(self):
        """Find files that may be of the same person: name and birth date, or telephone."""
        for patient in self:
            domains = [
                Domain("birth_date", "=", patient.birth_date)
                & Domain("search_key", "=ilike", f" {escape_psql(patient.name)} %")
                if patient.name and patient.birth_date
                else Domain.FALSE,
                Domain("search_key", "ilike", f" {names.digits(patient.phone)}")
                & Domain("phone", "!=", False)
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
        or initials, of a number; anywhere in it from three letters on. ``=`` and ``in``
        (imports) take the exact medical record number, card or name.
        """
        if operator == "in":
            return Domain.OR(self._get_exact_domain(text) for text in value)
        if operator == "=":
            return self._get_exact_domain(value)
        if operator != "ilike" or not isinstance(value, str) or not value.strip():
            return super()._search_display_name(operator, value)
        return Domain.AND(self._get_word_domain(word) for word in value.lower().split())

    @api.model
    def _get_exact_domain(self, text):
        number = str(text or "").split(" · ")[-1].strip()
        return Domain.OR(
            Domain(field, "=", number) for field in ("mrn", "card_number", "name")
        )

    @api.model
    def _get_word_domain(self, word):
        """Return the domain of patients with a word; see ``_search_display_name``."""
        if word == "·":
            return Domain.TRUE
        starts = Domain("search_key", "ilike", " " + escape_psql(word))
        if ric.is_valid(word) and self.env.user.has_group(IDENTITY_GROUP):
            return starts | Domain("national_id", "=", ric.compact(word).upper())
        if word.isdigit():
            return starts
        if len(word) >= 3:
            return Domain("search_key", "ilike", escape_psql(word))
        # Two characters inside a name cannot use the index: only when nothing starts so.
        if names.HAN.search(word) and not self.search_count(starts, limit=1):
            return Domain("search_key", "ilike", escape_psql(word))
        return starts

    @api.constrains("national_id")
    def _check_national_id(self):
        # sudo: patient.patient: the number is compared, not shown
        checked_sudo = self.sudo().filtered("national_id")
        for patient_sudo in checked_sudo:
            country = patient_sudo.company_id.country_id.code or "CN"
            if country == "CN" and not ric.is_valid(patient_sudo.national_id):
                raise ValidationError(
                    self.env._(
                        "The identity number of %(name)s is not valid: its check digit or "
                        "its date of birth is wrong. Compare it with the card.",
                        name=patient_sudo.name,
                    )
                )
        checked_sudo._refuse_same_national_id()

    @api.constrains("birth_date", "deceased_at")
    def _check_dates(self):
        for patient in self.filtered("birth_date"):
            if patient.birth_date > patient.company_id._patient_today():
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot be born in the future: %(date)s.",
                        name=patient.name,
                        date=patient.birth_date,
                    )
                )
            if patient.deceased_at and patient.deceased_at.date() < patient.birth_date:
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot have died before being born. Correct one of the "
                        "two dates.",
                        name=patient.name,
                    )
                )

    @api.onchange("national_id")
    def _onchange_national_id(self):
        """Take date of birth and sex from the identity number."""
        if self.national_id and ric.is_valid(self.national_id):
            number = ric.compact(self.national_id)
            self.birth_date = ric.get_birth_date(number)
            if len(number) == 18:
                self.gender = "male" if int(number[16]) % 2 else "female"

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._normalize_vals(vals) for vals in vals_list]
        self._draw_missing_mrn(vals_list)
        self._create_missing_partners(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(self._normalize_vals(vals))
        if "company_id" in vals:
            self.partner_id.company_id = vals["company_id"]
        return result

    def unlink(self):
        partners = self.partner_id
        result = super().unlink()
        # The contact stays, as an ordinary one, where other documents speak of it.
        partners.write({"is_patient": False})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        for patient in self:
            if patient.encounter_ids:
                raise ValidationError(
                    self.env._(
                        "%(name)s has visits on record and cannot be deleted. Archive the "
                        "file instead.",
                        name=patient.display_name,
                    )
                )

    # ACTIONS

    def action_issue_card(self):
        """Give those without a card a number, and print the cards (客户开卡)."""
        without = self.filtered(lambda patient: not patient.card_number)
        numbers = self._draw("patient_relations.patient_card_sequence", len(without))
        for patient, number in zip(without, numbers, strict=True):
            patient.write(
                {
                    "card_number": number,
                    "card_issued_on": patient.company_id._patient_today(),
                }
            )
        return self.env.ref("patient_relations.patient_card_action_report").report_action(self)

    def action_open_encounters(self):
        return self._open("patient_relations.patient_encounter_action")

    def action_open_events(self):
        action = self._open("calendar.action_calendar_event")
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

    def _get_last_encounters(self):
        """Return patient id → last visit, for all patients in one query."""
        rows = self.env["patient.encounter"]._read_group(
            [("patient_id", "in", self.ids), ("status", "!=", "cancelled")],
            ["patient_id"],
            ["begins_at:max"],
        )
        latest = {patient.id: moment for patient, moment in rows if moment}
        found = self.env["patient.encounter"].search(
            [
                ("patient_id", "in", list(latest)),
                ("begins_at", "in", list(set(latest.values()))),
            ]
        )
        return {
            encounter.patient_id.id: encounter
            for encounter in found
            if encounter.begins_at == latest[encounter.patient_id.id]
        }

    def _refuse_same_national_id(self):
        """Refuse a number that another file has, naming it to those who may see it."""
        for numbers in self.grouped("company_id").values():
            twins_sudo = self.with_context(active_test=False).search(
                [
                    ("company_id", "=", numbers.company_id.id),
                    ("national_id", "in", numbers.mapped("national_id")),
                ]
            )
            by_number = twins_sudo.grouped("national_id")
            for patient in numbers:
                other = (by_number[patient.national_id] - patient)[:1]
                if other:
                    raise ValidationError(patient._get_same_national_id_text(other))

    def _get_same_national_id_text(self, other):
        visible = other.sudo(False)._filtered_access("read")
        if visible:
            return self.env._(
                "The identity number of %(name)s is already in the file of %(other)s. Use "
                "that file, or correct the number.",
                name=self.name,
                other=visible.display_name,
            )
        return self.env._(
            "The identity number of %(name)s is already in another patient file, which "
            "you may not see. Ask the patient-relations manager.",
            name=self.name,
        )

    # TOOLS

    def _get_barcode_uri(self, symbology, width, height):
        """Return the card's number as an image inside the page.

        A link to Odoo's public barcode page would put the number in server logs.
        """
        self.ensure_one()
        image = self.env["ir.actions.report"].barcode(
            symbology, self.card_number, width=width, height=height
        )
        return image_data_uri(base64.b64encode(image))

    @api.model
    def _normalize_vals(self, vals):
        vals = dict(vals)
        for field in ("mrn", "card_number", "national_id"):
            if isinstance(vals.get(field), str):
                vals[field] = vals[field].strip().upper() or False
        return vals

    @api.model
    def _draw(self, xmlid, count):
        # sudo: ir.sequence: whoever may open a file may draw its number
        return self.env.ref(xmlid).sudo()._draw_numbers(count)

    @api.model
    def _draw_missing_mrn(self, vals_list):
        without = [vals for vals in vals_list if not vals.get("mrn")]
        numbers = self._draw("patient_relations.patient_mrn_sequence", len(without))
        for vals, number in zip(without, numbers, strict=True):
            vals["mrn"] = number

    @api.model
    def _create_missing_partners(self, vals_list):
        """Create the contacts in one batch, quietly: the log belongs to the file."""
        fresh = [vals for vals in vals_list if not vals.get("partner_id")]
        partners = (
            self.env["res.partner"]
            .with_context(tracking_disable=True, mail_create_nosubscribe=True)
            .create([self._pop_partner_vals(vals) for vals in fresh])
        )
        for vals, partner in zip(fresh, partners, strict=True):
            vals["partner_id"] = partner.id
        known = [vals for vals in vals_list if vals not in fresh]
        self.env["res.partner"].browse([vals["partner_id"] for vals in known]).write(
            {"is_patient": True}
        )

    @api.model
    def _pop_partner_vals(self, vals):
        company_id = vals.setdefault("company_id", self.env.company.id)
        inherited = [key for key in vals if self._fields[key].inherited]
        return {
            **{key: vals.pop(key) for key in inherited},
            "is_patient": True,
            "company_id": company_id,
        }
