from datetime import date

from odoo.tests import BaseCase

from ..tools.ages import get_age
from ..tools.bands import Band, choose_band, classify
from ..tools.derivations import get_body_mass_index, get_filtration_rate

PRESSURE = Band(None, 18, None, 90, 129, 80, 140, 70, 180)


class TestBands(BaseCase):
    """What numbers mean, without a database."""

    def test_lines_are_included_where_they_say_so(self):
        for value, expected in (
            (129, ("normal", None)),
            (90, ("normal", None)),
            (130, ("abnormal", "high")),
            (139, ("abnormal", "high")),
            (140, ("act", "high")),
            (179, ("act", "high")),
            (180, ("critical", "high")),
            (89, ("abnormal", "low")),
            (80, ("act", "low")),
            (70, ("critical", "low")),
        ):
            self.assertEqual(classify(PRESSURE, value), expected, value)

    def test_no_band_says_nothing(self):
        self.assertEqual(classify(None, 100), ("unknown", None))

    def test_narrowest_band_is_chosen(self):
        everybody = Band(None, 0, None, normal_high=1)
        women = Band("female", 0, None, normal_high=2)
        old_women = Band("female", 60, None, normal_high=3)
        bands = [everybody, women, old_women]
        self.assertEqual(choose_band(bands, "female", 70), old_women)
        self.assertEqual(choose_band(bands, "female", 59.9), women)
        self.assertEqual(choose_band(bands, "male", 70), everybody)
        self.assertEqual(choose_band(bands, None, None), everybody)
        self.assertEqual(choose_band(bands, "female", None), women)

    def test_no_age_no_band_for_adults_only(self):
        self.assertIsNone(choose_band([PRESSURE], "male", None))
        self.assertIsNone(choose_band([PRESSURE], "male", 17.99))
        self.assertEqual(choose_band([PRESSURE], "male", 18), PRESSURE)

    def test_age_is_whole_on_birthdays(self):
        self.assertEqual(get_age(date(1960, 5, 1), date(2026, 5, 1)), 66)
        self.assertLess(get_age(date(1960, 5, 1), date(2026, 4, 30)), 66)
        self.assertGreaterEqual(get_age(date(1960, 5, 1), date(2026, 4, 30)), 65)
        self.assertIsNone(get_age(None, date(2026, 5, 1)))
        self.assertIsNone(get_age(date(2026, 5, 2), date(2026, 5, 1)))

    def test_leap_day_is_followed_by_the_first_of_march(self):
        born = date(2008, 2, 29)
        self.assertLess(get_age(born, date(2026, 2, 28)), 18)
        self.assertEqual(get_age(born, date(2026, 3, 1)), 18)
        self.assertEqual(get_age(born, date(2024, 2, 29)), 16)

    def test_calculated_indicators(self):
        self.assertAlmostEqual(get_body_mass_index(70, 175), 22.857, 3)
        # CKD-EPI 2021, calculator of the National Kidney Foundation
        self.assertAlmostEqual(get_filtration_rate(88.4, 50, "male"), 92, 0)
        self.assertAlmostEqual(get_filtration_rate(88.4, 50, "female"), 69, 0)
        self.assertIsNone(get_filtration_rate(88.4, 17, "male"))
        self.assertIsNone(get_filtration_rate(88.4, 50, "other"))
