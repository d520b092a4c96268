import psycopg2

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, split_every
from odoo.tools.translate import LazyTranslate

from ...tools import incoming, outgoing, searching
from ...tools.intake import Entry
from ...tools.log_filters import quiet_statements
from ...tools.outcome import Problem

_lt = LazyTranslate(__name__)

# Rows per statement: bounds the memory of a large Bundle.
BATCH = 1_000
# A file from another system is no act of a user: neither log nor followers.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
}


class PatientFhirResource(models.AbstractModel):
    """One resource type, both ways. Set ``_fhir_type`` and ``_fhir_model``.

    SPECIFICATIONS of the intake:
      * one query finds all records that are known, one call makes all new ones;
      * a record is compared before it is written: what is equal is not touched;
      * when a batch fails it is halved until the bad entries stand alone.
    """

    _name = "patient.fhir.resource"
    _description = "FHIR Resource"

    _fhir_type = None
    _fhir_model = None
    # name of the link → (type, field, required)
    _fhir_links = {}
    # search parameter → name of the method that returns its domain
    _fhir_search = {}

    # INTAKE

    @api.model
    def _read_entries(self, intake):
        """Read and check the resources; no look-up in the record yet."""
        zone = self.env.company._get_patient_tz()
        for entry in intake.of_kind(self._fhir_type):
            try:
                entry.incoming = incoming.read(entry.node, self._fhir_type, zone)
                intake.add_keys(entry)
                entry.warnings += entry.incoming.warnings
            except Problem as problem:
                entry.reject(problem)

    @api.model
    def _keep_entries(self, intake):
        """Bring the record up to date with the entries of this type."""
        entries = intake.of_kind(self._fhir_type)
        self._find_records(entries)
        self._resolve_links(intake, entries)
        entries = [entry for entry in entries if entry.alive and not entry.outcome]
        self._prepare(intake, entries)
        entries = [entry for entry in entries if entry.alive and not entry.outcome]
        fresh = [entry for entry in entries if not entry.record_id]
        known = [entry for entry in entries if entry.record_id]
        for part in split_every(BATCH, fresh, list):
            self._keep_or_halve(part, self._create_entries)
        for part in split_every(BATCH, known, list):
            self._keep_or_halve(part, self._update_entries)

    # records that are known

    @api.model
    def _find_records(self, entries):
        found = self._find_by_keys({key for entry in entries for key in entry.keys})
        own_ids = [entry.own_id for entry in entries if entry.own_id is not None]
        mine = (
            self._search_records([("id", "in", own_ids)]) if own_ids else self._browse()
        )
        owners = {}
        for entry in entries:
            try:
                entry.record_id = self._choose_record(entry, found, mine)
                owner = owners.setdefault(entry.record_id, entry)
                if entry.record_id and owner is not entry:
                    self._refuse_second(entry, owner)
            except Problem as problem:
                entry.reject(problem)
        self._check_versions(entries)
        for entry in entries:
            if entry.alive and entry.record_id and entry.keep_existing:
                entry.outcome = "unchanged"

    @api.model
    def _choose_record(self, entry, found, mine):
        """Return the id of the record that an entry speaks of, or None."""
        ids = {found[key] for key in entry.keys if key in found}
        if entry.own_id is not None:
            if entry.own_id not in mine.ids:
                raise Problem.of(
                    404, "not-found", _lt("This server has no such record."), entry.path
                )
            ids.add(entry.own_id)
        if len(ids) > 1:
            raise Problem.of(
                412,
                "multiple-matches",
                _lt(
                    "The identifiers belong to %(count)s different records. Merge the "
                    "records or correct the identifiers.",
                    count=len(ids),
                ),
                f"{entry.path}.resource.identifier",
            )
        return next(iter(ids), None)

    @api.model
    def _refuse_second(self, entry, owner):
        raise Problem.of(
            422,
            "duplicate",
            _lt(
                "Entry %(other)s of this Bundle is the same record.", other=owner.index
            ),
            f"{entry.path}.resource",
        )

    @api.model
    def _check_versions(self, entries):
        """Refuse entries whose ``ifMatch`` is not the version of the record."""
        asked = [entry for entry in entries if entry.alive and entry.if_match]
        moments = self._get_moments(
            entry.record_id for entry in asked if entry.record_id
        )
        for entry in asked:
            moment = moments.get(entry.record_id)
            if not moment or entry.if_match != self._get_etag(moment):
                entry.reject(
                    Problem.of(
                        412,
                        "conflict",
                        _lt("The record has changed since it was read."),
                        f"{entry.path}.request.ifMatch",
                    )
                )

    @api.model
    def _find_by_keys(self, keys):
        """Return (system, value) → record id, for those of the company that are known."""
        return self._select_keys(
            keys, SQL("source_system"), SQL("source_id"), SQL("id"), self._fhir_model
        )

    @api.model
    def _select_keys(self, keys, system, value, record, model):
        """Look pairs up in two columns of a table, in one query over its unique index."""
        if not keys:
            return {}
        self.env[model].flush_model()
        systems, values = zip(*keys, strict=True)
        rows = self.env.execute_query(
            SQL(
                """SELECT known.%(system)s, known.%(value)s, known.%(record)s
                     FROM unnest(%(systems)s::text[], %(values)s::text[])
                          AS wanted(system, value)
                     JOIN %(table)s AS known
                       ON known.company_id = %(company)s
                      AND known.%(system)s = wanted.system
                      AND known.%(value)s = wanted.value""",
                system=system,
                value=value,
                record=record,
                systems=list(systems),
                values=list(values),
                table=SQL.identifier(self.env[model]._table),
                company=self.env.company.id,
            )
        )
        return {
            (found_system, found): record_id for found_system, found, record_id in rows
        }

    # links

    @api.model
    def _resolve_links(self, intake, entries):
        """Set ``entry.links``: name → record id, for each of ``_fhir_links``."""
        targets = self._get_targets(intake, entries)
        for name, (kind, _field, _required) in self._fhir_links.items():
            found = self._find_targets(
                kind, [row[1] for row in targets if row[0] == name]
            )
            for _name, target, entry in (row for row in targets if row[0] == name):
                self._set_link(entry, name, kind, target, found)

    @api.model
    def _get_targets(self, intake, entries):
        """Return (name, target, entry) of every reference; wrong ones reject the entry."""
        rows = []
        for entry in entries:
            try:
                for name, (kind, _field, required) in self._fhir_links.items():
                    place = entry.incoming.places[name]
                    target = intake.resolve(place, kind, entry)
                    if target is None and required:
                        place.refuse(
                            None,
                            "required",
                            _lt("A %(kind)s is missing here.", kind=kind),
                        )
                    if target is not None:
                        rows.append((name, target, entry))
            except Problem as problem:
                entry.reject(problem)
        return [row for row in rows if row[2].alive]

    @api.model
    def _find_targets(self, kind, targets):
        """Look up in the record what the Bundle does not bring: key or id → id."""
        resource = self.env["patient.fhir.exchange"]._get_resource(kind)
        keys = {key for target in targets if isinstance(target, list) for key in target}
        ids = [target for target in targets if isinstance(target, int)]
        own = (
            resource._search_records([("id", "in", ids)]) if ids else resource._browse()
        )
        return {**resource._find_by_keys(keys), **{found: found for found in own.ids}}

    @api.model
    def _set_link(self, entry, name, kind, target, found):
        place = entry.incoming.places[name]
        if isinstance(target, Entry):
            if not target.record_id or not target.alive:
                entry.reject(
                    Problem.of(
                        422,
                        "not-found",
                        _lt(
                            "It points to entry %(other)s, not kept.",
                            other=target.index,
                        ),
                        place.at("reference"),
                    )
                )
            entry.links[name] = target.record_id
            return
        choices = target if isinstance(target, list) else [target]
        ids = {found[choice] for choice in choices if choice in found}
        if len(ids) != 1:
            entry.reject(
                Problem.of(
                    422,
                    "not-found",
                    _lt("No %(kind)s is found for this reference.", kind=kind),
                    place.at("reference"),
                )
            )
        entry.links[name] = next(iter(ids), None)

    @api.model
    def _refuse_visits_of_others(self, entries):
        """Reject what happened at a visit of somebody else."""
        linked = [
            entry for entry in entries if entry.alive and entry.links.get("encounter")
        ]
        # sudo: patient.encounter: only whose visit it is is read
        encounters_sudo = (
            self.env["patient.encounter"]
            .sudo()
            .browse({entry.links["encounter"] for entry in linked})
        )
        owners = {
            encounter.id: encounter.patient_id.id for encounter in encounters_sudo
        }
        for entry in linked:
            if owners[entry.links["encounter"]] != entry.links["patient"]:
                entry.reject(
                    Problem.of(
                        422,
                        "business-rule",
                        _lt("The visit is one of another patient."),
                        entry.incoming.places["encounter"].at("reference"),
                    )
                )

    # keeping

    @api.model
    def _prepare(self, intake, entries):
        """Set ``entry.vals`` of all entries; look-ups in as many queries for all as for one."""
        for entry in entries:
            entry.vals = dict(entry.incoming.values)
            for name, (_kind, field, _required) in self._fhir_links.items():
                entry.vals[field] = entry.links.get(name)

    @api.model
    def _keep_or_halve(self, entries, keep):
        """Keep entries together; when that fails in halves, until the bad stand alone.

        :param keep: a method that takes entries and returns (record id, outcome) of each
        """
        try:
            with quiet_statements(), self.env.cr.savepoint():
                results = keep(entries)
        except psycopg2.errors.UniqueViolation as error:
            # All known keys were looked up: another worker has just added one.
            raise ConcurrencyError from error
        except (UserError, psycopg2.DataError, psycopg2.IntegrityError) as error:
            if len(entries) == 1:
                entries[0].reject(self._get_problem(entries[0], error))
                return
            middle = len(entries) // 2
            self._keep_or_halve(entries[:middle], keep)
            self._keep_or_halve(entries[middle:], keep)
            return
        for entry, (record_id, outcome) in zip(entries, results, strict=True):
            entry.record_id, entry.outcome = record_id, outcome

    @api.model
    def _get_problem(self, entry, error):
        """Return the Problem of an entry that the record refuses."""
        path = f"{entry.path}.resource"
        if isinstance(error, UserError):
            status = getattr(error, "http_status", 422)
            code = "forbidden" if status == 403 else "business-rule"
            return Problem.of(status, code, str(error), path)
        return Problem.of(
            422, "value", _lt("The record cannot hold these values."), path
        )

    @api.model
    def _create_entries(self, entries):
        records = self._browse().create(
            [self._get_create_vals(entry) for entry in entries]
        )
        return [(record.id, "created") for record in records]

    @api.model
    def _get_create_vals(self, entry):
        return entry.vals

    @api.model
    def _update_entries(self, entries):
        """Write what differs; records that differ alike are written together."""
        records = self._browse([entry.record_id for entry in entries])
        by_id = {record.id: record for record in records}
        results, groups = [], {}
        for entry in entries:
            record = by_id[entry.record_id]
            changes = self._get_changes(record, entry)
            if changes:
                groups.setdefault(repr(sorted(changes.items())), []).append(
                    (record, changes)
                )
            results.append((record.id, "updated" if changes else "unchanged"))
        for rows in groups.values():
            alike = self._browse([record.id for record, _changes in rows])
            alike.with_context(tracking_disable=False).write(rows[0][1])
        return results

    @api.model
    def _get_changes(self, record, entry):
        """Return the values of an entry that the record does not have yet."""
        return {
            field: value
            for field, value in entry.vals.items()
            if not self._is_same(record, field, value)
        }

    @api.model
    def _is_same(self, record, field, value):
        current = record[field]
        if isinstance(current, models.BaseModel):
            current = current.id
        return (current or False) == (value or False)

    # READ AND SEARCH

    @api.model
    def _fhir_read(self, record_id, server):
        """Return (resource, moment of the last write) of one record, or None."""
        record = self._search_records([("id", "=", record_id)], limit=1)
        if not record:
            return None
        return self._render(record, server)[0], self._get_moments(record.ids)[record.id]

    @api.model
    def _fhir_search_domain(self, params, zone, server):
        """Return the Domain of search parameters: [(name, value)].

        :raise Problem: 400 that names the parameter that is not understood
        """
        domains = []
        for name, value in params:
            plain, _colon, modifier = name.partition(":")
            method = self._fhir_search.get(plain)
            if not method:
                searching.refuse(name, _lt("This is not searched by."), "not-supported")
            choices = [
                searching.clean(name, part)
                for part in searching.split(value)
                if part.strip()
            ]
            if choices:
                found = (
                    getattr(self, method)(name, choice, modifier, zone, server)
                    for choice in choices
                )
                domains.append(Domain.OR(found))
        return Domain.AND(domains)

    @api.model
    def _fhir_page(self, domain, count, after, server):
        """Return (resources, whether there are more) of one page, by ascending id."""
        page = Domain("id", ">", after) & domain
        records = self._search_records(page, limit=count + 1, order="id")
        return self._render(records[:count], server), len(records) > count

    @api.model
    def _search_by_id(self, name, value, modifier, _zone, server):
        self._refuse_modifier(name, modifier)
        return Domain("id", "=", server.own_id(value) or 0)

    @api.model
    def _search_by_patient(self, name, value, modifier, _zone, server):
        self._refuse_modifier(name, modifier, "Patient")
        value = value.removeprefix(server.base + "/").removeprefix("Patient/")
        return Domain("patient_id", "=", server.own_id(value) or 0)

    @api.model
    def _search_by_encounter(self, name, value, modifier, _zone, server):
        self._refuse_modifier(name, modifier, "Encounter")
        value = value.removeprefix(server.base + "/").removeprefix("Encounter/")
        return Domain("encounter_id", "=", server.own_id(value) or 0)

    @api.model
    def _search_by_source(self, name, value, modifier, _zone, _server):
        self._refuse_modifier(name, modifier)
        system, number = searching.token(value)
        found = Domain("source_id", "=", number) if number else Domain.TRUE
        return found & Domain("source_system", "=", system) if system else found

    @api.model
    def _refuse_modifier(self, name, modifier, *allowed):
        if modifier and modifier not in allowed:
            searching.refuse(name, _lt("This modifier is not known."), "not-supported")

    @api.model
    def _render(self, records, server):
        """Return the resources of records, in as many queries for all as for one."""
        moments = self._get_moments(records.ids)
        rows = self._get_render_values(records, server)
        build = self._get_builder()
        return [
            build(
                {
                    **values,
                    "id": server.id_of(record.id),
                    "written_at": moments[record.id],
                }
            )
            for record, values in zip(records, rows, strict=True)
        ]

    @api.model
    def _get_builder(self):
        """Return the function that makes a resource of prepared values."""
        return getattr(outgoing, self._fhir_type.lower())

    @api.model
    def _get_render_values(self, records, server):
        """Return a dict for each record, as ``tools.outgoing`` wants it."""
        raise NotImplementedError

    @api.model
    def _refer(self, kind, record, server, display=None):
        if not record:
            return None
        return {
            "reference": f"{kind}/{server.id_of(record.id)}",
            "display": display,
        }

    # TOOLS

    @api.model
    def _browse(self, ids=()):
        return self.env[self._fhir_model].with_context(**QUIET).browse(ids)

    @api.model
    def _search_records(self, domain, **kwargs):
        """Search records of the present company; archived ones too."""
        found = self._get_own() & Domain(domain)
        return self._browse().with_context(active_test=False).search(found, **kwargs)

    @api.model
    def _count_records(self, domain):
        found = self._get_own() & Domain(domain)
        return self._browse().with_context(active_test=False).search_count(found)

    @api.model
    def _get_own(self):
        """Return the domain of the records of the present company that are this type."""
        return Domain("company_id", "=", self.env.company.id)

    @api.model
    def _get_moments(self, ids):
        """Return id → when the record was last written."""
        return {record.id: record.write_date for record in self._browse(list(ids))}

    @api.model
    def _get_etag(self, moment):
        return f'W/"{outgoing.version(moment)}"'
