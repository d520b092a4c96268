from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import scoring
from ...tools.subjects import Cohort, Filled
from .bulk import insert_rows

SENSITIVE_GROUP = "patient_health.patient_health_group_sensitive"
ORDER = ("normal", "abnormal", "act", "critical")


class PatientScore(models.Model):
    """Assessing: one person, or a cohort in one pass."""

    _inherit = "patient.score"

    # BUSINESS

    def _assess_cohort(self, records, answers=None, assessed_at=None):
        """Assess visits or patients, as many as there are, in the same few queries.

        Those of whom something is missing get no assessment and are listed.

        :param records: of patient.encounter or patient.patient
        :param dict answers: record id → item code → value, for what is asked; it goes
            before what the record says
        :return: ``Cohort``
        :raise AccessError: where the user may not read a record, or may not assess
        """
        self.ensure_one()
        self._check_may_assess()
        subjects = self._get_subjects(records, assessed_at)
        records.check_access("read")
        assessments, problems = self._assess(subjects, answers or {}, assessed_at)
        return Cohort(
            assessments,
            {
                record: problems[record.id]
                for record in records
                if record.id in problems
            },
        )

    def _assess_one(self, patient, encounter=None, answers=None, assessed_at=None):
        """Assess one patient, or say what is missing.

        :param dict answers: item code → value, of what is asked
        :return: the new patient.assessment
        :raise UserError: names all that is missing or not permitted
        """
        record = encounter or patient
        cohort = self._assess_cohort(record, {record.id: answers or {}}, assessed_at)
        if cohort.missing:
            raise UserError(cohort.missing[record])
        return cohort.assessments

    def _explain(self, patient, encounter=None, answers=None, assessed_at=None):
        """Return what an assessment would say of each item, without keeping it.

        :return: list of dicts with ``item``, ``name``, ``value``, ``value_text``,
            ``points``, ``origin``, ``is_asked``, ``source_model``, ``source_id``
        :raise UserError: names all that is missing or not permitted
        """
        self.ensure_one()
        self._check_may_assess()
        record = encounter or patient
        record.check_access("read")
        subjects = self._get_subjects(record, assessed_at)
        filled = self._fill(self._read_facts(subjects)[record.id], answers or {})
        points = self._evaluate(filled.inputs)["points"]
        return [
            self._explain_item(item, filled, points[item.code])
            for item in self.item_ids
        ]

    def _assess(self, subjects, answers, assessed_at=None, replaced=None):
        """Make the assessments of subjects.

        :param dict answers: key → item code → value
        :param dict replaced: key → the assessment in whose place the new one comes
        :return: (patient.assessment, dict key → sentences about what is missing)
        """
        self.ensure_one()
        self._check_in_use()
        facts = self._read_facts(subjects)
        results, problems = [], {}
        for subject in subjects:
            filled = self._fill(facts[subject.key], answers.get(subject.key, {}))
            try:
                result = scoring.evaluate(self._get_table(), filled.inputs)
            except scoring.InputError as error:
                problems[subject.key] = self._describe_problems(error)
            else:
                results.append((subject, filled, result))
        moment = assessed_at or fields.Datetime.now()
        return self._store(results, moment, replaced or {}), problems

    # TOOLS

    def _fill(self, facts, answers):
        """Return the ``Filled`` of facts of the record and answers of somebody."""
        inputs = {code: fact.value for code, fact in facts.items()}
        origins, overruled = dict(facts), {}
        for item in self._get_table().items:
            if scoring.is_missing(item, answers.get(item.code)):
                continue
            value, fact = answers[item.code], facts.get(item.code)
            inputs[item.code] = value
            known = fact and scoring.normalize(item, fact.value)
            if known is None or known != scoring.normalize(item, value):
                origins[item.code] = None
                if fact:
                    overruled[item.code] = fact
        inputs.update(
            {code: value for code, value in answers.items() if code not in inputs}
        )
        return Filled(inputs, origins, overruled)

    def _explain_item(self, item, filled, points):
        fact = filled.origins.get(item.code)
        table_item = next(
            one for one in self._get_table().items if one.code == item.code
        )
        value = scoring.normalize(table_item, filled.inputs[item.code])
        return {
            "item": item.code,
            "name": item.name,
            "value": item._write_value(value),
            "value_text": item._format_value(value),
            "points": points,
            "origin": fact.origin if fact else self._describe_asked(item, filled),
            "is_asked": not fact,
            "source_model": fact.model if fact else None,
            "source_id": fact.res_id if fact else None,
        }

    def _describe_asked(self, item, filled):
        fact = filled.overruled.get(item.code)
        if not fact:
            return self.env._("Asked")
        return self.env._(
            "Entered by hand; the record says %(value)s (%(origin)s)",
            value=item._format_value(fact.value),
            origin=fact.origin,
        )

    def _store(self, results, moment, replaced):
        """Keep the results with an explanation of every point; start duties."""
        rows = self._prepare_assessments(results, moment, replaced)
        self._set_former_aside(results, replaced)
        # sudo: patient.assessment, its lines: only scores make them; whom the user may
        # assess is checked by the rules below
        assessments = insert_rows(self.env["patient.assessment"].sudo(), rows)
        lines = [
            line
            for assessment, (_subject, filled, result) in zip(
                assessments, results, strict=True
            )
            for line in self._prepare_lines(assessment, filled, result)
        ]
        insert_rows(self.env["patient.assessment.line"].sudo(), lines)
        self.env["patient.patient"].invalidate_model(["assessment_ids"])
        # what rules and duties ask for, in one query
        assessments.fetch(
            ["company_id", "department_id", "is_sensitive", "patient_id", "band_id"]
        )
        assessments = assessments.sudo(self.env.su)
        assessments.check_access("read")
        assessments._start_duties()
        return assessments

    def _prepare_assessments(self, results, moment, replaced):
        patients_sudo = self._fetch_patients([subject for subject, _f, _r in results])
        visits_sudo = {
            subject.key: visit
            for subject, visit in self._get_visits([one for one, _f, _r in results])
        }
        rows = []
        for subject, filled, result in results:
            band = self._find_band(result, filled.inputs)
            company = patients_sudo.browse(subject.patient_id).company_id
            visit = visits_sudo.get(subject.key)
            former = replaced.get(subject.key)
            rows.append(
                {
                    "score_id": self.id,
                    "score_code": self.code,
                    "patient_id": subject.patient_id,
                    "encounter_id": subject.encounter_id,
                    "company_id": company.id,
                    "department_id": (visit and visit.department_id.id) or None,
                    "assessed_at": moment,
                    "as_of": subject.moment,
                    "assessed_month": company._patient_local_month(moment),
                    "total": result.total,
                    "band_id": band.id or None,
                    "level": self._get_level(band, result.alerts),
                    "is_sensitive": self.is_sensitive,
                    "is_of_visit": self.reference == "visit",
                    "state": "valid",
                    "active": True,
                    "replaces_id": former.id if former else None,
                }
            )
        return rows

    def _prepare_lines(self, assessment, filled, result):
        alerts = {alert.item: alert.id for alert in result.alerts}
        for sequence, item in enumerate(self.item_ids):
            explained = self._explain_item(item, filled, result.points[item.code])
            yield {
                "assessment_id": assessment.id,
                "sequence": sequence,
                "item_id": item.id,
                "value": explained["value"],
                "value_text": explained["value_text"],
                "points": explained["points"],
                "origin": explained["origin"],
                "is_asked": explained["is_asked"],
                "source_model": explained["source_model"],
                "source_id": explained["source_id"],
                "alert_id": alerts.get(item.code),
            }

    def _find_band(self, result, inputs):
        """Return the patient.score.band of a result; some are for one sex only."""
        sex = inputs.get(self._get_table().sex_item)
        return self.band_ids.filtered(
            lambda band: band.code == result.band and band.sex in (False, sex)
        )[:1]

    @api.model
    def _get_level(self, band, alerts):
        """Return the worst level of a band and of alerts."""
        levels = [band.level or "normal", *(alert.level for alert in alerts)]
        return max(levels, key=ORDER.index)

    def _set_former_aside(self, results, replaced):
        """Keep what the new assessments replace, out of sight.

        A score of a stay stands once for each stay.
        """
        # sudo: patient.assessment: only a new assessment takes the place of one
        assessments_sudo = self.env["patient.assessment"].sudo()
        keys = [subject.key for subject, _f, _r in results]
        former_sudo = assessments_sudo.browse(
            [replaced[key].id for key in keys if replaced.get(key)]
        )
        if self.reference == "visit":
            former_sudo |= assessments_sudo.search(
                [
                    ("score_code", "=", self.code),
                    (
                        "encounter_id",
                        "in",
                        [subject.encounter_id for subject, _f, _r in results],
                    ),
                    ("is_of_visit", "=", True),
                ]
            )
        former_sudo.write({"state": "replaced", "active": False})
        former_sudo.flush_recordset()

    # refusals

    def _check_may_assess(self):
        self.env["patient.assessment"].check_access("create")
        allowed = self.env.su or self.env.user.has_group(SENSITIVE_GROUP)
        if self.is_sensitive and not allowed:
            raise AccessError(
                self.env._(
                    "%(score)s is sensitive: assessing needs the right to sensitive "
                    "values. Ask who gives rights in your hospital.",
                    score=self.display_name,
                )
            )

    def _check_in_use(self):
        if self.state != "in_use":
            raise UserError(
                self.env._(
                    "%(score)s is not in use. Choose the version that is, or put this one "
                    "in use.",
                    score=self.display_name,
                )
            )
