from datetime import date

from odoo.tests import BaseCase

from ...tools.adherence import get_coverage


def _day(number, month=1):
    return date(2026, month, number)


class TestAdherence(BaseCase):
    """Proportion of days covered, without a database."""

    def _ratio(self, supplies, start=1, end=30, stays=()):
        return get_coverage(supplies, _day(start), _day(end), stays)

    def test_gap_lowers_the_ratio(self):
        # 10 days from the 1st, 10 from the 16th: 20 of 30
        found = self._ratio([(_day(1), 10), (_day(16), 10)])
        self.assertEqual((found.covered, found.days, found.stay_days), (20, 30, 0))
        self.assertAlmostEqual(found.ratio, 2 / 3)

    def test_early_refill_begins_when_the_former_is_used_up(self):
        # handed out on the 6th though the first lasts to the 10th: 11th to 20th
        found = self._ratio([(_day(6), 10), (_day(1), 10)])
        self.assertEqual(found.covered, 20)

    def test_late_days_after_the_period_do_not_count(self):
        self.assertEqual(self._ratio([(_day(21), 30)]).covered, 10)
        self.assertEqual(self._ratio([(_day(1), 60)]).ratio, 1.0)

    def test_supply_from_before_counts_as_far_as_it_reaches(self):
        self.assertEqual(self._ratio([(date(2025, 12, 22), 15)]).covered, 5)

    def test_two_supplies_of_one_day_follow_each_other(self):
        self.assertEqual(self._ratio([(_day(1), 10), (_day(1), 10)]).covered, 20)

    def test_days_in_hospital_count_neither_way(self):
        # away from the 5th to the 9th: 10 days cover 1–4 and 10–15
        found = self._ratio([(_day(1), 10)], stays=[(_day(5), _day(9))])
        self.assertEqual((found.covered, found.days, found.stay_days), (10, 25, 5))
        # stays that overlap are one
        found = self._ratio([], stays=[(_day(5), _day(9)), (_day(8), _day(10))])
        self.assertEqual((found.covered, found.days, found.stay_days), (0, 24, 6))

    def test_period_in_hospital_has_no_ratio(self):
        found = self._ratio([(_day(1), 10)], stays=[(_day(1), _day(30))])
        self.assertIsNone(found.ratio)

    def test_no_supply_is_nothing_covered(self):
        self.assertEqual(self._ratio([]).ratio, 0.0)
