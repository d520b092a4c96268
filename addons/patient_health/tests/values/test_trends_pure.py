from datetime import date

from odoo.tests import BaseCase

from ...tools.ages import get_age
from ...tools.bands import Band, choose_band
from ...tools.ranges import write_lines, write_number, write_range
from ...tools.trends import Summary, get_segments, is_improved, summarize

CHILD = Band(None, 0, 18, 80, 110)
ADULT = Band(None, 18, None, 90, 129)
WOMAN = Band("female", 60, None, 90, 139)


class TestTrendsPure(BaseCase):
    """Bands along a life and periods compared, without a database."""

    def test_band_changes_on_the_birthday(self):
        found = get_segments(
            [CHILD, ADULT],
            "male",
            date(2005, 6, 15),
            date(2020, 1, 1),
            date(2026, 1, 1),
        )
        self.assertEqual(
            found,
            [
                (date(2020, 1, 1), date(2023, 6, 14), CHILD),
                (date(2023, 6, 15), date(2026, 1, 1), ADULT),
            ],
        )

    def test_bands_are_those_of_each_day(self):
        born = date(1964, 2, 29)
        bands = [CHILD, ADULT, WOMAN, Band("female", 61.5, 62.25, 1, 2)]
        first, last = date(2023, 1, 1), date(2027, 12, 31)
        segments = get_segments(bands, "female", born, first, last)
        day = first
        while day <= last:
            expected = choose_band(bands, "female", get_age(born, day))
            found = [one.band for one in segments if one.first <= day <= one.last]
            self.assertEqual(found, [expected], day)
            day = date.fromordinal(day.toordinal() + 1)

    def test_same_band_is_one_segment_and_none_leaves_a_gap(self):
        born = date(2000, 1, 1)
        span = (date(2010, 1, 1), date(2024, 1, 1))
        self.assertEqual(
            get_segments([ADULT], "male", born, *span),
            [(date(2018, 1, 1), date(2024, 1, 1), ADULT)],
        )
        everybody = Band(None, 0, None, 1, 2)
        found = get_segments([everybody, WOMAN], "male", born, *span)
        self.assertEqual(found, [(*span, everybody)])

    def test_unknown_birth_has_the_band_of_everybody(self):
        everybody = Band(None, 0, None, 1, 2)
        span = (date(2010, 1, 1), date(2024, 1, 1))
        self.assertEqual(
            get_segments([everybody, ADULT], None, None, *span), [(*span, everybody)]
        )
        self.assertEqual(get_segments([ADULT], None, None, *span), [])

    def test_summary_leaves_unjudged_values_out_of_the_share(self):
        points = [
            {"value": value, "level": level}
            for value, level in (
                (120, "normal"),
                (135, "abnormal"),
                (149, "act"),
                (200, "unknown"),
            )
        ]
        found = summarize(points, ADULT)
        self.assertEqual((found.count, found.mean), (4, 151))
        self.assertAlmostEqual(found.out_share, 2 / 3)
        self.assertEqual(found.distance, (6 + 20 + 71) / 4)
        self.assertEqual(summarize([], ADULT), (0, None, None, None))
        self.assertIsNone(summarize(points[3:], None).out_share)

    def test_verdict_follows_the_direction_of_the_indicator(self):
        def compare(before, after, better, decimals=0):
            ends = [Summary(3, mean, 0.5, away) for mean, away in (before, after)]
            return is_improved(*ends, better, decimals)

        self.assertTrue(compare((8, 0), (7, 0), "lower"))
        self.assertFalse(compare((7, 0), (8, 0), "lower"))
        self.assertTrue(compare((7, 0), (8, 0), "higher"))
        self.assertTrue(compare((150, 21), (140, 11), "within"))
        self.assertTrue(compare((80, 10), (85, 5), "within"))
        self.assertFalse(compare((140, 11), (150, 21), "within"))

    def test_what_cannot_be_seen_is_no_change(self):
        ends = [Summary(3, mean, 0, 0) for mean in (7.01, 7.04)]
        self.assertIsNone(is_improved(*ends, "lower", 1))
        self.assertTrue(is_improved(*reversed(ends), "lower", 2))

    def test_nothing_to_compare_gives_no_verdict(self):
        empty, full = Summary(0, None, None, None), Summary(3, 7.0, 0, None)
        for better in ("lower", "higher", "within"):
            self.assertIsNone(is_improved(empty, full, better, 1))
        self.assertIsNone(is_improved(full, full, "within", 1))

    def test_ranges_are_written_as_people_do(self):
        for low, high, text in (
            (90, 129, "90–129"),
            (None, 84.9, "≤ 84.9"),
            (0.55, None, "≥ 0.55"),
            (0, 3, "0–3"),
            (None, None, ""),
        ):
            self.assertEqual(write_range(low, high), text)
        self.assertEqual(write_lines(80, 140, "or"), "≤ 80 or ≥ 140")
        self.assertEqual(write_lines(None, 7.0, "or"), "≥ 7")
        self.assertEqual(write_number(100), "100")
