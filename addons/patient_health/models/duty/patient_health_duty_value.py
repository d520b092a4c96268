from datetime import timedelta

import psycopg2

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Datetime, Domain
from odoo.tools import SQL, format_date

# Values at these levels ask for something, the worse one first.
KINDS = {"critical": "critical", "act": "value"}
# Where a value may be old news when it arrives.
LATE_ORIGINS = ("exchange", "file", "derived")


class PatientHealthDuty(models.Model):
    """Duties that begin, grow and end with the values they stand on."""

    _inherit = "patient.health.duty"

    # BUSINESS

    @api.model
    def _open_for(self, measurements):
        """Open duties for values that ask for something, or let them join open ones.

        The number of queries does not depend on the number of values.

        :return: the duties (sudo), new and old
        """
        # sudo: patient.measurement, patient.health.duty: duties follow from values,
        # whoever enters them
        alarming_sudo = measurements.sudo().filtered(lambda one: one._asks_for_duty())
        if not alarming_sudo:
            return self.browse()
        duties_sudo = self.sudo()
        places = alarming_sudo.grouped(lambda one: (one.patient_id, one.indicator_id))
        open_sudo = duties_sudo._find_open(places)
        found = {duty._get_place(): duty for duty in open_sudo}
        new = {key: rows for key, rows in places.items() if key not in found}
        created = duties_sudo._create_for_values(list(new.values()))
        found.update(zip(new, created, strict=True))
        duties_sudo._join([(found[key], rows) for key, rows in places.items()])
        open_sudo._follow_worst(places)
        return open_sudo + created

    @api.model
    def _find_open(self, places):
        """Return the open duties about some pairs of patient and indicator."""
        domain = [
            ("state", "=", "open"),
            ("patient_id", "in", [patient.id for patient, _indicator in places]),
            ("indicator_id", "in", [indicator.id for _patient, indicator in places]),
        ]
        return self.search(domain).filtered(lambda duty: duty._get_place() in places)

    def _get_place(self):
        self.ensure_one()
        return self.patient_id, self.indicator_id

    @api.model
    def _create_for_values(self, groups):
        """Create a duty for each group of values of one patient and one indicator.

        :raise ConcurrencyError: where another transaction has just opened one, which
            this one cannot see; Odoo tries the request again
        """
        if not groups:
            return self.browse()
        try:
            with self.env.cr.savepoint():
                return self.create([self._prepare_for_values(rows) for rows in groups])
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError(
                "a duty was opened for the same value at once"
            ) from error

    @api.model
    def _prepare_for_values(self, measurements):
        worst = measurements._get_worst()
        return {
            "patient_id": worst.patient_id.id,
            "indicator_id": worst.indicator_id.id,
            "measurement_id": worst.id,
            "department_id": worst.department_id.id,
            "is_sensitive": worst.is_sensitive,
            "level": worst.level,
            "kind": KINDS[worst.level],
        }

    @api.model
    def _join(self, pairs):
        """Note which values belong to which duty, in one statement.

        :param list pairs: (duty, its measurements)
        """
        self.env.flush_all()
        self.env.cr.execute_values(
            "INSERT INTO patient_health_duty_measurement_rel (duty_id, measurement_id)"
            " VALUES %s ON CONFLICT DO NOTHING",
            [(duty.id, row.id) for duty, rows in pairs for row in rows],
        )
        self.invalidate_model(["measurement_ids"], flush=False)

    def _follow_worst(self, places):
        """Let open duties point to a worse value that has joined, and raise them.

        :param dict places: (patient, indicator) → measurements that have joined
        """
        raised = self.browse()
        for duty in self:
            worst = places[duty._get_place()]._get_worst()
            if (duty.level, worst.level) == ("act", "critical"):
                duty.write({"measurement_id": worst.id, "kind": "critical"})
                raised |= duty
        if raised:
            raised._raise_level(Datetime.now())

    # values that were corrected, or mean something else by now

    @api.model
    def _review(self, domain):
        """End open duties that none of their values asks for any longer.

        A duty that stands on other values goes on, at the level it has reached.

        :param domain: of the duties with values that were corrected or judged anew
        """
        # sudo: patient.health.duty: duties follow from values, whoever corrects them
        duties_sudo = self.sudo().search(Domain("state", "=", "open") & Domain(domain))
        ended = duties_sudo.browse()
        for duty in duties_sudo.filtered("measurement_ids"):
            valid = duty.measurement_ids.filtered(lambda one: one._is_alarming())
            if not valid:
                ended |= duty
            elif duty.measurement_id not in valid:
                duty.measurement_id = valid._get_worst()
        if ended:
            ended._withdraw(
                self.env._(
                    "The values were corrected or judged anew, and none of them asks for "
                    "anything any longer."
                )
            )

    @api.model
    def _open_for_recent(self, domain):
        """Open duties for recent values that ask for something since they were judged
        anew, and that no duty knows yet, open or ended.
        """
        # sudo: res.company: the longest setting, to read few values
        companies_sudo = self.env["res.company"].sudo().search([("active", "=", True)])
        oldest = min(map(self._get_oldest, companies_sudo))
        recent = self.env["patient.measurement"].search(
            Domain(domain)
            & Domain("level", "in", list(KINDS))
            & Domain("effective_at", ">=", oldest)
        )
        return self._open_for(
            self._get_unwatched(recent).filtered(
                lambda one: one.effective_at >= self._get_oldest(one.company_id)
            )
        )

    # TOOLS

    def _find_last_values(self):
        """Return (patient id, indicator id) → the latest (moment, measurement id)s."""
        keys = {(duty.patient_id.id, duty.indicator_id.id) for duty in self}
        keys = [key for key in keys if all(key)]
        if not keys:
            return {}
        # whoever sees a duty sees the values of its indicator: same patient, same rules
        self.env["patient.measurement"].flush_model()
        rows = self.env.cr.execute_values(
            "SELECT key.patient_id, key.indicator_id, latest.effective_at, latest.value,"
            " latest.option_id FROM (VALUES %s) AS key (patient_id, indicator_id)"
            " JOIN LATERAL (SELECT effective_at, value, option_id"
            " FROM patient_measurement AS one WHERE one.patient_id = key.patient_id"
            " AND one.indicator_id = key.indicator_id AND one.active"
            " ORDER BY effective_at DESC, id DESC LIMIT 3) latest ON TRUE",
            keys,
            fetch=True,
        )
        found = {}
        for patient_id, indicator_id, *value in rows:
            found.setdefault((patient_id, indicator_id), []).append(value)
        return found

    def _format_last_values(self, rows):
        """Return values as people write them, the latest first.

        :param list rows: (naive UTC moment, number or None, id of a choice or None)
        """
        self.ensure_one()
        parts = []
        for moment, number, option_id in rows:
            day = self.company_id._patient_local_date(moment)
            option = self.env["patient.indicator.option"].browse(option_id)
            value = (
                option.name or ""
                if number is None
                else f"{number:.{self.indicator_id.decimals}f}"
            )
            parts.append(f"{value} ({format_date(self.env, day)})")
        return " · ".join(parts)

    @api.model
    def _get_oldest(self, company):
        """Return the moment before which a value that arrives late starts no duty."""
        # sudo: res.company: a setting of the hospital, for every user
        days = company.sudo().patient_duty_max_age_days
        return Datetime.now() - timedelta(days=days)

    @api.model
    def _get_unwatched(self, measurements):
        """Return the measurements that no duty knows, open or ended."""
        if not measurements:
            return measurements
        known = self.env.execute_query(
            SQL(
                "SELECT measurement_id FROM patient_health_duty_measurement_rel"
                " WHERE measurement_id IN %s",
                tuple(measurements.ids),
            )
        )
        return measurements - measurements.browse([one for (one,) in known])
