import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...tools.intake import Entry
from ...tools.outcome import Issue, Problem
from .patient_fhir_report import FILE_MODEL

_lt = LazyTranslate(__name__)

OBSERVATION = "Observation"
DEPARTMENT = "Organization"
# Type of a performer → model of its names, our field, field of the name.
PLACES = {
    DEPARTMENT: ("patient.fhir.department", "department_id", "fhir_department_id"),
    "Practitioner": (
        "patient.fhir.practitioner",
        "practitioner_id",
        "fhir_practitioner_id",
    ),
}
SAME_PLACE = {"PractitionerRole": "Practitioner"}
SEPARATOR = "; "


class PatientFhirReport(models.AbstractModel):
    """What comes with a report: who made it, its values, its files."""

    _inherit = "patient.fhir.report"

    # performers

    @api.model
    def _prepare_performers(self, intake, entries):
        """Return entry → values of who made the report, in as many queries for all.

        The first department and the first doctor are mapped; all names stay as text.
        """
        named = {entry: self._describe_performers(intake, entry) for entry in entries}
        rows = {
            kind: self.env[model]._get_rows(
                {
                    key: words
                    for found in named.values()
                    for own_kind, key, words in found
                    if own_kind == kind
                }
            )
            for kind, (model, _target, _row_field) in PLACES.items()
        }
        return {
            entry: self._get_performer_vals(found, rows)
            for entry, found in named.items()
        }

    @api.model
    def _describe_performers(self, intake, entry):
        """Return (type, key, words) of the performers; type None where nothing tells it."""
        found = []
        try:
            for place in entry.incoming.places["performers"]:
                described = intake.describe(place, entry)
                if described:
                    kind = intake.get_kind(place, entry)
                    found.append((SAME_PLACE.get(kind, kind), *described))
                    if found[-1][0] not in PLACES:
                        self._warn_of_performer(entry, place, described[1])
        except Problem as problem:
            entry.reject(problem)
        return found

    @api.model
    def _warn_of_performer(self, entry, place, words):
        text = _lt(
            "Nothing tells whether “%(name)s” is a department or a doctor: it is kept as "
            "text.",
            name=words,
        )
        entry.warnings.append(Issue("incomplete", text, place.path, "warning"))

    @api.model
    def _get_performer_vals(self, found, rows):
        words = dict.fromkeys(words for _kind, _key, words in found)
        vals = {"performer": SEPARATOR.join(words) or None}
        for kind, (_model, target, row_field) in PLACES.items():
            key = next((key for own, key, _words in found if own == kind), None)
            row_sudo = rows[kind].get(key)
            vals[row_field] = row_sudo.id if row_sudo else None
            if row_sudo and row_sudo[target]:
                vals[target] = row_sudo[target].id
        return vals

    @api.model
    def _leave_places(self, changes):
        """Leave out what follows from a name that has not changed.

        The mapping took care of it, or somebody did by hand.
        """
        for _model, target, row_field in PLACES.values():
            if row_field not in changes:
                changes.pop(target, None)
        return changes

    @api.model
    def _render_performers(self, records):
        """Return report → References to who made it, by name."""
        # sudo: patient.fhir.department, .practitioner, hr.employee: names only, of
        # those who made a report that the user may read
        return {record: self._render_performer(record.sudo()) for record in records}

    @api.model
    def _render_performer(self, record_sudo):
        found, known = [], set()
        for kind, (_model, target, row_field) in PLACES.items():
            row_sudo, target_sudo = record_sudo[row_field], record_sudo[target]
            if kind == DEPARTMENT and not self._has_made(record_sudo):
                continue
            words = target_sudo.name or row_sudo.name
            if words:
                found.append({"type": kind, "display": words})
                known.update((words, row_sudo.name))
        texts = (record_sudo.performer or "").split(SEPARATOR)
        return found + [{"display": text} for text in texts if text not in known]

    @api.model
    def _has_made(self, record_sudo):
        """Tell the department that made a report from the one where the patient lay."""
        visited_sudo = record_sudo.encounter_id.department_id
        return record_sudo.fhir_department_id or (
            record_sudo.department_id != visited_sudo
        )

    # values

    @api.model
    def _find_values(self, intake, entries):
        """Return entry → measurements that its report carries.

        What does not lead to a value of the patient is told, and the report is kept: its
        values may come later. A value of somebody else rejects the report.
        """
        rows = self._get_value_targets(intake, entries)
        found = self._find_targets(
            OBSERVATION, [target for _e, _p, target in rows if target]
        )
        chosen = {}
        for entry, place, target in rows:
            ids = target if isinstance(target, list) else [target]
            record_id = next((found[key] for key in ids if key in found), None)
            if record_id:
                chosen.setdefault(entry, []).append((record_id, place))
            else:
                self._warn_of_value(entry, place)
        return self._check_values(entries, chosen)

    @api.model
    def _get_value_targets(self, intake, entries):
        """Return (entry, place, id or keys) of the Observations that reports name."""
        rows = []
        for entry in entries:
            try:
                for place in entry.incoming.places["results"]:
                    if self._is_value(intake, entry, place):
                        target = intake.resolve(place, OBSERVATION, entry)
                        if isinstance(target, Entry):
                            target = target.record_id if target.alive else None
                        rows.append((entry, place, target))
            except Problem as problem:
                entry.reject(problem)
        return [row for row in rows if row[0].alive]

    @api.model
    def _is_value(self, intake, entry, place):
        """Tell whether a reference leads to an Observation of its own."""
        contained = (place.text("reference", 2000) or "").startswith("#")
        kind = intake.get_kind(place, entry)
        if contained or (kind != OBSERVATION and kind is not None):
            text = _lt("Only Observations with an entry of their own join a report.")
            issue = Issue("not-supported", text, place.path, "warning")
            entry.warnings.append(issue)
            return False
        return True

    @api.model
    def _warn_of_value(self, entry, place):
        text = _lt("No value is found for this reference; the report is kept without.")
        path = place.at("reference") if "reference" in place else place.path
        entry.warnings.append(Issue("not-found", text, path, "warning"))

    @api.model
    def _check_values(self, entries, chosen):
        # sudo: patient.measurement: whose they are, and what belongs to them
        values_sudo = self.env["patient.measurement"].sudo()
        heads_sudo = values_sudo.browse(
            {record_id for rows in chosen.values() for record_id, _place in rows}
        )
        owners = {head.id: head.patient_id.id for head in heads_sudo}
        all_sudo = heads_sudo | heads_sudo.fhir_part_ids
        all_sudo.fetch(["examination_id", "is_sensitive", "fhir_head_id"])
        result = {}
        for entry in entries:
            rows = chosen.get(entry, [])
            for record_id, place in rows:
                if owners[record_id] != entry.links["patient"]:
                    self._refuse_value(entry, place)
            ids = list(dict.fromkeys(record_id for record_id, _place in rows))
            result[entry] = values_sudo.browse(ids)
        return result

    @api.model
    def _refuse_value(self, entry, place):
        text = _lt("The value is one of another patient.")
        entry.reject(Problem.of(422, "business-rule", text, place.at("reference")))

    @api.model
    def _link_values(self, pairs, gone=()):
        """Let reports carry their values, in one statement; return those that changed.

        :param list pairs: (report, entry)
        :param gone: values that no report carries any more
        """
        owners = dict.fromkeys(gone)
        for report, entry in pairs:
            heads_sudo = entry.vals["values"]
            for value_sudo in heads_sudo + heads_sudo.fhir_part_ids:
                owner = value_sudo.examination_id.id
                if value_sudo in owners:
                    owner = owners[value_sudo]
                if not owner:
                    owners[value_sudo] = report.id
                elif owner != report.id and value_sudo in heads_sudo:
                    self._warn_of_owner(entry, value_sudo)
        former = {value.examination_id.id for value in owners}
        self._write_owners(owners)
        touched = self._browse([one for one in {*former, *owners.values()} if one])
        self._stamp(touched)
        return touched

    @api.model
    def _stamp(self, reports):
        """Give reports a new version whose values are others now; one statement."""
        if reports:
            self.env.execute_query(
                SQL(
                    "UPDATE patient_examination SET write_date = %s, write_uid = %s"
                    " WHERE id IN %s RETURNING id",
                    fields.Datetime.now(),
                    self.env.uid,
                    tuple(reports.ids),
                )
            )
            reports.invalidate_recordset(["write_date", "write_uid"])

    @api.model
    def _warn_of_owner(self, entry, value_sudo):
        text = _lt(
            "%(value)s stands in another report already and stays there.",
            value=value_sudo.indicator_id.name,
        )
        path = f"{entry.path}.resource"
        entry.warnings.append(Issue("business-rule", text, path, "warning"))

    @api.model
    def _write_owners(self, owners):
        """Write value → id of the report that carries it, or None."""
        if not owners:
            return
        values = self.env["patient.measurement"].browse([one.id for one in owners])
        values.check_access("write")
        values.flush_model(["examination_id"])
        self.env.execute_query(
            SQL(
                "UPDATE patient_measurement AS value SET examination_id = wanted.report"
                " FROM unnest(%s::int[], %s::int[]) AS wanted(id, report)"
                " WHERE value.id = wanted.id RETURNING value.id",
                values.ids,
                list(owners.values()),
            )
        )
        values.invalidate_model(["examination_id"])
        self._browse().invalidate_model(
            ["measurement_ids", "value_count", "abnormal_text"]
        )
        hidden = {owners[value] for value in owners if value.is_sensitive}
        self._browse([one for one in hidden if one])._become_sensitive()

    @api.model
    def _get_gone_values(self, pairs):
        """Return what the source has sent with a report once and does not any more."""
        # sudo: patient.measurement: what came with the reports
        values_sudo = self.env["patient.measurement"].sudo()
        wanted = values_sudo.browse()
        reports = self._browse()
        for report, entry in pairs:
            if "patient_id" in entry.vals["report"]:  # more than that it was a mistake
                reports |= report
                wanted |= entry.vals["values"] | entry.vals["values"].fhir_part_ids
        return (
            values_sudo.search(
                [("examination_id", "in", reports.ids), ("origin", "=", "exchange")]
            )
            - wanted
        )

    @api.model
    def _render_values_of(self, record, server):
        heads = record.measurement_ids.filtered(lambda value: not value.fhir_head_id)
        return [self._refer(OBSERVATION, head, server) for head in heads.sorted("id")]

    # files

    @api.model
    def _prepare_files(self, entry):
        """Return SHA-256 → file; one that the record refuses rejects the entry.

        :return: dict of name, content (bytes), path
        """
        files = {}
        for file in entry.incoming.values["files"]:
            try:
                self.env[FILE_MODEL]._check_content(
                    file["name"] or self.env._("File"), file["content"]
                )
            except UserError as error:
                entry.reject(Problem.of(422, "business-rule", str(error), file["path"]))
            files.setdefault(hashlib.sha256(file["content"]).hexdigest(), file)
        return files

    @api.model
    def _get_new_files(self, pairs):
        """Return (report, files) of what a report does not have yet."""
        reports = self._browse([report.id for report, _entry in pairs])
        found = self.env[FILE_MODEL].search_fetch(
            [("examination_id", "in", reports.ids)], ["examination_id", "sha256"]
        )
        known = {(file.examination_id.id, file.sha256) for file in found}
        return [
            (
                report,
                {
                    digest: file
                    for digest, file in entry.vals["files"].items()
                    if (report.id, digest) not in known
                },
            )
            for report, entry in pairs
        ]

    @api.model
    def _add_files(self, rows):
        """Add files to reports in one call; return the reports that got some."""
        model = self.env[FILE_MODEL]
        vals_list = [
            {"examination_id": report.id, **model._pack(file["name"], file["content"])}
            for report, files in rows
            for file in files.values()
        ]
        if vals_list:
            model.create(vals_list)
        return self._browse([vals["examination_id"] for vals in vals_list])

    @api.model
    def _render_files(self, record):
        """Return dicts of name, mimetype, size and content of the files of a report."""
        full = self.env.context.get("patient_fhir_files")
        return [
            {
                "name": file.name,
                "mimetype": file.mimetype,
                "size": file.size,
                "content": self._read_content(file) if full else None,
            }
            for file in record.file_ids
        ]

    @api.model
    def _read_content(self, file):
        return base64.b64decode(file.with_context(bin_size=False).datas)
