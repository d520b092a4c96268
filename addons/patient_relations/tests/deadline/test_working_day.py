from datetime import date, datetime, time, timedelta

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PatientRelationsCase

TUESDAY = date(2026, 3, 3)


@tagged("post_install", "-at_install")
class TestWorkingDay(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls._make_company()
        cls.other_company.country_id = cls.env.ref("base.cn")
        cls.env["patient.working.day"].search([]).unlink()

    def _make_day(self, day=TUESDAY, is_working=False, **values):
        values = {
            "name": "院庆",
            "date": day,
            "is_working": is_working,
            "country_id": self.env.ref("base.cn").id,
            **values,
        }
        return self.env["patient.working.day"].create(values)

    def _is_working(self, day=TUESDAY, company=None):
        return (company or self.company)._get_patient_working_days().is_working(day)

    # counting

    def test_hospital_counts_by_its_country(self):
        saturday, easter = date(2026, 2, 14), date(2026, 4, 6)
        self.assertTrue(self._is_working(saturday))
        self.company.country_id = self.env.ref("base.uk")
        self.assertFalse(self._is_working(saturday))
        self.assertFalse(self._is_working(easter))
        self.company.country_id = False
        self.assertTrue(self._is_working(easter))

    def test_state_is_the_part_of_the_country(self):
        uk, easter_monday = self.env.ref("base.uk"), date(2026, 4, 6)
        scotland = self.env["res.country.state"].create(
            {"name": "Scotland", "code": "SCT", "country_id": uk.id}
        )
        kent = self.env["res.country.state"].create(
            {"name": "Testshire", "code": "XK9", "country_id": uk.id}
        )
        self.company.write({"country_id": uk.id, "state_id": kent.id})
        self.assertFalse(self._is_working(easter_monday))
        self.company.partner_id.state_id = scotland
        self.assertTrue(self._is_working(easter_monday))

    def test_changed_rows_count_at_once(self):
        self.assertTrue(self._is_working())
        row = self._make_day()
        self.assertFalse(self._is_working())
        row.is_working = True
        self.assertTrue(self._is_working())
        row.write({"is_working": False, "date": date(2026, 3, 4)})
        self.assertTrue(self._is_working())
        self.assertFalse(self._is_working(date(2026, 3, 4)))
        row.unlink()
        self.assertTrue(self._is_working(date(2026, 3, 4)))

    def test_days_are_kept_between_calls(self):
        days = self.company._get_patient_working_days()
        self.assertIs(self.company._get_patient_working_days(), days)
        with self.assertQueryCount(0):
            self.company._get_patient_working_days().add(TUESDAY, 10)

    def test_own_day_of_one_hospital_does_not_touch_the_other(self):
        self._make_day(company_id=self.company.id)
        self.assertFalse(self._is_working())
        self.assertTrue(self._is_working(company=self.other_company))

    def test_own_day_goes_before_that_of_the_country(self):
        self._make_day(company_id=self.company.id, is_working=True)
        self._make_day()
        self.assertTrue(self._is_working())
        self.assertFalse(self._is_working(company=self.other_company))

    def test_row_of_another_country_does_not_count(self):
        self._make_day(country_id=self.env.ref("base.uk").id)
        self.assertTrue(self._is_working())

    def test_anybody_counts_without_seeing_the_rows(self):
        self._make_day()
        company = self.company.with_user(self.user_plain)
        self.assertFalse(self._is_working(company=company))
        self.assertTrue(company._get_patient_working_time().shifts)

    def test_office_hours_are_those_of_the_commonest_weekday(self):
        self.company.resource_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "门诊",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": "上班",
                            "dayofweek": str(weekday),
                            "day_period": period,
                            "hour_from": begin,
                            "hour_to": end,
                        }
                    )
                    for weekday in range(6)
                    for period, begin, end in (
                        [("morning", 8.5, 12), ("lunch", 12, 13), ("afternoon", 13, 17)]
                        if weekday < 5
                        else [("morning", 9, 11)]
                    )
                ],
            }
        )
        self.assertEqual(
            self.company._get_patient_shifts(),
            ((time(8, 30), time(12)), (time(13), time(17))),
        )
        worked = self.company._get_patient_working_time()
        # Tuesday in Shanghai
        start = datetime(2026, 3, 2, 16)
        self.assertEqual(worked.hours(start, start + timedelta(days=1)), 7.5)

    def test_office_hours_without_a_calendar(self):
        self.company.resource_calendar_id.attendance_ids = False
        self.assertEqual(
            self.company._get_patient_shifts(),
            ((time(8), time(12)), (time(14), time(17, 30))),
        )

    # rows

    def test_a_day_has_one_row_for_the_country_and_one_for_each_hospital(self):
        self._make_day()
        self._make_day(company_id=self.company.id)
        self._make_day(company_id=self.other_company.id)
        for company in (self.env["res.company"], self.company):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.UniqueViolation),
                self.env.cr.savepoint(),
            ):
                self._make_day(company_id=company.id)

    def test_a_year_of_rows_is_created_in_one_go(self):
        country = self.env.ref("base.cn").id

        def prepare(year, count):
            return [
                {
                    "name": "休息",
                    "date": date(year, 1, 1) + timedelta(days=step),
                    "country_id": country,
                }
                for step in range(count)
            ]

        model = self.env["patient.working.day"]
        model.create(prepare(2030, 1))
        self.env.flush_all()
        with self.assertQueryCount(2):
            model.create(prepare(2031, 1))
            self.env.flush_all()
        with self.assertQueryCount(2):
            model.create(prepare(2032, 100))
            self.env.flush_all()

    # who may what

    def test_staff_and_officer_read_and_change_nothing(self):
        row = self._make_day()
        for user in (self.user_staff, self.user_officer):
            seen = row.with_user(user)
            with self.subTest(user=user.login):
                self.assertEqual(seen.name, "院庆")
                with self.assertRaises(AccessError):
                    seen.write({"is_working": True})
                with self.assertRaises(AccessError):
                    seen.unlink()
                with self.assertRaises(AccessError):
                    seen.create({"name": "x", "date": "2026-03-05"})

    def test_manager_enters_changes_and_deletes(self):
        row = (
            self.env["patient.working.day"]
            .with_user(self.user_manager)
            .create(
                {"name": "院庆", "date": "2026-03-05", "company_id": self.company.id}
            )
        )
        self.assertEqual(row.country_id, self.env.ref("base.cn"))
        row.is_working = True
        row.unlink()

    def test_others_see_nothing(self):
        row = self._make_day()
        for user in (self.user_plain, self.user_portal):
            with self.assertRaises(AccessError):
                row.with_user(user).read(["name"])

    def test_manager_never_sees_own_days_of_another_hospital(self):
        row = self._make_day(company_id=self.other_company.id)
        seen = row.with_user(self.user_manager)
        self.assertFalse(seen.search([("id", "=", row.id)]))
        with self.assertRaises(AccessError):
            seen.read(["name"])
        with self.assertRaises(AccessError):
            seen.create(
                {"name": "x", "date": "2026-03-05", "company_id": self.other_company.id}
            )

    # missing years

    def _get_todos(self):
        return self.env["mail.activity"].search(
            [("summary", "like", self.company.name), ("summary", "like", "2027")]
        )

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "patient_relations.patient_working_day_cron"
            ).method_direct_trigger()

    def test_next_year_is_missed_from_november_on(self):
        years = self.company._get_unpublished_calendar_years
        self.assertEqual(years(date(2026, 10, 31)), [])
        self.assertEqual(years(date(2026, 11, 1)), [2027])
        self.assertEqual(years(date(2027, 1, 1)), [2027])

    def test_own_day_off_does_not_stand_for_the_notice(self):
        self._make_day(date(2027, 3, 3), company_id=self.company.id)
        years = self.company._get_unpublished_calendar_years(date(2026, 12, 1))
        self.assertEqual(years, [2027])

    def test_manager_gets_one_todo_and_keeps_it_until_the_days_are_there(self):
        with freeze_time("2026-12-01 02:00:00"):
            self._run_cron()
            todo = self._get_todos()
            self.assertEqual(len(todo), 1)
            self.assertEqual(todo.user_id, self.user_manager)
            self.assertEqual(
                todo.with_user(self.user_manager).search([("id", "=", todo.id)]), todo
            )
            self._run_cron()
            self.assertEqual(self._get_todos(), todo)
            self._make_day(date(2027, 2, 6))
            self._run_cron()
            self.assertFalse(self._get_todos())
            self.assertFalse(todo.active)

    def test_todo_comes_back_when_it_was_ticked_off_without_days(self):
        with freeze_time("2026-12-01 02:00:00"):
            self._run_cron()
            first = self._get_todos()
            first.with_user(self.user_manager).action_feedback()
            self._run_cron()
            self.assertEqual(len(self._get_todos()), 1)
            self.assertNotEqual(self._get_todos(), first)
            self._get_todos().unlink()
            self._run_cron()
            self.assertEqual(len(self._get_todos()), 1)

    def test_todo_goes_to_another_manager_when_its_own_leaves(self):
        second = self._make_user("pr_manager_second", "manager")
        with freeze_time("2026-12-01 02:00:00"):
            self._run_cron()
            todo = self._get_todos()
            self.assertEqual(todo.user_id, second)
            second.active = False
            self._run_cron()
            self.assertEqual(self._get_todos().user_id, self.user_manager)

    def test_no_todo_where_nothing_is_missing(self):
        with freeze_time("2026-06-01 02:00:00"):
            self._run_cron()
        self.assertFalse(self._get_todos())
