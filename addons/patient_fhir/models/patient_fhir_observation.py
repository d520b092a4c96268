import hashlib
import re

import psycopg2

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.patient_health.tools.content_hash import get_content_hash
from odoo.addons.patient_health.tools.units import is_unit

from ..tools import searching
from ..tools.incoming_common import RESOURCE_IDENTIFIER
from ..tools.incoming_observation import UNITS_OF_MEASURE, VOID
from ..tools.outcome import Issue

_lt = LazyTranslate(__name__)

LOINC = "http://loinc.org"
# A code whose catalogue nobody named.
NO_SYSTEM = "unknown"
# Category of an indicator → that of FHIR; laboratory otherwise.
CATEGORIES = {
    "vital": "vital-signs",
    "body": "vital-signs",
    "mind": "survey",
    "lifestyle": "social-history",
}
INTERPRETATIONS = {
    ("normal", False): "N",
    ("abnormal", "low"): "L",
    ("abnormal", "high"): "H",
    ("act", "low"): "L",
    ("act", "high"): "H",
    ("critical", "low"): "LL",
    ("critical", "high"): "HH",
    ("abnormal", False): "A",
    ("act", False): "A",
    ("critical", False): "AA",
}


class PatientFhirObservation(models.AbstractModel):
    """Observation: one value of the health record, or several that belong together.

    SPECIFICATIONS:
      * a code that no indicator has makes a new one, which waits to be reviewed;
      * a unit that cannot be converted leaves the value as text, and listed;
      * what changes at the source corrects the value, and the former one is kept;
      * cancelled and entered in error end the values that are known.
    """

    _name = "patient.fhir.observation"
    _inherit = "patient.fhir.resource"
    _description = "FHIR Observation"

    _fhir_type = "Observation"
    _fhir_model = "patient.measurement"
    _fhir_links = {
        "patient": ("Patient", "patient_id", True),
        "encounter": ("Encounter", "encounter_id", False),
    }
    _fhir_search = {
        "_id": "_search_by_id",
        "identifier": "_search_by_source",
        "patient": "_search_by_patient",
        "subject": "_search_by_patient",
        "encounter": "_search_by_encounter",
        "code": "_search_by_code",
        "category": "_search_by_category",
        "date": "_search_by_date",
    }

    # INTAKE

    @api.model
    def _resolve_links(self, intake, entries):
        super()._resolve_links(intake, entries)
        self._refuse_visits_of_others(entries)

    @api.model
    def _prepare(self, intake, entries):
        """Set ``entry.vals``: head values, and the values of each part."""
        for entry in entries:
            found = entry.incoming.values
            if not found["parts"] and not entry.record_id:
                entry.outcome = "ignored"  # a promise, or a mistake nobody knew of
        kept = [entry for entry in entries if not entry.outcome]
        indicators = self._get_indicators(
            part for entry in kept for part in entry.incoming.values["parts"]
        )
        for entry in kept:
            found = entry.incoming.values
            entry.vals = {
                "head": self._prepare_head(found),
                "parts": [
                    self._prepare_part(part, indicators, entry)
                    for part in found["parts"]
                ],
            }

    @api.model
    def _prepare_head(self, found):
        panel = found["panel"]
        sent = [
            found["status"] in VOID,
            str(found["effective_at"]),
            panel,
            found["parts"],
        ]
        return {
            "fhir_status": found["status"],
            "fhir_code_system": panel["system"],
            "fhir_code": panel["code"],
            "fhir_name": panel["name"],
            "fhir_digest": get_content_hash(sent),
        }

    @api.model
    def _prepare_part(self, part, indicators, entry):
        """Return the values of a measurement."""
        indicator = indicators[self._get_key(part)]
        vals = {
            "patient_id": entry.links["patient"],
            "encounter_id": entry.links.get("encounter"),
            "indicator_id": indicator.id,
            "effective_at": entry.incoming.values["effective_at"],
            "origin": "exchange",
        }
        return {**vals, **self._prepare_value(part, indicator)}

    @api.model
    def _prepare_value(self, part, indicator):
        kind, value = part["kind"], part["value"]
        if kind == "number" and indicator.value_kind == "number":
            unit = part["unit"]
            own = unit in (indicator.unit_code, indicator.unit_text)
            return {"value": value, "unit_text": None if own else unit}
        if kind == "option" and indicator.value_kind == "option":
            return {"option_id": self._get_option(indicator, part).id}
        if kind == indicator.value_kind == "yes_no":
            return {"answer": value}
        words = part.get("label") or value
        if kind == "number":
            words = " ".join(filter(None, (f"{value:g}", part["unit"])))
        return {"text": words}

    @api.model
    def _create_entries(self, entries):
        """Create heads in one call and what belongs to them in another."""
        heads = self._browse().create(
            [self._get_create_vals(entry) for entry in entries]
        )
        self._create_parts(
            [
                {**vals, "fhir_head_id": head.id}
                for head, entry in zip(heads, entries, strict=True)
                for vals in entry.vals["parts"][1:]
            ]
        )
        for head, entry in zip(heads, entries, strict=True):
            self._warn_of_texts(head, entry)
        return [(head.id, "created") for head in heads]

    @api.model
    def _warn_of_texts(self, head, entry):
        """Tell the source which numbers could not be understood."""
        for row in head + head.fhir_part_ids:
            if row.unit_text:
                text = _lt(
                    "%(value)s does not fit %(indicator)s: its unit cannot be converted, or "
                    "the value is not plausible. It is kept as text.",
                    value=row.text,
                    indicator=row.indicator_id.name,
                )
                entry.warnings.append(
                    Issue("business-rule", text, f"{entry.path}.resource", "warning")
                )

    @api.model
    def _create_parts(self, vals_list):
        return self._browse().create(vals_list) if vals_list else self._browse()

    @api.model
    def _get_create_vals(self, entry):
        system, name = entry.keys[0]
        return {
            **entry.vals["head"],
            **entry.vals["parts"][0],
            "source_system": system,
            "source_id": name,
        }

    @api.model
    def _update_entries(self, entries):
        """Correct what the source has changed; what came before changes nothing."""
        heads = self._browse([entry.record_id for entry in entries])
        heads.fetch(["fhir_digest", "state"])
        changed = {
            head: entry
            for head, entry in zip(heads, entries, strict=True)
            if head.state != "error"
            and head.fhir_digest != entry.vals["head"]["fhir_digest"]
        }
        if changed:
            self._correct_observations(changed)
        for head, entry in changed.items():
            self._warn_of_texts(head, entry)
        return [
            (head.id, "updated" if head in changed else "unchanged") for head in heads
        ]

    @api.model
    def _correct_observations(self, changed):
        """Bring the values of Observations to what their source says now.

        As many queries for a hundred as for one.

        :param dict changed: head → entry
        """
        reason = self.env._("Changed by the source system")
        heads = self._browse().union(*changed)
        (heads + heads.fhir_part_ids).fetch(["indicator_id", "unit_text"])
        better, missing, gone = {}, [], self._browse()
        for head, entry in changed.items():
            found, parts, left = self._match_parts(head, entry.vals["parts"])
            better.update(found)
            missing += parts
            gone += left
            # sudo: patient.measurement: what the source said last, for the next
            # comparison
            head.sudo().write(entry.vals["head"])
        if better:
            rows = self._browse().union(*better)
            rows._correct_all(list(better.values()), reason)
        self._create_parts(missing)
        if gone:
            gone._void(reason)

    @api.model
    def _match_parts(self, head, parts):
        """Tell the values of an Observation that are known from those that are not.

        :param list parts: values of measurements, as the source says now
        :return: row → its values, values of new rows, rows that are no longer sent
        """
        better, missing, known = {}, [], head + head.fhir_part_ids
        for vals in parts:
            row = known.filtered(
                lambda one, wanted=vals["indicator_id"]: one.indicator_id.id == wanted
            )[:1]
            known -= row
            if row:
                better[row] = vals
            else:
                missing.append({**vals, "fhir_head_id": head.id})
        return better, missing, known

    # indicators

    @api.model
    def _get_indicators(self, parts):
        """Return key → indicator; those that are missing are made."""
        wanted = {self._get_key(part): part for part in parts}
        # sudo: patient.indicator: an account of another system may name new ones
        model_sudo = self.env["patient.indicator"].sudo()
        found = {key: model_sudo._find_by_code(*key) for key in wanted}
        missing = {key: part for key, part in wanted.items() if not found[key]}
        if missing:
            found.update(self._create_indicators(model_sudo, missing))
        return found

    @api.model
    def _get_key(self, part):
        """Return (system, code) of a part; without a code its words are the code."""
        return part["system"] or NO_SYSTEM, part["code"] or part["name"]

    @api.model
    def _create_indicators(self, model_sudo, missing):
        try:
            with self.env.cr.savepoint():
                made = model_sudo.create(
                    [
                        self._prepare_indicator(key, part)
                        for key, part in missing.items()
                    ]
                )
        except psycopg2.errors.UniqueViolation as error:
            # Another worker has just made it: a new transaction sees it.
            raise ConcurrencyError from error
        return dict(zip(missing, made, strict=True))

    @api.model
    def _prepare_indicator(self, key, part):
        system, code = key
        unit = part.get("unit") if part["kind"] == "number" else None
        known = bool(unit) and is_unit(unit)
        vals = {
            "name": part["name"],
            "code": "sent_" + hashlib.sha256(repr(key).encode()).hexdigest()[:12],
            "value_kind": part["kind"],
            "unit_code": unit if known else False,
            "unit_text": False if known else unit,
            "decimals": 2,
            "is_reviewed": False,
            "source": system,
        }
        if system == LOINC and re.fullmatch(r"\d{1,7}-\d", code):
            vals.update(loinc_code=code, code=f"loinc_{code.replace('-', '_')}")
        else:
            vals["code_ids"] = [(0, 0, {"system": system, "code": code})]
        return vals

    @api.model
    def _get_option(self, indicator, part):
        """Return the choice of an indicator by code or words; a new one is made."""
        options = indicator.option_ids
        found = options.filtered(lambda option: option.code == part["value"]) or (
            options.filtered(lambda option: option.name == part["label"])
        )
        return found[:1] or options.create(
            {
                "indicator_id": indicator.id,
                "code": part["value"],
                "name": part["label"],
                "sequence": 100,
            }
        )

    # READ AND SEARCH

    @api.model
    def _get_own(self):
        """Return the domain of what is an Observation: no component, no former value."""
        heads = Domain("fhir_head_id", "=", False) & Domain("state", "!=", "replaced")
        return super()._get_own() & heads

    @api.model
    def _search_by_code(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        system, code = searching.token(value)
        by_indicator = Domain("indicator_id.loinc_code", "=", code) | Domain(
            "indicator_id.code_ids.code", "=", code
        )
        if system and system != LOINC:
            by_indicator = Domain(
                "indicator_id.code_ids",
                "any",
                [("code", "=", code), ("system", "=", system)],
            )
        return by_indicator | Domain("fhir_code", "=", code)

    @api.model
    def _search_by_category(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        _system, code = searching.token(value)
        known = [key for key, found in CATEGORIES.items() if found == code]
        if code == "laboratory":
            return Domain("indicator_id.category", "not in", list(CATEGORIES))
        return Domain("indicator_id.category", "in", known)

    @api.model
    def _search_by_date(self, name, value, modifier, zone, _server):
        self._refuse_modifier(name, modifier)
        return searching.instant_domain(
            "effective_at", *searching.period(name, value, zone)
        )

    @api.model
    def _get_render_values(self, records, server):
        return [
            {
                "identifiers": [
                    (record.source_system, record.source_id, RESOURCE_IDENTIFIER)
                ],
                "status": self._get_status(record),
                "categories": self._get_categories(record),
                "panel": self._get_panel(record),
                "parts": [self._get_part(row) for row in record + record.fhir_part_ids],
                "patient": self._refer("Patient", record.patient_id, server),
                "encounter": self._refer("Encounter", record.encounter_id, server),
                "effective_at": record.effective_at,
            }
            for record in records
        ]

    @api.model
    def _get_status(self, record):
        if record.state == "error":
            return "entered_in_error"
        return record.fhir_status or "final"

    @api.model
    def _get_categories(self, record):
        return [CATEGORIES.get(record.indicator_id.category, "laboratory")]

    @api.model
    def _get_panel(self, record):
        """Return system, code and name of what holds several values, else None."""
        if not record.fhir_part_ids:
            return None
        return record.fhir_code_system, record.fhir_code, record.fhir_name

    @api.model
    def _get_part(self, row):
        indicator = row.indicator_id
        code = (LOINC, indicator.loinc_code, indicator.name)
        if not indicator.loinc_code:
            other = indicator.code_ids[:1]
            system = None if other.system == NO_SYSTEM else other.system
            code = (system, other.code, indicator.name)
        return {
            "code": code,
            "value": self._get_value(row),
            "interpretation": INTERPRETATIONS.get((row.level, row.side)),
        }

    @api.model
    def _get_value(self, row):
        indicator = row.indicator_id
        if row.value is not False:
            quantity = {"value": round(row.value, 6)}
            if indicator.unit_code:
                quantity.update(
                    unit=indicator.unit_label,
                    system=UNITS_OF_MEASURE,
                    code=indicator.unit_code,
                )
            return {"valueQuantity": quantity}
        if row.option_id:
            return {"valueCodeableConcept": {"text": row.option_id.name}}
        if row.answer:
            return {"valueBoolean": row.answer == "yes"}
        return {"valueString": row.text}
