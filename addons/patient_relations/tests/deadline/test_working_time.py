from datetime import date, datetime, time, timedelta

import pytz
from hypothesis import given, settings, strategies as st

from odoo.tests import BaseCase

from ...tools.working_days import WorkingDays
from ...tools.working_time import WorkingTime

SHIFTS = [(time(8), time(12)), (time(14), time(17, 30))]
SHANGHAI = pytz.timezone("Asia/Shanghai")
OFFICE = WorkingTime(WorkingDays("CN"), SHIFTS, SHANGHAI)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31))


def _utc(text, zone=SHANGHAI):
    """Return the naive UTC datetime of a hospital's clock."""
    local = zone.localize(datetime.fromisoformat(text))
    return local.astimezone(pytz.utc).replace(tzinfo=None)


class TestWorkingTime(BaseCase):
    """Shares of a span in working hours, without a database."""

    def _assert_hours(self, start, end, hours):
        self.assertAlmostEqual(OFFICE.hours(_utc(start), _utc(end)), hours)

    def _assert_share(self, start, end, share, moment):
        found = OFFICE.at_share(_utc(start), _utc(end), share)
        self.assertEqual(found, _utc(moment))

    def test_hours_of_a_day_leave_out_the_break(self):
        self._assert_hours("2026-03-02 00:00", "2026-03-03 00:00", 7.5)
        self._assert_hours("2026-03-02 09:00", "2026-03-02 15:00", 4)
        self._assert_hours("2026-03-02 12:30", "2026-03-02 13:30", 0)

    def test_hours_over_a_weekend_and_a_holiday(self):
        self._assert_hours("2026-03-06 17:00", "2026-03-09 08:30", 1)
        self._assert_hours("2026-03-07 10:00", "2026-03-08 18:00", 0)
        # off from 15 to 23 February, worked on Saturday 14
        self._assert_hours("2026-02-13 17:30", "2026-02-24 09:00", 8.5)

    def test_hours_of_a_leap_day(self):
        self._assert_hours("2024-02-28 17:30", "2024-03-01 08:00", 7.5)

    def test_hours_backwards_are_none(self):
        self._assert_hours("2026-03-03 09:00", "2026-03-02 09:00", 0)

    def test_the_hospital_day_begins_at_its_own_midnight(self):
        # Sunday 23:59 in Shanghai is Sunday afternoon in UTC; Monday 00:01 as well.
        self._assert_hours("2026-03-08 23:59", "2026-03-09 08:30", 0.5)
        self._assert_hours("2026-03-09 00:01", "2026-03-09 08:30", 0.5)

    def test_half_of_a_span_across_a_weekend(self):
        span = ("2026-03-06 14:00", "2026-03-09 11:30")
        self._assert_share(*span, 0.5, "2026-03-06 17:30")
        span = ("2026-03-06 16:30", "2026-03-09 12:00")
        self._assert_share(*span, 0.5, "2026-03-09 09:30")

    def test_shares_of_five_working_days(self):
        # received on Monday, due at the end of the fifth day after
        span = ("2026-03-02 10:00", "2026-03-10 00:00")
        self._assert_share(*span, 0, "2026-03-02 10:00")
        self._assert_share(*span, 1, "2026-03-10 00:00")
        half = OFFICE.at_share(_utc(span[0]), _utc(span[1]), 0.5)
        total = OFFICE.hours(_utc(span[0]), _utc(span[1]))
        self.assertAlmostEqual(OFFICE.hours(_utc(span[0]), half), total / 2)

    def test_more_than_all_goes_on_after_the_end(self):
        span = ("2026-03-06 08:00", "2026-03-07 00:00")
        self._assert_share(*span, 2, "2026-03-09 17:30")
        self._assert_share(*span, 1 + 1 / 7.5, "2026-03-09 09:00")

    def test_plain_time_where_nothing_is_worked(self):
        span = ("2026-03-07 10:00", "2026-03-07 20:00")
        self._assert_share(*span, 0.5, "2026-03-07 15:00")
        self._assert_share(*span, 1.5, "2026-03-08 01:00")

    def test_a_span_that_is_over_before_it_begins_is_due(self):
        self._assert_share(
            "2026-03-03 09:00", "2026-03-02 09:00", 0.5, "2026-03-02 09:00"
        )
        with self.assertRaises(ValueError):
            OFFICE.at_share(datetime(2026, 1, 1), datetime(2026, 1, 2), -0.1)

    def test_shifts_are_merged_and_checked(self):
        night = WorkingTime(
            WorkingDays(None), [(time(20), time(0)), (time(19), time(21))], SHANGHAI
        )
        self.assertEqual(night.shifts, ((timedelta(hours=19), timedelta(hours=24)),))
        with self.assertRaises(ValueError):
            WorkingTime(WorkingDays(None), [(time(12), time(8))], SHANGHAI)

    def test_no_shift_means_plain_time(self):
        closed = WorkingTime(WorkingDays(None), [], SHANGHAI)
        start = datetime(2026, 3, 2)
        self.assertEqual(closed.hours(start, start + timedelta(days=9)), 0)
        half = closed.at_share(start, start + timedelta(days=2), 0.5)
        self.assertEqual(half, start + timedelta(days=1))

    def test_summer_time_keeps_the_clock_of_the_office(self):
        london = pytz.timezone("Europe/London")
        office = WorkingTime(WorkingDays("GB", "ENG"), [(time(9), time(17))], london)
        start, end = _utc("2026-03-27 13:00", london), _utc("2026-03-30 13:00", london)
        self.assertEqual(office.hours(start, end), 8)
        middle = office.at_share(start, end, 0.75)
        self.assertEqual(middle, datetime(2026, 3, 30, 10))

    @settings(max_examples=200, deadline=None)
    @given(MOMENTS, MOMENTS, MOMENTS)
    def test_hours_add_up(self, first, second, third):
        first, second, third = sorted((first, second, third))
        self.assertAlmostEqual(
            OFFICE.hours(first, second) + OFFICE.hours(second, third),
            OFFICE.hours(first, third),
        )

    @settings(max_examples=200, deadline=None)
    @given(MOMENTS, st.integers(1, 60), st.floats(0, 3), st.floats(0, 1))
    def test_a_larger_share_is_never_sooner(self, start, length, share, more):
        end = start + timedelta(days=length)
        moment = OFFICE.at_share(start, end, share)
        self.assertLessEqual(start, moment)
        self.assertLessEqual(moment, OFFICE.at_share(start, end, share + more))

    @settings(max_examples=200, deadline=None)
    @given(MOMENTS, st.integers(4, 60), st.floats(0.01, 3))
    def test_a_share_is_that_part_of_the_hours(self, start, length, share):
        end = start + timedelta(days=length)
        total = OFFICE.hours(start, end)
        if total and share != 1:
            passed = OFFICE.hours(start, OFFICE.at_share(start, end, share))
            self.assertAlmostEqual(passed, total * share, delta=0.001)

    @settings(max_examples=50, deadline=None)
    @given(st.dates(date(2020, 1, 1), date(2027, 12, 31)))
    def test_a_day_has_all_its_hours_or_none(self, day):
        start = _utc(f"{day} 00:00")
        expected = 7.5 if OFFICE.days.is_working(day) else 0
        self.assertEqual(OFFICE.hours(start, start + timedelta(days=1)), expected)
