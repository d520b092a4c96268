from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import escape_psql
from odoo.tools.translate import LazyTranslate

from odoo.addons.patient_relations.models.patient.patient_patient import IDENTITY_GROUP
from odoo.addons.patient_relations.tools import identity, names

from ..tools import searching
from ..tools.incoming_common import RESOURCE_IDENTIFIER
from ..tools.outcome import Issue

_lt = LazyTranslate(__name__)

# national identifiers: in general, and by country (NNCHN)
NATIONAL = ("NI", "NN")
LANGUAGES = {"en": "en_US", "es": "es_ES", "pt": "pt_PT", "zh": "zh_CN", "ar": "ar_001"}


class PatientFhirPatient(models.AbstractModel):
    """Patient. What the resource does not say stays as it is: the office corrects too."""

    _name = "patient.fhir.patient"
    _inherit = "patient.fhir.resource"
    _description = "FHIR Patient"

    _fhir_type = "Patient"
    _fhir_model = "patient.patient"
    _fhir_search = {
        "_id": "_search_by_id",
        "identifier": "_search_by_identifier",
        "name": "_search_by_name",
        "birthdate": "_search_by_birth_date",
        "phone": "_search_by_phone",
        "telecom": "_search_by_phone",
        "gender": "_search_by_gender",
    }

    # INTAKE

    @api.model
    def _find_by_keys(self, keys):
        company = self.env.company
        found = self._select_keys(
            {key for key in keys if key[0] not in self._get_own_systems()},
            SQL("system"),
            SQL("value"),
            SQL("patient_id"),
            "patient.identifier",
        )
        found.update(self._find_by_number(keys, company.fhir_mrn_system, "mrn"))
        if self._sees_identity():
            found.update(
                self._find_by_number(
                    keys, company.fhir_national_id_system, "national_id"
                )
            )
        return found

    @api.model
    def _find_by_number(self, keys, system, field):
        """Find patients by a number that is a column of the patient."""
        numbers = {
            key[1].strip().upper(): key for key in keys if system and key[0] == system
        }
        if not numbers:
            return {}
        records = self._search_records([(field, "in", list(numbers))])
        return {numbers[record[field]]: record.id for record in records}

    @api.model
    def _prepare(self, intake, entries):
        super()._prepare(intake, entries)
        places = self._get_places(entries)
        languages = self._get_languages(entries)
        for entry in entries:
            words = entry.incoming.words
            if "country" in words:
                self._set_place(entry, places)
            if "language" in words:
                self._set_language(entry, languages)
            self._set_numbers(entry)

    @api.model
    def _get_create_vals(self, entry):
        deceased = entry.incoming.words.get("deceased")
        vals = {"name": self.env._("Unknown"), **entry.vals}
        if deceased and not vals.get("deceased_at"):
            vals["deceased_at"] = fields.Datetime.now()
        return {**vals, "company_id": self.env.company.id}

    @api.model
    def _create_entries(self, entries):
        results = super()._create_entries(entries)
        self._create_identifiers(
            {**vals, "patient_id": record_id}
            for entry, (record_id, _outcome) in zip(entries, results, strict=True)
            for vals in self._get_identifier_vals(entry)
        )
        return results

    @api.model
    def _create_identifiers(self, vals_list):
        # Naming the company spares the ORM a record in memory for each row.
        company_id = self.env.company.id
        self.env["patient.identifier"].create(
            [{**vals, "company_id": company_id} for vals in vals_list]
        )

    @api.model
    def _update_entries(self, entries):
        results = super()._update_entries(entries)
        added = self._update_identifiers(entries)
        return [
            (record_id, "updated" if record_id in added else outcome)
            for record_id, outcome in results
        ]

    @api.model
    def _get_changes(self, record, entry):
        changes = super()._get_changes(record, entry)
        deceased = entry.incoming.words.get("deceased")
        if deceased is False and record.deceased_at:
            changes["deceased_at"] = False
        elif deceased and not record.deceased_at and "deceased_at" not in changes:
            changes["deceased_at"] = fields.Datetime.now()
        return changes

    @api.model
    def _update_identifiers(self, entries):
        """Add identifiers that are new to known patients; return the patients' ids."""
        Identifier = self.env["patient.identifier"]
        rows = Identifier.search(
            [("patient_id", "in", [entry.record_id for entry in entries])]
        )
        known = {(row.patient_id.id, row.system, row.value): row for row in rows}
        fresh, touched = [], set()
        for entry in entries:
            for vals in self._get_identifier_vals(entry):
                row = known.get((entry.record_id, vals["system"], vals["value"]))
                if not row:
                    fresh.append({**vals, "patient_id": entry.record_id})
                    touched.add(entry.record_id)
                elif vals["type_code"] and row.type_code != vals["type_code"]:
                    row.type_code = vals["type_code"]
                    touched.add(entry.record_id)
        self._create_identifiers(fresh)
        return touched

    # numbers

    @api.model
    def _get_own_systems(self):
        """Return the systems whose numbers are columns of the patient."""
        company = self.env.company
        return {company.fhir_mrn_system, company.fhir_national_id_system} - {False}

    @api.model
    def _sees_identity(self):
        return self.env.su or self.env.user.has_group(IDENTITY_GROUP)

    @api.model
    def _is_identity(self, value, kind):
        """Tell whether a number is a resident identity number, whatever its system."""
        return (kind or "").startswith(NATIONAL) or identity.is_valid(value)

    @api.model
    def _set_numbers(self, entry):
        """Set MRN and identity number from the systems that the hospital named."""
        company = self.env.company
        for system, value, kind in entry.incoming.identifiers:
            if system == company.fhir_mrn_system:
                entry.vals["mrn"] = value.upper()
            elif system == company.fhir_national_id_system and self._sees_identity():
                entry.vals["national_id"] = value.upper()
            elif system == company.fhir_national_id_system:
                self._warn_of_identity(
                    entry, _lt("This account may not keep identity numbers.")
                )
            elif self._is_identity(value, kind):
                self._warn_of_identity(
                    entry,
                    _lt(
                        "An identity number is not kept: its system is not the one that "
                        "the hospital has set for identity numbers."
                    ),
                )

    @api.model
    def _warn_of_identity(self, entry, text):
        place = entry.node.at("identifier")
        entry.warnings.append(Issue("security", text, place, "warning"))

    @api.model
    def _get_identifier_vals(self, entry):
        """Return the rows of ``patient.identifier`` that an entry asks for."""
        own = self._get_own_systems()
        kinds = {row[:2]: row[2] for row in entry.incoming.identifiers}
        return [
            {
                "system": key[0],
                "value": key[1],
                "type_code": kinds.get(key, RESOURCE_IDENTIFIER),
            }
            for key in entry.keys
            if key[0] not in own and not self._is_identity(key[1], kinds.get(key))
        ]

    # address and language

    @api.model
    def _get_places(self, entries):
        """Return (countries, states) by their codes and names, for all entries."""
        words = [entry.incoming.words for entry in entries]
        countries = {found["country"] for found in words if found.get("country")}
        states = {found["state"] for found in words if found.get("state")}
        own = self.env.company.country_id
        Country = self.env["res.country"]
        found = Country.search(
            ["|", ("code", "in", list(countries)), ("name", "in", list(countries))]
        )
        by_word = {
            word: country for country in found for word in (country.name, country.code)
        }
        parts = self.env["res.country.state"].search(
            [
                ("country_id", "in", (found | own).ids),
                "|",
                ("code", "in", list(states)),
                ("name", "in", list(states)),
            ]
        )
        by_part = {
            (part.country_id.id, word): part
            for part in parts
            for word in (part.name, part.code)
        }
        return by_word, by_part

    @api.model
    def _set_place(self, entry, places):
        by_word, by_part = places
        words = entry.incoming.words
        country = by_word.get(words["country"])
        home = country or (not words["country"] and self.env.company.country_id)
        part = by_part.get((home.id, words["state"])) if home else None
        entry.vals["country_id"] = country.id if country else bool(part) and home.id
        entry.vals["state_id"] = part.id if part else False
        for name, found in (("country", country), ("state", part)):
            if words[name] and not found:
                entry.warnings.append(
                    Issue(
                        "value",
                        _lt(
                            "The %(element)s of the address is not known.", element=name
                        ),
                        entry.node.at("address"),
                        "warning",
                    )
                )

    @api.model
    def _get_languages(self, entries):
        """Return code → language for all languages, installed or not."""
        if not any("language" in entry.incoming.words for entry in entries):
            return {}
        languages = self.env["res.lang"].with_context(active_test=False)
        return {
            found.code: found for found in languages.search([("code", "!=", False)])
        }

    @api.model
    def _set_language(self, entry, languages):
        code = entry.incoming.words["language"].replace("-", "_")
        short = code.partition("_")[0].lower()
        choices = [code, LANGUAGES.get(short)]
        choices += sorted(
            found for found in languages if found.partition("_")[0] == short
        )
        found = next(
            (languages[choice] for choice in choices if choice in languages), None
        )
        if found:
            entry.vals["language_id"] = found.id
        else:
            entry.warnings.append(
                Issue(
                    "code-invalid",
                    _lt("This language is not known."),
                    entry.node.at("communication"),
                    "warning",
                )
            )

    # READ AND SEARCH

    @api.model
    def _search_by_identifier(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        system, number = searching.token(value)
        company = self.env.company
        rows = Domain("value", "=", number) if number else Domain.TRUE
        if system is not None:
            rows &= Domain("system", "=", system)
        found = Domain("identifier_ids", "any", rows)
        if number and system in (None, company.fhir_mrn_system or ""):
            found |= Domain("mrn", "=", number.upper())
        named = system and system == company.fhir_national_id_system
        if number and named and self._sees_identity():
            found |= Domain("national_id", "=", number.upper())
        return found

    @api.model
    def _search_by_name(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier, "exact", "contains")
        if modifier == "exact":
            return Domain("name", "=", value)
        if modifier == "contains":
            return Domain("name", "ilike", escape_psql(value))
        words = [" " + escape_psql(word) for word in value.lower().split()]
        return Domain.AND(Domain("search_key", "ilike", word) for word in words)

    @api.model
    def _search_by_birth_date(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        return searching.instant_domain("birth_date", *searching.days(name, value))

    @api.model
    def _search_by_phone(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        digits = names.digits(searching.token(value)[1])
        if not digits:
            return Domain.FALSE
        # The key holds digits only; the number itself must be the whole word.
        return Domain("search_key", "ilike", f" {digits}") & Domain.OR(
            Domain("search_key", "=like", pattern)
            for pattern in (f"% {digits}", f"% {digits} %")
        )

    @api.model
    def _search_by_gender(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        return Domain("gender", "=", searching.token(value)[1])

    @api.model
    def _get_moments(self, ids):
        """A patient changes with the contact that holds name, telephone and address."""
        return {
            record.id: max(record.write_date, record.partner_id.write_date)
            for record in self._browse(list(ids))
        }

    @api.model
    def _get_render_values(self, records, server):
        return [self._get_values(record) for record in records]

    @api.model
    def _get_values(self, record):
        plain = (
            "name",
            "phone",
            "email",
            "gender",
            "birth_date",
            "deceased_at",
            "street",
            "street2",
            "city",
            "zip",
            "active",
        )
        return {
            **{field: record[field] for field in plain},
            "identifiers": self._get_identifiers(record),
            "state": record.state_id.name,
            "country": record.country_id.code,
            "language": (record.language_id.code or "").replace("_", "-"),
        }

    @api.model
    def _get_identifiers(self, record):
        company = self.env.company
        rows = [(company.fhir_mrn_system, record.mrn, "MR")]
        if self._sees_identity():
            rows.append((company.fhir_national_id_system, record.national_id, "NI"))
        rows += [
            (row.system, row.value, row.type_code) for row in record.identifier_ids
        ]
        return rows
