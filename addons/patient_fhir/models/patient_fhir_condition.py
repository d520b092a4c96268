from odoo import api, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ..tools import searching
from ..tools.incoming_common import RESOURCE_IDENTIFIER

_lt = LazyTranslate(__name__)


class PatientFhirCondition(models.AbstractModel):
    """Condition. It belongs to its source: what the resource does not say is emptied."""

    _name = "patient.fhir.condition"
    _inherit = "patient.fhir.resource"
    _description = "FHIR Condition"

    _fhir_type = "Condition"
    _fhir_model = "patient.condition"
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
        "date": "_search_by_date",
        "onset-date": "_search_by_onset",
        "recorded-date": "_search_by_recorded",
    }

    # INTAKE

    @api.model
    def _resolve_links(self, intake, entries):
        super()._resolve_links(intake, entries)
        self._refuse_visits_of_others(entries)

    @api.model
    def _get_create_vals(self, entry):
        system, name = entry.keys[0]
        return {**entry.vals, "source_system": system, "source_id": name}

    # READ AND SEARCH

    @api.model
    def _search_by_code(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        return searching.coding_domain(value)

    @api.model
    def _search_by_onset(self, name, value, modifier, zone, _server):
        self._refuse_modifier(name, modifier)
        return searching.instant_domain(
            "onset_at", *searching.period(name, value, zone)
        )

    @api.model
    def _search_by_recorded(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        return searching.instant_domain("recorded_on", *searching.days(name, value))

    @api.model
    def _search_by_date(self, name, value, modifier, zone, server):
        """Onset, else the day it was recorded on."""
        onset = self._search_by_onset(name, value, modifier, zone, server)
        prefix, begin, end = searching.period(name, value, zone)
        begin, end = (
            self.env.company._patient_local_date(edge) for edge in (begin, end)
        )
        recorded = searching.instant_domain(
            "recorded_on", prefix, begin, max(begin, end)
        )
        return onset | (Domain("onset_at", "=", False) & recorded)

    @api.model
    def _get_render_values(self, records, server):
        plain = (
            "code_system",
            "code",
            "name",
            "clinical_status",
            "verification_status",
            "onset_at",
            "abated_at",
            "recorded_on",
        )
        return [
            {
                **{field: record[field] for field in plain},
                "identifiers": [
                    (record.source_system, record.source_id, RESOURCE_IDENTIFIER)
                ],
                "patient": self._refer("Patient", record.patient_id, server),
                "encounter": self._refer("Encounter", record.encounter_id, server),
            }
            for record in records
        ]
