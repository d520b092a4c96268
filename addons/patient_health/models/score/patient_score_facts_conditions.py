from odoo import api, models
from odoo.tools import SQL

from ...tools import scoring
from ...tools.subjects import Fact


class PatientScore(models.Model):
    """What diagnoses say, found by their codes.

    A diagnosis counts when it is confirmed and was known at the moment, or belongs to
    the visit itself (discharge diagnoses are coded afterwards).
    """

    _inherit = "patient.score"

    def _read_fact_condition(self, items, subjects):
        found = self._find_conditions(
            subjects,
            {
                (item.code, item.only_active): [row._get_row() for row in item.code_ids]
                for item in items
            },
        )
        nothing = self.env._("No such diagnosis in the record")
        facts = {}
        for item in items:
            known = found[item.code, item.only_active]
            facts[item.code] = {
                key: Fact("yes", origin, "patient.condition", res_id)
                for key, (res_id, origin) in known.items()
            }
            if item.absence_is_no:
                for subject in subjects:
                    facts[item.code].setdefault(subject.key, Fact("no", nothing))
        return facts

    def _read_fact_charlson(self, items, subjects):
        return {item.code: self._read_index(item, subjects) for item in items}

    def _read_index(self, item, subjects):
        """Return key → the comorbidity index, with the diseases that make it."""
        diseases = {
            disease.id: disease._get_comorbidity() for disease in item.comorbidity_ids
        }
        names = {disease.id: disease.name for disease in item.comorbidity_ids}
        found = self._find_conditions(
            subjects,
            {(one.id, item.only_active): one.rows for one in diseases.values()},
        )
        present = {}
        for (disease_id, _only_active), by_key in found.items():
            for key, (res_id, origin) in by_key.items():
                present.setdefault(key, {})[disease_id] = (res_id, origin)
        nothing = Fact(0, self.env._("No comorbidity of the index in the record"))
        facts = {subject.key: nothing for subject in subjects}
        for key, known in present.items():
            total, counting = scoring.count_comorbidities(
                [diseases[disease_id] for disease_id in known]
            )
            origin = "; ".join(
                f"{names[one.id]} {one.weight}: {known[one.id][1]}" for one in counting
            )
            facts[key] = Fact(
                total, origin, "patient.condition", known[counting[0].id][0]
            )
        return facts

    @api.model
    def _find_conditions(self, subjects, targets):
        """Return target → key → (id of the first such diagnosis, what it says).

        Two queries for all: which codes there are, then who has those that match.

        :param dict targets: (name, only active) → rows of ``scoring.Code``
        """
        self.env["patient.condition"].flush_model()
        found = {target: {} for target in targets}
        wanted = [
            (place, system or "", code)
            for system, code in self._get_known_codes(subjects)
            for place, rows in enumerate(targets.values())
            if scoring.match_code(rows, system, code)
        ]
        if not wanted:
            return found
        names, write_day = list(targets), self._get_day_writer()
        for place, key, res_id, code, name, since in self._search_conditions(
            subjects, wanted, [only_active for _name, only_active in targets]
        ):
            day = since and write_day(since)
            origin = self._describe_condition(code, name, day)
            found[names[place]][key] = (res_id, origin)
        return found

    @api.model
    def _get_known_codes(self, subjects):
        return self.env.execute_query(
            SQL(
                "SELECT DISTINCT condition.code_system, condition.code"
                " FROM patient_condition condition WHERE condition.code IS NOT NULL"
                " AND condition.patient_id = ANY(%s)",
                [subject.patient_id for subject in subjects],
            )
        )

    @api.model
    def _search_conditions(self, subjects, wanted, only_active):
        """Return (place, key, id, code, name, since), one for each place and key."""
        places, systems, codes = (list(column) for column in zip(*wanted, strict=True))
        return self.env.execute_query(
            SQL(
                "SELECT DISTINCT ON (wanted.place, subject.key) wanted.place,"
                " subject.key, condition.id, condition.code, condition.name,"
                " COALESCE(condition.onset_at, condition.recorded_on::timestamp) since"
                " FROM %(subjects)s JOIN patient_condition condition"
                " ON condition.patient_id = subject.patient_id"
                " JOIN unnest(%(places)s::int[], %(systems)s::text[], %(codes)s::text[])"
                " AS wanted(place, system, code)"
                " ON COALESCE(condition.code_system, '') = wanted.system"
                " AND condition.code = wanted.code"
                " WHERE COALESCE(condition.verification_status, 'confirmed') = 'confirmed'"
                " AND (condition.encounter_id = subject.encounter_id OR COALESCE("
                "condition.onset_at, condition.recorded_on::timestamp, '-infinity')"
                " <= subject.moment)"
                " AND (NOT (%(only_active)s::bool[])[wanted.place + 1]"
                " OR (COALESCE(condition.abated_at, 'infinity') > subject.moment"
                " AND COALESCE(condition.clinical_status, 'active')"
                " IN ('active', 'recurrence', 'relapse')))"
                " ORDER BY wanted.place, subject.key, since NULLS LAST, condition.id",
                subjects=self._get_subject_sql(subjects),
                places=places,
                systems=systems,
                codes=codes,
                only_active=only_active,
            )
        )

    @api.model
    def _describe_condition(self, code, name, since):
        label = " ".join(filter(None, (code, name)))
        if not since:
            return label
        return self.env._("%(diagnosis)s, since %(date)s", diagnosis=label, date=since)
