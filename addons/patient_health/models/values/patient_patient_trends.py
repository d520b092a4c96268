from collections import defaultdict
from datetime import date, datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import trends

# Years before a course begins are not asked for, those to come neither.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)


class PatientPatient(models.Model):
    """Courses of numbers over years, with the ranges that were meant for the patient."""

    _inherit = "patient.patient"

    # ACTIONS

    @api.readonly
    def get_health_trend_choices(self):
        """Return what can be drawn: the indicators of which the patient has numbers.

        :return: list of dicts id, name, unit, category, count, last (date) and level of
            the last number, in the order of the catalogue
        """
        self.ensure_one()
        self.check_access("read")
        rows = self._get_latest_numbers()
        labels = self.env["patient.indicator"]._get_all_labels()
        return [
            {
                "id": label.id,
                "name": label.name,
                "unit": label.unit,
                "category": label.category,
                "count": rows[label.id][0],
                "last": rows[label.id][1],
                "level": rows[label.id][2],
            }
            for label in labels.values()
            if label.id in rows
        ]

    @api.readonly
    def get_health_trends(self, indicator_ids, date_from=False, date_to=False):
        """Return ``_get_health_trends`` for screens; see there."""
        return [
            {
                **trend,
                "bands": [
                    {"first": one.first, "last": one.last, **one.band._asdict()}
                    for one in trend["bands"]
                ],
            }
            for trend in self._get_health_trends(
                indicator_ids,
                fields.Date.to_date(date_from),
                fields.Date.to_date(date_to),
            )
        ]

    @api.readonly
    def get_health_comparison(self, indicator_ids, before, after):
        """Return ``_get_health_comparison`` for screens; see there."""
        periods = [
            tuple(fields.Date.to_date(day) for day in period)
            for period in (before, after)
        ]
        return [
            {
                **compared,
                "before": compared["before"]._asdict(),
                "after": compared["after"]._asdict(),
            }
            for compared in self._get_health_comparison(indicator_ids, *periods)
        ]

    # BUSINESS

    def _get_health_trends(self, indicator_ids, date_from=None, date_to=None):
        """Return the courses of indicators over a time, in two queries.

        :param indicator_ids: ids of indicators whose values are numbers
        :param date_from: first day of the hospital, or None for all
        :param date_to: last day, included, or None
        :return: a dict for each indicator, in the order given: id, name, code, unit,
            decimals, better; points: dicts id, at (naive UTC), value, level, side, by
            time; bands: list of ``Segment`` by sex and age along the time of the chart
        """
        self.ensure_one()
        facts = self._get_trend_facts()
        points = self._get_trend_points(facts, indicator_ids, date_from, date_to)
        known = self.env["patient.indicator"]._get_all_facts()
        labels = self.env["patient.indicator"]._get_all_labels()
        return [
            {
                "id": indicator_id,
                "name": labels[indicator_id].name,
                "code": labels[indicator_id].code,
                "unit": labels[indicator_id].unit,
                "decimals": labels[indicator_id].decimals,
                "better": labels[indicator_id].better,
                "points": points[indicator_id],
                "bands": self._get_trend_bands(
                    facts, known[indicator_id], points[indicator_id], date_from, date_to
                ),
            }
            for indicator_id in indicator_ids
            if indicator_id in known
        ]

    def _get_health_comparison(self, indicator_ids, before, after):
        """Compare two periods, in two queries.

        :param before: (first day, last day) of the hospital, both included
        :param after: the other period
        :return: a dict for each indicator: id, name, code, unit, decimals, better;
            before and after: ``Summary``; change of the mean, or None; is_improved:
            True, False, or None where nothing changed or there is nothing to compare
        :raise UserError: where a period is not complete or ends before it begins
        """
        self._check_periods(before, after)
        found = self._get_health_trends(
            indicator_ids, min(before[0], after[0]), max(before[1], after[1])
        )
        zone = self.company_id._get_patient_tz()
        return [self._compare_trend(trend, zone, before, after) for trend in found]

    @api.model
    def _compare_trend(self, trend, zone, before, after):
        summaries = []
        for first, last in (before, after):
            within = [
                point
                for point in trend["points"]
                if first <= _get_day(point["at"], zone) <= last
            ]
            bands = [
                one.band for one in trend["bands"] if one.first <= last <= one.last
            ]
            summaries.append(trends.summarize(within, bands[0] if bands else None))
        means = [summary.mean for summary in summaries]
        head = ("id", "name", "code", "unit", "decimals", "better")
        return {
            **{name: trend[name] for name in head},
            "before": summaries[0],
            "after": summaries[1],
            "change": None if None in means else means[1] - means[0],
            "is_improved": trends.is_improved(
                *summaries, trend["better"], trend["decimals"]
            ),
        }

    @api.model
    def _check_periods(self, *periods):
        for first, last in periods:
            if not first or not last:
                raise UserError(
                    self.env._(
                        "A comparison needs two periods, each with its first and its "
                        "last day."
                    )
                )
            if last < first:
                raise UserError(
                    self.env._(
                        "The period from %(first)s to %(last)s ends before it begins. "
                        "Exchange the two days.",
                        first=first,
                        last=last,
                    )
                )

    # TOOLS

    def _get_trend_facts(self):
        """Return (birth date, sex, time zone) in one query, by the rules of the reader."""
        self.flush_recordset(["birth_date", "gender", "company_id"])
        self.env["res.partner"].flush_model(["tz"])
        query = self._search([("id", "in", self.ids)])
        company = query.join(query.table, "company_id", "res_company", "id", "company")
        partner = query.join(company, "partner_id", "res_partner", "id", "partner")
        calendar = query.left_join(
            company, "resource_calendar_id", "resource_calendar", "id", "calendar"
        )
        rows = self.env.execute_query(
            query.select(
                SQL.identifier(query.table, "birth_date"),
                SQL.identifier(query.table, "gender"),
                SQL(  # as the hospital's _get_patient_tz
                    "COALESCE(NULLIF(%s, ''), %s, 'UTC')",
                    SQL.identifier(partner, "tz"),
                    SQL.identifier(calendar, "tz"),
                ),
            )
        )
        if not rows:
            self.check_access("read")
        birth_date, gender, zone = rows[0]
        return birth_date, gender, pytz.timezone(zone)

    def _get_trend_points(self, facts, indicator_ids, date_from, date_to):
        """Return indicator id → points by time, in one query."""
        measurements = self.env["patient.measurement"]
        domain = [
            ("patient_id", "=", self.id),
            ("indicator_id", "in", list(indicator_ids)),
        ]
        zone = facts[2]
        if date_from:
            domain += [("effective_at", ">=", _get_midnight(date_from, zone))]
        if date_to:
            following = date_to + timedelta(days=1)
            domain += [("effective_at", "<", _get_midnight(following, zone))]
        query = measurements._search(domain, order="effective_at, id")
        names = ("id", "indicator_id", "effective_at", "value", "level", "side")
        columns = [
            measurements._field_to_sql(query.table, name, query) for name in names
        ]
        query.add_where(SQL("%s IS NOT NULL", columns[3]))
        points = defaultdict(list)
        for row in self.env.execute_query(query.select(*columns)):
            point = dict(zip(names, row, strict=True))
            point["at"] = point.pop("effective_at")
            points[point.pop("indicator_id")].append(point)
        return points

    @api.model
    def _get_trend_bands(self, facts, indicator, points, date_from, date_to):
        """Return the ``Segment`` of an indicator over the days of its chart."""
        birth_date, gender, zone = facts
        days = [_get_day(point["at"], zone) for point in (*points[:1], *points[-1:])]
        first, last = (
            date_from or min(days, default=None),
            date_to or max(days, default=None),
        )
        if not first or not last:
            return []
        return trends.get_segments(
            indicator.bands,
            gender,
            birth_date,
            max(first, FIRST_DAY),
            min(last, LAST_DAY),
        )

    def _get_latest_numbers(self):
        """Return indicator id → (how many, day of the last, level of the last)."""
        measurements = self.env["patient.measurement"]
        query = measurements._search([("patient_id", "=", self.id)])
        indicator, moment, value, level = (
            measurements._field_to_sql(query.table, name, query)
            for name in ("indicator_id", "effective_at", "value", "level")
        )
        query.add_where(SQL("%s IS NOT NULL", value))
        query.groupby = indicator
        rows = self.env.execute_query(
            query.select(
                indicator,
                SQL("COUNT(*)"),
                SQL("MAX(%s)", moment),
                SQL("(ARRAY_AGG(%s ORDER BY %s DESC))[1]", level, moment),
            )
        )
        zone = self.company_id._get_patient_tz()
        return {row[0]: (row[1], _get_day(row[2], zone), row[3]) for row in rows}


def _get_day(moment, zone):
    return pytz.utc.localize(moment).astimezone(zone).date()


def _get_midnight(day, zone):
    """Return the naive UTC moment at which a day begins in a time zone."""
    local = zone.localize(datetime(day.year, day.month, day.day))
    return local.astimezone(pytz.utc).replace(tzinfo=None)
