from odoo import api, models
from odoo.tools import SQL

from odoo.addons.patient_relations.tools.selections import get_label

from ...tools.subjects import Fact

# Visits that did not happen, or not yet.
NOT_HAPPENED = ("planned", "cancelled", "entered_in_error")


class PatientScore(models.Model):
    """What visits say: how long, how urgent, how often before.

    All visits of the patient count, whichever department they were in: a score that left
    some out would be wrong. What is told of them is a number and a date.
    """

    _inherit = "patient.score"

    def _read_fact_encounter_class(self, items, subjects):
        found = {
            subject.key: self._make_fact(
                visit.encounter_class, get_label(visit, "encounter_class"), visit
            )
            for subject, visit in self._get_visits(subjects)
        }
        return {item.code: found for item in items}

    def _read_fact_stay_days(self, items, subjects):
        """Count nights: days of the hospital's calendar from start to end."""
        calendar, write_day = self._get_calendar(), self._get_day_writer()
        found = {}
        for subject, visit in self._get_visits(subjects):
            if not visit.begins_at or not visit.ended_at:
                continue
            first, last = calendar(visit.begins_at), calendar(visit.ended_at)
            origin = self.env._(
                "Stay from %(first)s to %(last)s",
                first=write_day(first),
                last=write_day(last),
            )
            days = max((last - first).days, 0)
            found[subject.key] = self._make_fact(days, origin, visit)
        return {item.code: found for item in items}

    def _read_fact_emergency_admission(self, items, subjects):
        return {item.code: self._read_urgency(item, subjects) for item in items}

    def _read_urgency(self, item, subjects):
        """Tell of each visit whether it began in the emergency department.

        It did if it is an emergency visit itself, or if one led to it.
        """
        arrivals = self._read_arrivals(item, subjects)
        nothing = self.env._(
            "No emergency visit within %(hours)s hours before the stay",
            hours=item.window_hours,
        )
        found = {}
        for subject, visit in self._get_visits(subjects):
            arrival = arrivals.get(subject.key)
            if visit.encounter_class == "EMER":
                origin = get_label(visit, "encounter_class")
                found[subject.key] = self._make_fact("yes", origin, visit)
            elif arrival:
                found[subject.key] = arrival
            else:
                found[subject.key] = self._make_fact("no", nothing, visit)
        return found

    @api.model
    def _read_arrivals(self, item, subjects):
        rows = self._execute_visits(
            SQL(
                "SELECT subject.key, arrival.id, arrival.begins_at FROM %s"
                " JOIN %s ON TRUE",
                self._get_subject_sql(subjects),
                self._get_arrival_sql(item),
            )
        )
        write_day = self._get_day_writer()
        return {
            key: Fact(
                "yes",
                self.env._("Emergency visit on %(date)s", date=write_day(moment)),
                "patient.encounter",
                visit_id,
            )
            for key, visit_id, moment in rows
        }

    def _read_fact_emergency_visits(self, items, subjects):
        return {
            item.code: self._count_before(item, subjects, "EMER", without_arrival=True)
            for item in items
        }

    def _read_fact_admissions(self, items, subjects):
        return {item.code: self._count_before(item, subjects, "IMP") for item in items}

    def _count_before(self, item, subjects, encounter_class, without_arrival=False):
        """Return key → the number of visits of a class in the months before the start.

        The visit itself does not count, nor, if asked for, the one that led to it.
        """
        rows = self._execute_visits(
            SQL(
                "SELECT subject.key, count(visit.id), max(visit.begins_at),"
                " (array_agg(visit.id ORDER BY visit.begins_at DESC))[1]"
                " FROM %(subjects)s LEFT JOIN %(arrival)s ON %(without)s"
                " LEFT JOIN patient_encounter visit"
                " ON visit.patient_id = subject.patient_id"
                " AND visit.encounter_class = %(class)s"
                " AND visit.status NOT IN %(not_happened)s"
                " AND visit.begins_at < subject.starts_at"
                " AND visit.begins_at"
                " >= subject.starts_at - make_interval(months => %(months)s)"
                " AND visit.id IS DISTINCT FROM subject.encounter_id"
                " AND visit.id IS DISTINCT FROM arrival.id"
                " GROUP BY subject.key",
                subjects=self._get_subject_sql(subjects),
                arrival=self._get_arrival_sql(item),
                without=without_arrival,
                not_happened=NOT_HAPPENED,
                months=item.window_months,
                **{"class": encounter_class},
            )
        )
        write_day = self._get_day_writer()
        return {
            key: self._make_counted(item, count, latest and write_day(latest), visit_id)
            for key, count, latest, visit_id in rows
        }

    def _make_counted(self, item, count, latest, visit_id):
        if not count:
            origin = self.env._(
                "None in the %(months)s months before", months=item.window_months
            )
            return Fact(0, origin)
        origin = self.env._(
            "%(count)s in the %(months)s months before, the latest on %(date)s",
            count=count,
            months=item.window_months,
            date=latest,
        )
        return Fact(count, origin, "patient.encounter", visit_id)

    # TOOLS

    @api.model
    def _get_arrival_sql(self, item):
        """Return the emergency visit that led to the visit of a subject, if any."""
        return SQL(
            "LATERAL (SELECT one.id, one.begins_at FROM patient_encounter one"
            " WHERE one.patient_id = subject.patient_id"
            " AND one.id <> subject.encounter_id"
            " AND one.encounter_class = 'EMER' AND one.status NOT IN %s"
            " AND one.begins_at <= subject.starts_at"
            " AND COALESCE(one.ended_at, one.begins_at)"
            " >= subject.starts_at - make_interval(hours => %s)"
            " ORDER BY one.begins_at DESC, one.id DESC LIMIT 1) arrival",
            NOT_HAPPENED,
            item.window_hours,
        )

    @api.model
    def _execute_visits(self, query):
        self.env["patient.encounter"].flush_model()
        return self.env.execute_query(query)

    @api.model
    def _get_visits(self, subjects):
        """Return (subject, visit) of the subjects that have one, in one query."""
        # sudo: patient.encounter: of subjects whom the caller may assess
        visits_sudo = self.env["patient.encounter"].sudo()
        ids = [subject.encounter_id for subject in subjects if subject.encounter_id]
        visits_sudo.browse(ids).fetch(
            ["department_id", "encounter_class", "begins_at", "ended_at"]
        )
        return [
            (subject, visits_sudo.browse(subject.encounter_id))
            for subject in subjects
            if subject.encounter_id
        ]
