from odoo import api, models
from odoo.fields import Domain

from ..tools import searching
from ..tools.incoming_common import RESOURCE_IDENTIFIER

PLACES = {
    "department": ("patient.fhir.department", "department_id", "fhir_department_id"),
    "practitioner": (
        "patient.fhir.practitioner",
        "practitioner_id",
        "fhir_practitioner_id",
    ),
}


class PatientFhirEncounter(models.AbstractModel):
    """Encounter. It belongs to its source: what the resource does not say is emptied.

    Department and doctor are the exception: an administrator maps them, see
    ``patient.fhir.mapping.mixin``.
    """

    _name = "patient.fhir.encounter"
    _inherit = "patient.fhir.resource"
    _description = "FHIR Encounter"

    _fhir_type = "Encounter"
    _fhir_model = "patient.encounter"
    _fhir_links = {"patient": ("Patient", "patient_id", True)}
    _fhir_search = {
        "_id": "_search_by_id",
        "identifier": "_search_by_source",
        "patient": "_search_by_patient",
        "subject": "_search_by_patient",
        "date": "_search_by_date",
        "status": "_search_by_status",
        "class": "_search_by_class",
    }

    # INTAKE

    @api.model
    def _prepare(self, intake, entries):
        super()._prepare(intake, entries)
        for place, (model, target, row_field) in PLACES.items():
            named = {
                entry: intake.describe(entry.incoming.places[place], entry)
                for entry in entries
            }
            rows = self.env[model]._get_rows(dict(filter(None, named.values())))
            for entry in entries:
                if named[entry]:
                    self._set_row(
                        entry, rows[named[entry][0]], place, target, row_field
                    )

    @api.model
    def _set_row(self, entry, row_sudo, place, target, row_field):
        entry.vals[f"{place}_text"] = row_sudo.name
        entry.vals[row_field] = row_sudo.id
        entry.vals[target] = row_sudo[target].id

    @api.model
    def _get_create_vals(self, entry):
        system, name = entry.keys[0]
        return {**entry.vals, "source_system": system, "source_id": name}

    @api.model
    def _get_changes(self, record, entry):
        # sudo: patient.encounter: the mapping row of a visit is a manager's field
        record_sudo = record.sudo()
        changes = super()._get_changes(record_sudo, entry)
        for _model, target, row_field in PLACES.values():
            # The same place as before: the mapping took care, or somebody did by hand.
            if row_field not in changes:
                changes.pop(target, None)
        return changes

    # READ AND SEARCH

    @api.model
    def _search_by_date(self, name, value, modifier, zone, _server):
        self._refuse_modifier(name, modifier)
        span = searching.period(name, value, zone)
        return searching.period_domain("begins_at", "ended_at", *span)

    @api.model
    def _search_by_status(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        return Domain("status", "=", searching.token(value)[1].replace("-", "_"))

    @api.model
    def _search_by_class(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        return Domain("encounter_class", "=", searching.token(value)[1])

    @api.model
    def _get_render_values(self, records, server):
        # sudo: hr.employee: the name of the doctor of a visit that the user may read
        doctors = {
            record.id: record.practitioner_id.sudo().name or record.practitioner_text
            for record in records
        }
        plain = (
            "status",
            "encounter_class",
            "reason",
            "disposition",
            "planned_at",
            "arrived_at",
            "started_at",
            "ended_at",
        )
        return [
            {
                **{field: record[field] for field in plain},
                "identifiers": [
                    (record.source_system, record.source_id, RESOURCE_IDENTIFIER),
                    (None, record.name, "VN"),
                ],
                "patient": self._refer("Patient", record.patient_id, server),
                "department": {
                    "display": record.department_id.name or record.department_text
                },
                "practitioner": doctors[record.id] and {"display": doctors[record.id]},
            }
            for record in records
        ]
