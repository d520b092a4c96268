import re
from datetime import date, datetime
from xml.etree import ElementTree as ET

from markupsafe import Markup

from odoo.tests import BaseCase

from ...tools.bands import Band
from ...tools.trend_svg import COLORS, render_trend
from ...tools.trends import Segment

BAND = Band(None, 18, None, 90, 129, 80, 140, 70, 180)
POINTS = (
    (datetime(2024, 1, 5, 8), 150.0),
    (datetime(2023, 6, 1, 8), 120.0),
    (datetime(2025, 3, 1, 8), 190.0),
    (date(2025, 9, 1), 75.0),
)
SVG = "{http://www.w3.org/2000/svg}"


class TestTrendSvg(BaseCase):
    """The printed trend, without a database."""

    def _draw(self, points=POINTS, band=BAND, **more):
        drawn = render_trend(points, band, 400, 150, **more)
        self.assertIsInstance(drawn, Markup)
        return ET.fromstring(drawn)

    def test_course_runs_by_time_whatever_the_order(self):
        [line] = self._draw().iter(f"{SVG}polyline")
        places = [
            tuple(map(float, pair.split(","))) for pair in line.get("points").split()
        ]
        across = [x for x, _y in places]
        self.assertEqual(len(places), 4)
        self.assertEqual(across, sorted(across))
        # higher numbers stand higher
        heights = [y for _x, y in places]
        self.assertEqual(heights.index(min(heights)), 2)
        self.assertEqual(heights.index(max(heights)), 3)

    def test_marks_tell_level_by_form_and_color(self):
        root = self._draw()
        [dot] = root.iter(f"{SVG}circle")
        self.assertEqual(dot.get("fill"), COLORS["normal"])
        colors = [mark.get("fill") for mark in root.iter(f"{SVG}polygon")]
        self.assertEqual(colors, [COLORS["act"], COLORS["critical"], COLORS["act"]])

    def test_everything_stays_inside_the_picture(self):
        for points in (POINTS, POINTS[:1], [(date(2024, 2, 29), 0.0)], []):
            drawn = str(render_trend(points, BAND, 300, 100))
            self.assertNotIn("nan", drawn)
            root = ET.fromstring(drawn)
            for mark in root.iter(f"{SVG}rect"):
                right = float(mark.get("x")) + float(mark.get("width"))
                bottom = float(mark.get("y")) + float(mark.get("height"))
                self.assertLessEqual(right, 300)
                self.assertLessEqual(bottom, 100)
                self.assertGreaterEqual(float(mark.get("x")), 0)

    def test_band_is_drawn_where_it_was_in_force(self):
        child = Band(None, 0, 18, 80, 110)
        segments = [
            Segment(date(2023, 1, 1), date(2024, 6, 30), child),
            Segment(date(2024, 7, 1), date(2026, 1, 1), BAND),
        ]
        root = self._draw(band=segments, begin=date(2023, 1, 1), end=date(2026, 1, 1))
        first, second, _frame = root.iter(f"{SVG}rect")
        self.assertAlmostEqual(
            float(first.get("x")) + float(first.get("width")),
            float(second.get("x")),
            delta=0.02,
        )
        self.assertNotEqual(first.get("y"), second.get("y"))

    def test_open_band_reaches_the_edge_and_no_band_draws_none(self):
        high_only = Band(None, 0, None, normal_high=100)
        normal, frame = self._draw(band=high_only).iter(f"{SVG}rect")
        bottom = float(normal.get("y")) + float(normal.get("height"))
        self.assertAlmostEqual(
            bottom, float(frame.get("y")) + float(frame.get("height")), delta=0.02
        )
        [_frame] = self._draw(band=None).iter(f"{SVG}rect")

    def test_one_point_and_none(self):
        self.assertEqual(len(list(self._draw(POINTS[:1]).iter(f"{SVG}polyline"))), 0)
        texts = [text.text for text in self._draw([]).iter(f"{SVG}text")]
        self.assertIn("—", texts)

    def test_years_are_written_along_the_foot(self):
        points = [(date(2016 + year, 1, 20), 100 + year) for year in range(11)]
        texts = [text.text for text in self._draw(points).iter(f"{SVG}text")]
        self.assertTrue({"2017", "2026"} <= set(texts) or "2017" in texts)
        self.assertTrue(all(re.fullmatch(r"[\d.—]+", text) for text in texts))

    def test_title_is_escaped(self):
        drawn = render_trend(POINTS, BAND, 300, 100, title="<b>&收缩压")
        self.assertIn("&lt;b&gt;&amp;收缩压", drawn)
        self.assertNotIn("<b>", drawn)

    def test_old_engines_can_print_it(self):
        drawn = str(render_trend(POINTS, BAND, 300, 100))
        for word in ("style", "script", "class", "var(", "href"):
            self.assertNotIn(word, drawn)

    def test_points_of_the_method_of_patients_are_taken(self):
        points = [{"at": moment, "value": value} for moment, value in POINTS[:3]]
        self.assertEqual(
            render_trend(points, BAND, 300, 100),
            render_trend(POINTS[:3], BAND, 300, 100),
        )
