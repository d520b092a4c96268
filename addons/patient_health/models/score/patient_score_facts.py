from datetime import datetime
from functools import cache

import pytz

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...tools.ages import get_age
from ...tools.subjects import Fact, Subject


class PatientScore(models.Model):
    """What the record knows of the items of a score, for a whole cohort at once.

    Each kind of fact is a method ``_read_fact_<fact>(items, subjects)`` that gives item
    code → key → ``Fact``, in a number of queries that does not depend on the subjects.
    What the record does not know is left out.
    """

    _inherit = "patient.score"

    def _get_subjects(self, records, assessed_at=None):
        """Return a ``Subject`` for each visit or patient, with its id as the key.

        :param records: of patient.encounter or patient.patient
        """
        self.ensure_one()
        now = assessed_at or fields.Datetime.now()
        if records._name == "patient.encounter":
            # sudo: patient.encounter: all in one query; who may read them is checked
            records.sudo().fetch(["patient_id", "begins_at", "ended_at", "company_id"])
        if records._name == "patient.patient":
            return [
                Subject(patient.id, patient.id, None, now, now) for patient in records
            ]
        at_end = self.reference == "visit"
        return [
            Subject(
                visit.id,
                visit.patient_id.id,
                visit.id,
                (at_end and visit.ended_at) or now,
                visit.begins_at or now,
            )
            for visit in records
        ]

    def _read_facts(self, subjects):
        """Return key → item code → ``Fact``."""
        self.ensure_one()
        facts = {subject.key: {} for subject in subjects}
        kinds = self.item_ids.filtered(lambda item: item.fact != "asked").grouped(
            "fact"
        )
        for kind, items in kinds.items():
            found = getattr(self, f"_read_fact_{kind}")(items, subjects)
            for code, by_key in found.items():
                for key, fact in by_key.items():
                    facts[key][code] = fact
        return facts

    # the patient

    def _read_fact_age(self, items, subjects):
        patients_sudo = self._fetch_patients(subjects)
        write_day = self._get_day_writer()
        found = {}
        for subject in subjects:
            patient = patients_sudo.browse(subject.patient_id)
            day = patient.company_id._patient_local_date(subject.moment)
            age = get_age(patient.birth_date, day)
            if age is not None:
                origin = self.env._(
                    "Born on %(date)s", date=write_day(patient.birth_date)
                )
                found[subject.key] = self._make_fact(int(age), origin, patient)
        return {item.code: found for item in items}

    def _read_fact_sex(self, items, subjects):
        patients_sudo = self._fetch_patients(subjects)
        origin = self.env._("Patient file")
        found = {}
        for subject in subjects:
            patient = patients_sudo.browse(subject.patient_id)
            if patient.gender in ("male", "female"):
                found[subject.key] = self._make_fact(patient.gender, origin, patient)
        return {item.code: found for item in items}

    # measurements

    def _read_fact_measurement(self, items, subjects):
        return {item.code: self._read_latest(item, subjects) for item in items}

    def _read_latest(self, item, subjects):
        """Return key → the latest value of an indicator that is not too old."""
        item.indicator_id.check_access("read")
        measurement = self.env["patient.measurement"]
        measurement.check_access("read")
        measurement.flush_model()
        sensitive = self.env.user.has_group(
            "patient_health.patient_health_group_sensitive"
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT subject.key, latest.id, latest.value, latest.answer, option.code,"
                " latest.effective_at FROM %s JOIN LATERAL ("
                " SELECT * FROM patient_measurement one"
                " WHERE one.patient_id = subject.patient_id"
                " AND one.indicator_id = %s AND one.active"
                " AND one.effective_at <= subject.moment"
                " AND one.effective_at >= subject.moment - make_interval(days => %s)"
                " AND (%s OR one.is_sensitive IS NOT TRUE)"
                " AND num_nonnulls(one.value, one.answer, one.option_id) = 1"
                " ORDER BY one.effective_at DESC, one.id DESC LIMIT 1) latest ON TRUE"
                " LEFT JOIN patient_indicator_option option ON option.id = latest.option_id",
                self._get_subject_sql(subjects),
                item.indicator_id.id,
                item.window_days,
                bool(sensitive or self.env.su),
            )
        )
        factor, offset = item._get_conversion()
        write_day, name = self._get_day_writer(), item.indicator_id.name
        found = {}
        for key, res_id, number, answer, code, moment in rows:
            value = answer or code
            if number is not None:
                # a short decimal: 11.9 g/dL, where the unit gives 11.899999999999999
                value = round(number * factor + offset, 6)
            day = write_day(moment)
            origin = self.env._("%(indicator)s on %(date)s", indicator=name, date=day)
            found[key] = Fact(value, origin, "patient.measurement", res_id)
        return found

    # TOOLS

    @api.model
    def _fetch_patients(self, subjects):
        # sudo: patient.patient: sex, age and hospital of those who may be assessed
        patients_sudo = self.env["patient.patient"].sudo()
        patients_sudo.browse({subject.patient_id for subject in subjects}).fetch(
            ["company_id", "birth_date", "gender"]
        )
        return patients_sudo

    @api.model
    def _get_subject_sql(self, subjects):
        """Return the subjects as a relation: key, patient, visit, moment, start."""
        columns = [list(column) for column in zip(*subjects, strict=True)]
        return SQL(
            "unnest(%s::int[], %s::int[], %s::int[], %s::timestamp[], %s::timestamp[])"
            " AS subject(key, patient_id, encounter_id, moment, starts_at)",
            *(columns or [[]] * len(Subject._fields)),
        )

    @api.model
    def _make_fact(self, value, origin, record):
        return Fact(value, origin, record._name, record.id)

    @api.model
    def _get_calendar(self):
        """Return a function: naive UTC datetime → date on the hospital's calendar."""
        zone = self.env.company._get_patient_tz()
        return lambda moment: pytz.utc.localize(moment).astimezone(zone).date()

    @api.model
    def _get_day_writer(self):
        """Return a function: date or naive UTC datetime → day as people write it.

        For cohorts: the same days come again and again, and writing one is slow.
        """
        calendar = self._get_calendar()
        write = cache(lambda day: format_date(self.env, day))
        return lambda moment: write(
            calendar(moment) if isinstance(moment, datetime) else moment
        )
