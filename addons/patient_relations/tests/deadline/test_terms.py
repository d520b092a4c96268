from datetime import date, datetime, time, timedelta

import pytz

from odoo.tests import BaseCase

from ...tools.terms import Calendar, Term
from ...tools.working_days import WorkingDays
from ...tools.working_time import WorkingTime

SHANGHAI = pytz.timezone("Asia/Shanghai")
SHIFTS = ((time(8), time(12)), (time(14), time(18)))


class TestTerms(BaseCase):
    """The vectors of the rules, on the calendar of China."""

    def setUp(self):
        super().setUp()
        days = WorkingDays("CN")
        working_time = WorkingTime(days, SHIFTS, SHANGHAI)
        self.calendar = Calendar(days, working_time, SHANGHAI)

    def _term(self, unit, amount, *start, pauses=()):
        return Term(self.calendar, unit, amount, self._at(*start), pauses)

    def _at(self, *parts):
        """Return a naive UTC datetime of the clock in Shanghai."""
        local = SHANGHAI.localize(datetime(*parts))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _assert_due(self, term, *parts):
        self.assertEqual(term.due_at, self._at(*parts))

    def test_five_working_days_end_with_the_last_second_of_the_fifth(self):
        for received, due in ((2, 9), (6, 13), (7, 13), (8, 13)):
            term = self._term("working_day", 5, 2026, 3, received, 10)
            self._assert_due(term, 2026, 3, due, 23, 59, 59)

    def test_a_minute_around_midnight_in_shanghai_is_a_day(self):
        before = self._term("working_day", 5, 2026, 3, 2, 23, 59)
        after = self._term("working_day", 5, 2026, 3, 3, 0, 1)
        self._assert_due(before, 2026, 3, 9, 23, 59, 59)
        self._assert_due(after, 2026, 3, 10, 23, 59, 59)

    def test_make_up_saturday_counts(self):
        """Received on Wednesday; Saturday the 14th is worked before the Spring Festival."""
        term = self._term("working_day", 3, 2026, 2, 11, 9)
        self._assert_due(term, 2026, 2, 14, 23, 59, 59)

    def test_holiday_eve_goes_on_after_the_holiday(self):
        term = self._term("working_day", 5, 2026, 9, 30, 9)
        self.assertEqual(term.due_day, self.calendar.days.add(date(2026, 9, 30), 5))
        self.assertGreater(term.due_day, date(2026, 10, 7))

    def test_hours_count_from_the_moment_at_night_and_on_holidays(self):
        autopsy = self._term("hour", 48, 2026, 1, 31, 10)
        self._assert_due(autopsy, 2026, 2, 2, 10)
        report = self._term("hour", 12, 2026, 10, 1, 20)
        self._assert_due(report, 2026, 10, 2, 8)

    def test_same_day_ends_with_the_day_of_the_hospital(self):
        for clock in ((0, 0), (9, 10), (21, 59)):
            term = self._term("end_of_day", 2, 2026, 3, 7, *clock)
            self._assert_due(term, 2026, 3, 7, 23, 59, 59)
        # 16:30 UTC on the seventh is the eighth in Shanghai, a Sunday
        late = Term(self.calendar, "end_of_day", 2, datetime(2026, 3, 7, 16, 30))
        self._assert_due(late, 2026, 3, 8, 23, 59, 59)
        self.assertFalse(late.is_provisional)

    def test_same_day_leaves_some_hours_late_in_the_evening(self):
        term = self._term("end_of_day", 2, 2026, 3, 7, 23, 30)
        self._assert_due(term, 2026, 3, 8, 1, 30)
        self._assert_due(self._term("end_of_day", 2, 2026, 3, 7, 22), 2026, 3, 8)

    def test_same_day_on_a_leap_day_and_the_last_of_a_year(self):
        term = self._term("end_of_day", 2, 2028, 2, 29, 10)
        self._assert_due(term, 2028, 2, 29, 23, 59, 59)
        eve = self._term("end_of_day", 2, 2028, 2, 28, 23)
        self._assert_due(eve, 2028, 2, 29, 1)
        self._assert_due(self._term("end_of_day", 2, 2026, 12, 31, 23), 2027, 1, 1, 1)

    def test_same_day_where_the_clocks_change(self):
        """In London the 29th of March 2026 has 23 hours; hours stay hours."""
        london = pytz.timezone("Europe/London")
        calendar = self.calendar._replace(zone=london)
        short = Term(calendar, "end_of_day", 2, datetime(2026, 3, 29, 0, 30))
        self.assertEqual(short.due_at, datetime(2026, 3, 29, 22, 59, 59))
        eve = Term(calendar, "end_of_day", 2, datetime(2026, 3, 28, 23, 30))
        self.assertEqual(eve.due_at, datetime(2026, 3, 29, 1, 30))

    def test_half_of_the_same_day_is_plain_time(self):
        term = self._term("end_of_day", 2, 2026, 3, 7, 23)
        self.assertEqual(term.at_share(0.5), self._at(2026, 3, 8))

    def test_pause_of_the_same_day_is_added(self):
        pause = (self._at(2026, 3, 2, 11), self._at(2026, 3, 2, 12, 30))
        term = self._term("end_of_day", 2, 2026, 3, 2, 10, pauses=[pause])
        self._assert_due(term, 2026, 3, 3, 1, 29, 59)

    def test_three_months_end_on_the_same_number_or_the_last_day(self):
        term = self._term("month", 3, 2025, 11, 30, 10)
        # 28 February 2026 is a make-up working Saturday
        self._assert_due(term, 2026, 2, 28, 23, 59, 59)

    def test_last_day_of_a_calendar_term_moves_on_from_a_holiday(self):
        term = self._term("day", 7, 2026, 9, 26, 10)
        self.assertGreater(term.due_day, date(2026, 10, 7))

    def test_leap_day(self):
        term = self._term("day", 1, 2028, 2, 28, 10)
        self._assert_due(term, 2028, 2, 29, 23, 59, 59)
        month = self._term("month", 1, 2028, 1, 31, 10)
        self._assert_due(month, 2028, 2, 29, 23, 59, 59)

    def test_pause_of_three_working_days_moves_the_end_by_three(self):
        pause = (self._at(2026, 3, 3, 9), self._at(2026, 3, 6, 9))
        term = self._term("working_day", 5, 2026, 3, 2, 10, pauses=[pause])
        self._assert_due(term, 2026, 3, 12, 23, 59, 59)

    def test_appraisal_does_not_count_in_thirty_working_days(self):
        plain = self._term("working_day", 30, 2026, 3, 2, 10)
        pause = (self._at(2026, 3, 9, 9), self._at(2026, 4, 10, 9))
        paused = self._term("working_day", 30, 2026, 3, 2, 10, pauses=[pause])
        days = self.calendar.days
        self.assertEqual(
            days.count(plain.due_day, paused.due_day),
            days.count(date(2026, 3, 9), date(2026, 4, 10)),
        )

    def test_paused_hours_are_added_to_the_second(self):
        pause = (self._at(2026, 3, 2, 11), self._at(2026, 3, 2, 12, 30))
        term = self._term("hour", 12, 2026, 3, 2, 10, pauses=[pause])
        self._assert_due(term, 2026, 3, 2, 23, 30)

    def test_share_is_one_of_working_time(self):
        """From Monday 8:00 five days of eight hours remain, and Monday itself."""
        term = self._term("working_day", 5, 2026, 3, 2, 8)
        self.assertEqual(term.at_share(0.5), self._at(2026, 3, 4, 18))
        self.assertEqual(term.at_share(1), term.due_at)
        self.assertGreater(term.at_share(1.2), term.due_at)

    def test_share_leaves_pauses_out(self):
        """A pause over Tuesday and Wednesday pushes half of the time behind it."""
        pause = (self._at(2026, 3, 3, 0, 1), self._at(2026, 3, 5, 0, 1))
        term = self._term("working_day", 5, 2026, 3, 2, 8, pauses=[pause])
        self.assertEqual(term.at_share(0.5), self._at(2026, 3, 6, 18))

    def test_share_of_hours_is_plain_time(self):
        term = self._term("hour", 12, 2026, 3, 7, 20)
        self.assertEqual(term.at_share(0.5), self._at(2026, 3, 8, 2))

    def test_term_through_an_unpublished_year_is_provisional(self):
        self.assertFalse(self._term("working_day", 5, 2026, 3, 2, 8).is_provisional)
        late = self._term("working_day", 30, 2026, 12, 20, 8)
        self.assertTrue(late.is_provisional)
        self.assertFalse(self._term("hour", 24, 2026, 12, 31, 20).is_provisional)

    def test_shares_are_in_order(self):
        term = self._term("working_day", 10, 2026, 2, 10, 15)
        moments = [term.at_share(percent / 100) for percent in range(1, 151, 7)]
        self.assertEqual(moments, sorted(moments))
        self.assertGreaterEqual(moments[0], term.started_at)
        self.assertLess(moments[0] - term.started_at, timedelta(days=1))
