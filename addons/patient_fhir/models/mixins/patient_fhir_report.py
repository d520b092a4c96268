import hashlib
import json

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.patient_relations.tools.selections import get_label

from ...tools import outgoing_report, searching
from ...tools.incoming_common import RESOURCE_IDENTIFIER
from ...tools.intake import URI_SYSTEM
from ...tools.report_codes import CATEGORIES, OURS, OWN_CATEGORIES, VOID

# A report is more than its row: it has the fingerprint of what was sent.
DIGEST = "fhir_digest"
FILE_MODEL = "patient.examination.file"


class PatientFhirReport(models.AbstractModel):
    """What DiagnosticReport and DocumentReference share: both are patient.examination.

    SPECIFICATIONS:
      * a report is found again by any identifier it came with; only the first of its
        keys is kept unique by the database;
      * what comes again as it was sent last changes nothing, also where a person has
        amended the report; only values that have arrived meanwhile join it;
      * a file is known by its SHA-256: it is added once and never taken away;
      * a report entered in error stays so; one nobody knew of is passed over.
    """

    _name = "patient.fhir.report"
    _inherit = "patient.fhir.resource"
    _description = "FHIR Report"

    _fhir_model = "patient.examination"
    _fhir_links = {
        "patient": ("Patient", "patient_id", True),
        "encounter": ("Encounter", "encounter_id", False),
    }
    # before the source's id, where two types must not be taken for each other
    _fhir_prefix = ""
    # code of FHIR → status of a report
    _fhir_statuses = {}

    # INTAKE

    @api.model
    def _resolve_links(self, intake, entries):
        super()._resolve_links(intake, entries)
        self._refuse_visits_of_others(entries)

    @api.model
    def _prepare(self, intake, entries):
        """Set ``entry.vals``: values of the report, ids of its values, its files."""
        for entry in entries:
            void = entry.incoming.values["status"] == VOID
            if void and not entry.record_id:
                entry.outcome = "ignored"  # a mistake nobody knew of
        kept = [entry for entry in entries if not entry.outcome]
        performers = self._prepare_performers(intake, kept)
        values = self._find_values(intake, kept)
        for entry in kept:
            entry.vals = {
                "report": self._prepare_report(entry, performers[entry]),
                "values": values[entry],
                "files": self._prepare_files(entry),
            }

    @api.model
    def _prepare_report(self, entry, performers):
        found = {**entry.incoming.values}
        files = found.pop("files")
        digest = self._get_digest(entry, found, performers, files)
        if found["status"] == VOID:
            names = ("status", "fhir_status")
            return {**{name: found[name] for name in names}, DIGEST: digest}
        if not found["name"]:
            del found["name"]  # the record names it by its category
        return {
            "patient_id": entry.links["patient"],
            "encounter_id": entry.links.get("encounter"),
            "fhir_kind": self._fhir_type,
            "fhir_identifiers": self._prepare_identifiers(entry),
            DIGEST: digest,
            **found,
            **performers,
        }

    @api.model
    def _get_digest(self, entry, found, performers, files):
        """Return the fingerprint of what a source says of a report."""
        sent = json.dumps(
            [
                {name: str(value) for name, value in found.items()},
                performers.get("performer"),
                entry.incoming.identifiers,
                [entry.links.get(name) for name in ("patient", "encounter")],
                [hashlib.sha256(file["content"]).hexdigest() for file in files],
            ],
            sort_keys=True,
        )
        return hashlib.sha256(sent.encode()).hexdigest()

    @api.model
    def _prepare_identifiers(self, entry):
        """Return all by which the report is found again; a mere fullUrl may change."""
        kinds = {row[:2]: row[2] for row in entry.incoming.identifiers}
        return [
            {"system": system, "value": value, "type": kinds.get((system, value))}
            for system, value in entry.keys
            if system != URI_SYSTEM
        ]

    @api.model
    def _leave_out(self, identifiers, own):
        """Return identifiers without the key of the record, or None."""
        return [
            row for row in identifiers if (row["system"], row["value"]) != own
        ] or None

    @api.model
    def _get_create_vals(self, entry):
        system, name = entry.keys[0]
        found = entry.vals["report"]
        return {
            **found,
            "fhir_identifiers": self._leave_out(
                found["fhir_identifiers"], entry.keys[0]
            ),
            "source_system": system,
            "source_id": self._fhir_prefix + name,
        }

    @api.model
    def _create_entries(self, entries):
        reports = self._browse().create(
            [self._get_create_vals(entry) for entry in entries]
        )
        pairs = list(zip(reports, entries, strict=True))
        self._add_files([(report, entry.vals["files"]) for report, entry in pairs])
        self._link_values(pairs)
        return [(report.id, "created") for report in reports]

    @api.model
    def _update_entries(self, entries):
        """Bring reports up to date; returns (id, outcome) of each."""
        reports = self._browse([entry.record_id for entry in entries])
        reports.fetch([DIGEST, "status", "history"])
        pairs = list(zip(reports, entries, strict=True))
        open_pairs = [row for row in pairs if row[0].status != VOID]
        changed = [
            (report, entry)
            for report, entry in open_pairs
            if report.fhir_digest != entry.vals["report"][DIGEST]
        ]
        touched = self._write_changes(changed)
        touched |= self._add_files(self._get_new_files(changed))
        gone = self._get_gone_values(changed)
        touched |= self._link_values(open_pairs, gone)
        return [
            (report.id, "updated" if report in touched else "unchanged")
            for report in reports
        ]

    @api.model
    def _write_changes(self, pairs):
        """Write what differs; return the reports that did."""
        groups = {}
        for report, entry in pairs:
            changes = self._get_changes(report, entry)
            if changes:
                groups.setdefault(repr(sorted(changes.items())), []).append(
                    (report, changes)
                )
        touched = self._browse()
        for rows in groups.values():
            alike = self._browse([report.id for report, _changes in rows])
            alike.write(rows[0][1])
            touched |= alike
        self._remember_digests(pairs)
        return touched

    @api.model
    def _get_changes(self, record, entry):
        vals = dict(entry.vals["report"])
        del vals[DIGEST]
        if "fhir_identifiers" in vals:
            own = (record.source_system, self._get_source_id(record))
            vals["fhir_identifiers"] = self._leave_out(vals["fhir_identifiers"], own)
        if vals["status"] == "final" and record.history:
            del vals["status"]  # it was amended, whatever the source calls it
        changes = {
            field: value
            for field, value in vals.items()
            if not self._is_same(record, field, value)
        }
        return self._leave_places(changes)

    @api.model
    def _remember_digests(self, pairs):
        """Keep the fingerprints of what was sent, in one statement."""
        if not pairs:
            return
        self.env.execute_query(
            SQL(
                "UPDATE patient_examination AS report SET fhir_digest = sent.digest"
                " FROM unnest(%s::int[], %s::text[]) AS sent(id, digest)"
                " WHERE report.id = sent.id RETURNING report.id",
                [report.id for report, _entry in pairs],
                [entry.vals["report"][DIGEST] for _report, entry in pairs],
            )
        )
        self._browse([report.id for report, _entry in pairs]).invalidate_recordset(
            [DIGEST]
        )

    # records that are known

    @api.model
    def _find_by_keys(self, keys):
        """Return (system, value) → record id, by the key and the identifiers."""
        stored = {(system, self._fhir_prefix + name): name for system, name in keys}
        found = {
            (system, stored[system, name]): record_id
            for (system, name), record_id in super()._find_by_keys(set(stored)).items()
        }
        return {**self._find_by_identifiers(keys), **found}

    @api.model
    def _find_by_identifiers(self, keys):
        if not keys:
            return {}
        self._browse().flush_model()
        systems, values = zip(*keys, strict=True)
        rows = self.env.execute_query(
            SQL(
                """SELECT wanted.system, wanted.value, report.id
                     FROM unnest(%s::text[], %s::text[]) AS wanted(system, value)
                     JOIN patient_examination AS report
                       ON report.company_id = %s AND report.fhir_kind = %s
                      AND report.fhir_identifiers @> jsonb_build_array(
                          jsonb_build_object(
                              'system', wanted.system, 'value', wanted.value))""",
                list(systems),
                list(values),
                self.env.company.id,
                self._fhir_type,
            )
        )
        return {(system, value): record_id for system, value, record_id in rows}

    @api.model
    def _get_source_id(self, record):
        return (record.source_id or "").removeprefix(self._fhir_prefix)

    # READ AND SEARCH

    @api.model
    def _fhir_read(self, record_id, server):
        """Return one report with its files; pages of a search only tell of them."""
        return super(
            PatientFhirReport, self.with_context(patient_fhir_files=True)
        )._fhir_read(record_id, server)

    @api.model
    def _get_own(self):
        return super()._get_own() & Domain("fhir_kind", "=", self._fhir_type)

    @api.model
    def _search_by_source(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        system, number = searching.token(value)
        by_key = Domain.TRUE
        if number:
            by_key = Domain("source_id", "=", self._fhir_prefix + number)
        if system:
            by_key &= Domain("source_system", "=", system)
        return by_key | Domain("id", "in", self._search_identifiers(system, number))

    @api.model
    def _search_identifiers(self, system, number):
        """Return the ids of reports that came with an identifier."""
        wanted = {"system": system, "value": number}
        wanted = {name: word for name, word in wanted.items() if word}
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM patient_examination"
                " WHERE company_id = %s AND fhir_identifiers @> %s::jsonb",
                self.env.company.id,
                json.dumps([wanted]),
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _search_by_code(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        return searching.coding_domain(value)

    @api.model
    def _search_by_category(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        system, code = searching.token(value)
        if system == OWN_CATEGORIES or code in OURS:
            return Domain("category", "=", code)
        if code not in CATEGORIES:
            return Domain.FALSE
        if CATEGORIES[code] == "other":  # what HL7 has no section for goes out as OTH
            return Domain("category", "in", ["other", "endoscopy", "checkup"])
        return Domain("category", "=", CATEGORIES[code])

    @api.model
    def _search_by_effective(self, name, value, modifier, zone, _server):
        self._refuse_modifier(name, modifier)
        return searching.instant_domain(
            "effective_at", *searching.period(name, value, zone)
        )

    @api.model
    def _search_by_issued(self, name, value, modifier, zone, _server):
        self._refuse_modifier(name, modifier)
        return searching.instant_domain(
            "issued_at", *searching.period(name, value, zone)
        )

    @api.model
    def _get_builder(self):
        return getattr(outgoing_report, self._fhir_type.lower())

    @api.model
    def _get_render_values(self, records, server):
        plain = (
            "category",
            "code_system",
            "code",
            "name",
            "status",
            "effective_at",
            "issued_at",
            "conclusion",
        )
        performers = self._render_performers(records)
        return [
            {
                **{field: record[field] for field in plain},
                "fhir_status": self._get_fhir_status(record),
                "category_name": get_label(record, "category"),
                "identifiers": self._get_identifiers(record),
                "patient": self._refer("Patient", record.patient_id, server),
                "encounter": self._refer("Encounter", record.encounter_id, server),
                "performers": performers[record],
                "results": self._render_values_of(record, server),
                "files": self._render_files(record),
            }
            for record in records
        ]

    @api.model
    def _get_fhir_status(self, record):
        """Return the code of the source while it still holds, else that of our status."""
        sent = record.fhir_status
        if sent in self._fhir_statuses and self._fhir_statuses[sent] == record.status:
            return sent
        return record.status.replace("_", "-")

    @api.model
    def _get_identifiers(self, record):
        own = (record.source_system, self._get_source_id(record), RESOURCE_IDENTIFIER)
        rows = [
            (row["system"], row["value"], row["type"])
            for row in record.fhir_identifiers or ()
        ]
        return [own, *rows]

    @api.model
    def _get_moments(self, ids):
        """Return id → when the report, one of its files or of its values was written."""
        ids = list(ids)
        if not ids:
            return {}
        for model in ("patient.examination", FILE_MODEL, "patient.measurement"):
            self.env[model].flush_model(["write_date"])
        rows = self.env.execute_query(
            SQL(
                """SELECT report.id, greatest(
                              report.write_date,
                              (SELECT max(write_date) FROM patient_examination_file
                                WHERE examination_id = report.id),
                              (SELECT max(write_date) FROM patient_measurement
                                WHERE examination_id = report.id))
                     FROM patient_examination AS report
                    WHERE report.id IN %s""",
                tuple(ids),
            )
        )
        return dict(rows)
