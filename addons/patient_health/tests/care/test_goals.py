from odoo.tests import BaseCase

from ...tools.goals import get_distance, is_reached, judge_change


class TestGoals(BaseCase):
    """Better or worse, without a database."""

    def test_target_includes_both_ends(self):
        for value, reached in ((119, False), (120, True), (139, True), (139.1, False)):
            self.assertEqual(is_reached(value, 120, 139), reached, value)
        self.assertTrue(is_reached(-5, None, 6.9))
        self.assertTrue(is_reached(60, 60, None))

    def test_distance_is_nothing_within(self):
        self.assertEqual(get_distance(5, 3.9, 6.1), 0)
        self.assertEqual(get_distance(8, 4, 6), 2)
        self.assertEqual(get_distance(1, 4, None), 3)

    def test_direction_says_what_is_better(self):
        self.assertEqual(judge_change("lower", 9, 7), "improved")
        self.assertEqual(judge_change("lower", 7, 9), "worse")
        self.assertEqual(judge_change("higher", 60, 70), "improved")
        self.assertEqual(judge_change("higher", 70, 60), "worse")
        self.assertEqual(judge_change("higher", 70, 70), "unchanged")

    def test_within_is_nearer_to_the_range(self):
        for first, last, verdict in (
            (160, 135, "improved"),
            (95, 160, "worse"),
            (100, 120, "unchanged"),
            (80, 140, "unchanged"),  # ten too low, then ten too high
            (70, 135, "improved"),
        ):
            self.assertEqual(
                judge_change("within", first, last, 90, 130), verdict, (first, last)
            )
        self.assertEqual(judge_change("within", 1, 2), "unknown")
