from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from ...tools import identity, names
from .patient_patient import IDENTITY_GROUP

# How many patients are offered for what somebody types.
MOST_OFFERED = 6


class PatientPatient(models.Model):
    """How a file is found: by what people type, and by what it shares with another."""

    _inherit = "patient.patient"

    search_key = fields.Char(
        compute="_compute_search_key",
        store=True,
        precompute=True,
        index="trigram",
        prefetch=False,
        export_string_translation=False,
        help="The words by which the patient is found, each after a space.",
    )
    duplicate_ids = fields.Many2many(
        comodel_name="patient.patient",
        compute="_compute_duplicate_ids",
        string="Possibly the Same Person",
    )

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

    @api.depends("name", "birth_date", "phone", "company_id")
    def _compute_duplicate_ids(self):
        for patient in self:
            domain = patient._get_duplicates_domain()
            patient.duplicate_ids = self.search(
                domain
                & Domain("company_id", "=", patient.company_id.id)
                & Domain("id", "!=", patient._origin.id),
                limit=10,
            )

    def _get_duplicates_domain(self):
        """Return who may be the same: by name and date of birth, or by telephone."""
        domain = Domain.FALSE
        name, phone = names.fold(self.name).split(), names.digits(self.phone)
        if name and self.birth_date:
            key = f" {escape_psql(' '.join(name))} %"
            domain |= Domain("birth_date", "=", self.birth_date) & Domain(
                "search_key", "=ilike", key
            )
        if len(phone) >= 7:
            domain |= Domain("search_key", "ilike", f" {phone} ")
        return domain

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

    @api.model
    def _find_meant(self, text, company, others=None):
        """Return the few patients of a hospital whom a text may mean.

        :param str text: what people type; see ``_search_display_name``
        :param others: patients who come into question as well
        """
        meant = Domain("display_name", "ilike", text)
        if others:
            meant |= Domain("id", "in", others.ids)
        return self.search(
            Domain("company_id", "=", company.id) & meant, limit=MOST_OFFERED
        )

    # ACTIONS

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
