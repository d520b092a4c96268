from datetime import date, timedelta
from time import process_time

from hypothesis import given, settings, strategies as st

from odoo.tests import BaseCase

from ...tools.working_days import WorkingDays

PLAIN = WorkingDays(None)
CHINA = WorkingDays("CN")
ENGLAND = WorkingDays("GB", "ENG")
DATES = st.dates(date(1990, 1, 1), date(2060, 12, 31))
COUNTS = st.integers(0, 300)
CALENDARS = st.sampled_from((PLAIN, CHINA, ENGLAND, WorkingDays("IL")))


class TestWorkingDays(BaseCase):
    """Terms in working days, without a database."""

    def _assert_ends(self, days, count, ends):
        for start, end in ends.items():
            with self.subTest(start=start):
                self.assertEqual(
                    days.add(date.fromisoformat(start), count), date.fromisoformat(end)
                )

    def test_day_of_receipt_is_not_counted(self):
        ends = {
            "2026-03-02": "2026-03-09",
            "2026-03-06": "2026-03-13",
            "2026-03-07": "2026-03-13",
            "2026-03-08": "2026-03-13",
        }
        self._assert_ends(PLAIN, 5, ends)
        self._assert_ends(CHINA, 5, ends)

    def test_holiday_eve_and_make_up_saturday(self):
        # Spring Festival 2026: off from Sunday 15 to Monday 23 February, worked on the
        # Saturdays before and after.
        ends = {
            "2026-02-13": "2026-02-14",
            "2026-02-14": "2026-02-24",
            "2026-02-18": "2026-02-24",
            "2026-02-27": "2026-02-28",
        }
        self._assert_ends(CHINA, 1, ends)
        self._assert_ends(CHINA, 5, {"2026-02-12": "2026-02-26"})
        self.assertTrue(CHINA.is_working(date(2026, 2, 14)))
        self.assertFalse(PLAIN.is_working(date(2026, 2, 14)))

    def test_second_department_makes_ten_days_of_five_from_receipt(self):
        self._assert_ends(CHINA, 10, {"2026-03-02": "2026-03-16"})

    def test_a_pause_moves_the_end_by_its_working_days(self):
        received, paused, resumed = date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 9)
        pause = CHINA.count(paused, resumed)
        self.assertEqual(pause, 3)
        self.assertEqual(CHINA.add(received, 5 + pause), date(2026, 3, 12))

    def test_no_days_end_on_the_day_itself_or_the_next_working_day(self):
        ends = {"2026-03-06": "2026-03-06", "2026-03-07": "2026-03-09"}
        self._assert_ends(CHINA, 0, ends)

    def test_months_end_on_the_same_number_or_the_last_day(self):
        self.assertEqual(CHINA.add_months(date(2025, 11, 30), 3), date(2026, 2, 28))
        self.assertEqual(CHINA.add_months(date(2023, 11, 30), 3), date(2024, 2, 29))
        # Saturday without make-up, moved on to Monday
        self.assertEqual(PLAIN.add_months(date(2025, 11, 30), 3), date(2026, 3, 2))
        self.assertEqual(CHINA.add_months(date(2026, 3, 15), 12), date(2027, 3, 15))
        self.assertEqual(CHINA.add_months(date(2026, 12, 31), 2), date(2027, 3, 1))

    def test_last_calendar_day_moves_over_a_holiday(self):
        self.assertEqual(CHINA.add_days(date(2026, 9, 24), 7), date(2026, 10, 8))
        self.assertEqual(CHINA.add_days(date(2026, 1, 31), 7), date(2026, 2, 9))
        self.assertEqual(CHINA.add_days(date(2026, 2, 7), 7), date(2026, 2, 14))

    def test_england_has_good_friday_and_bank_holidays(self):
        self._assert_ends(ENGLAND, 1, {"2026-04-02": "2026-04-07"})
        self._assert_ends(ENGLAND, 3, {"2026-12-24": "2026-12-31"})
        self.assertTrue(WorkingDays("GB", "SCT").is_working(date(2026, 4, 6)))

    def test_weekends_of_other_countries(self):
        israel = WorkingDays("IL")
        self.assertFalse(israel.is_working(date(2026, 1, 9)))
        self.assertTrue(israel.is_working(date(2026, 1, 11)))

    def test_unknown_places_do_not_raise(self):
        friday = date(2026, 4, 3)
        for code in (None, "", "XX", "holidays"):
            with self.subTest(code=code):
                self.assertTrue(WorkingDays(code).is_working(friday))
        self.assertFalse(WorkingDays("gb", "Kent").is_working(friday))
        self.assertEqual(WorkingDays("CN", "GD").subdivision, None)

    def test_overrides_go_before_the_library(self):
        own = WorkingDays(
            "CN", overrides={date(2026, 3, 3): False, date(2026, 3, 7): True}
        )
        self.assertEqual(own.add(date(2026, 3, 2), 5), date(2026, 3, 9))
        self.assertEqual(own.add(date(2026, 3, 2), 4), date(2026, 3, 7))
        self.assertTrue(CHINA.is_working(date(2026, 3, 3)))

    def test_year_without_published_days_is_named(self):
        span = date(2026, 12, 1), date(2028, 1, 31)
        self.assertEqual(CHINA.unpublished_years(*span), [2027, 2028])
        self.assertEqual(
            CHINA.unpublished_years(date(1990, 1, 1), date(2026, 1, 1)), []
        )
        own = WorkingDays("CN", overrides={date(2027, 1, 1): False})
        self.assertEqual(own.unpublished_years(*span), [2028])
        own = WorkingDays("CN", overrides={date(2027, 1, 1): False}, published={2028})
        self.assertEqual(own.unpublished_years(*span), [2027])
        for days in (PLAIN, ENGLAND, WorkingDays("US")):
            self.assertEqual(days.unpublished_years(*span), [])

    def test_any_year_and_its_bounds(self):
        self.assertEqual(CHINA.add(date(1, 1, 1), 1), date(1, 1, 2))
        self.assertTrue(CHINA.is_working(date(9999, 12, 31)))
        with self.assertRaises(OverflowError):
            CHINA.add(date(9999, 12, 30), 5)
        with self.assertRaises(OverflowError):
            CHINA.add_months(date(9999, 12, 30), 5)

    def test_negative_terms_are_refused(self):
        for method in (CHINA.add, CHINA.add_days, CHINA.add_months):
            with self.assertRaises(ValueError):
                method(date(2026, 3, 2), -1)

    def test_ten_thousand_terms_take_no_time(self):
        starts = [
            date(2026, 1, 1) + timedelta(days=step % 365) for step in range(10000)
        ]
        CHINA.add(starts[0], 300)
        began = process_time()
        for start in starts:
            CHINA.add(start, 30)
        # 50 ms on a quiet machine; this one may be busy
        self.assertLess(process_time() - began, 0.25)

    @settings(max_examples=200, deadline=None)
    @given(CALENDARS, DATES, COUNTS)
    def test_result_is_worked_and_counts_back(self, days, start, count):
        end = days.add(start, count)
        self.assertTrue(days.is_working(end))
        if count:
            self.assertEqual(days.count(start, end), count)

    @settings(max_examples=200, deadline=None)
    @given(CALENDARS, DATES, COUNTS, st.integers(0, 40), st.integers(0, 40))
    def test_later_or_longer_never_ends_sooner(self, days, start, count, later, longer):
        end = days.add(start, count)
        self.assertLessEqual(end, days.add(start + timedelta(days=later), count))
        self.assertLessEqual(end, days.add(start, count + longer))

    @settings(max_examples=200, deadline=None)
    @given(CALENDARS, DATES, st.integers(1, 300), COUNTS)
    def test_a_term_is_the_sum_of_its_parts(self, days, start, first, second):
        whole = days.add(start, first + second)
        self.assertEqual(days.add(days.add(start, first), second), whole)

    @settings(max_examples=100, deadline=None)
    @given(CALENDARS, DATES, st.integers(0, 500))
    def test_count_agrees_with_looking_at_each_day(self, days, start, length):
        end = start + timedelta(days=length)
        steps = (start + timedelta(days=step + 1) for step in range(length))
        self.assertEqual(days.count(start, end), sum(map(days.is_working, steps)))
        self.assertEqual(days.count(end, start), 0)
