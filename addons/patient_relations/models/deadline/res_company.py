from collections import Counter
from datetime import date, time, timedelta

from odoo import models
from odoo.tools import ormcache

from ...tools.working_days import WorkingDays
from ...tools.working_time import WorkingTime

# Where the calendar of the hospital says nothing.
DEFAULT_SHIFTS = ((time(8), time(12)), (time(14), time(17, 30)))
# The month from which on the next year's notice is to be expected. Source: the notices for
# 2020 to 2026 are dated from 25 October to 21 November of the year before.
NOTICE_MONTH = 11
# The nations of the United Kingdom have different bank holidays; Odoo's states are counties.
DEFAULT_SUBDIVISIONS = {"GB": "ENG"}
NATIONS = {"ENG", "NIR", "SCT", "WLS"}


class ResCompany(models.Model):
    _inherit = "res.company"

    # BUSINESS

    def _get_patient_working_days(self):
        """Return the `WorkingDays` of the hospital; cached until a row changes."""
        self.ensure_one()
        # sudo: res.partner: the address of a company may be a contact hidden from the user
        company_sudo = self.sudo()
        return self._load_patient_working_days(
            company_sudo.country_id.id, company_sudo.state_id.code
        )

    def _get_patient_subdivision(self, code):
        """Return the code of the part of the country in which the hospital lies.

        A hospital of the United Kingdom whose state is a county is taken as English; give
        it a state with the code of its nation (SCT, WLS, NIR) where that is wrong.

        :param code: that of the hospital's state
        """
        self.ensure_one()
        default = DEFAULT_SUBDIVISIONS.get(self.country_id.code)
        return code if not default or code in NATIONS else default

    @ormcache("self.id", "country_id", "state_code")
    def _load_patient_working_days(self, country_id, state_code):
        """Read the rows of a country and of this hospital.

        Country and state are part of the key, so that a new address needs no clearing.
        """
        # sudo: patient.working.day: whoever sets a term counts in the hospital's days
        rows_sudo = (
            self.env["patient.working.day"]
            .sudo()
            .search_fetch(
                [
                    ("country_id", "=", country_id),
                    ("company_id", "in", (False, self.id)),
                ],
                ["date", "is_working", "company_id"],
            )
            .sorted(lambda row: row.company_id.id or 0)
        )
        return WorkingDays(
            self.env["res.country"].browse(country_id).code,
            subdivision=self.sudo()._get_patient_subdivision(state_code),
            overrides={row.date: row.is_working for row in rows_sudo},
            # A hospital's own day off says nothing about the notice of the year.
            published={row.date.year for row in rows_sudo if not row.company_id},
        )

    def _get_patient_working_time(self):
        """Return the `WorkingTime` of the hospital's office, in the hospital's zone."""
        self.ensure_one()
        return WorkingTime(
            self._get_patient_working_days(),
            self._get_patient_shifts(),
            self._get_patient_tz(),
        )

    def _get_patient_shifts(self):
        """Return pairs of `time` of a working day: those of the commonest weekday."""
        self.ensure_one()
        # sudo: resource.calendar: any user counts in the hospital's hours
        return self._load_patient_shifts(self.sudo().resource_calendar_id.id)

    @ormcache("calendar_id")
    def _load_patient_shifts(self, calendar_id):
        """Read the shifts of a calendar; cached until an attendance changes."""
        # sudo: resource.calendar.attendance: any user counts in the hospital's hours
        calendar_sudo = self.env["resource.calendar"].sudo().browse(calendar_id)
        attendances_sudo = calendar_sudo.attendance_ids.filtered(
            lambda attendance: (
                attendance._is_work_period()
                and 0 <= attendance.hour_from < attendance.hour_to <= 24
            )
        )
        weekdays = attendances_sudo.grouped("dayofweek")
        patterns = Counter(
            tuple(
                sorted({(part.hour_from, part.hour_to) for part in weekdays[weekday]})
            )
            for weekday in sorted(weekdays)
        )
        if not patterns:
            return DEFAULT_SHIFTS
        [(pattern, _count)] = patterns.most_common(1)
        return tuple((_get_clock(start), _get_clock(end)) for start, end in pattern)

    def _get_unpublished_calendar_years(self, today):
        """Return the years, of this and the next, that are counted provisionally.

        The next year is not missed before its notice can be expected.
        """
        self.ensure_one()
        last = today.year + (today.month >= NOTICE_MONTH)
        return self._get_patient_working_days().unpublished_years(
            today, date(last, 12, 31)
        )

    # to-dos

    def _update_calendar_todos(self, today):
        """Keep one open to-do for each year that is missing, and close the others."""
        self.ensure_one()
        missing = self._get_unpublished_calendar_years(today)
        manager = self._get_calendar_manager()
        # next year's too: its rows may be deleted again, or entered before its time
        for year in {today.year, today.year + 1, *missing}:
            todo = self._get_calendar_todo(year)
            if todo and year not in missing:
                todo.action_feedback()
            elif year in missing and manager and not todo:
                self._create_calendar_todo(year, manager, today)
            elif todo and todo.user_id not in self._get_patient_managers():
                todo.user_id = manager or todo.user_id

    def _get_calendar_manager(self):
        """Return who is to enter the days: one who works in this hospital by default.

        The administrator, a manager by installation, comes last.
        """
        managers = self._get_patient_managers().sorted("id", reverse=True)
        return (managers.filtered(lambda user: user.company_id == self) or managers)[:1]

    def _get_calendar_todo(self, year):
        """Return the open to-do of a year (sudo), or an empty one."""
        # sudo: mail.activity: a to-do without a document is its own user's alone
        todos_sudo = self.env["mail.activity"].sudo()
        todo = self.env.ref(self._get_calendar_todo_xmlid(year), False)
        return todos_sudo.browse(todo.id).filtered("active") if todo else todos_sudo

    def _get_calendar_todo_xmlid(self, year):
        return f"patient_relations.patient_working_day_todo_{self.id}_{year}"

    def _create_calendar_todo(self, year, manager, today):
        texts = self.with_context(lang=manager.lang).env
        # sudo: mail.activity, ir.model.data: the nightly job writes it for the manager
        todo_sudo = (
            self.env["mail.activity"]
            .sudo()
            .create(
                {
                    "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                    "user_id": manager.id,
                    "date_deadline": today + timedelta(days=7),
                    "summary": texts._(
                        "%(hospital)s: enter the working days of %(year)s",
                        hospital=self.name,
                        year=year,
                    ),
                    "note": texts._(
                        "The holidays and make-up working days of %(year)s are not known "
                        "yet, so terms that end in that year are provisional. Import the "
                        "government's notice under Configuration, Import Working Days.",
                        year=year,
                    ),
                }
            )
        )
        # Known by name: one for each year, and it leaves with the addon.
        self.env["ir.model.data"].sudo()._update_xmlids(
            [
                {
                    "xml_id": self._get_calendar_todo_xmlid(year),
                    "record": todo_sudo,
                    "noupdate": True,
                }
            ]
        )


# TOOLS


def _get_clock(hours):
    """Return hours since midnight (float) as a `time`; 24 is midnight again."""
    minutes = round(hours * 60) % (24 * 60)
    return time(minutes // 60, minutes % 60)
