import threading
from concurrent.futures import ThreadPoolExecutor

from odoo import api
from odoo.fields import Date
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, TransactionCase, get_db_name, tagged


@tagged("post_install", "-at_install")
class TestIrSequence(TransactionCase):
    def _make_sequence(self, **values):
        return self.env["ir.sequence"].create(
            {"name": "Test", "prefix": "T", "padding": 4, **values}
        )

    def test_a_block_is_drawn_in_one_query(self):
        sequence = self._make_sequence()
        sequence._draw_numbers(1)
        for count in (1, 500):
            with self.assertQueryCount(1):
                self.assertEqual(len(sequence._draw_numbers(count)), count)

    def test_numbers_follow_those_of_odoo(self):
        sequence = self._make_sequence()
        self.assertEqual(sequence.next_by_id(), "T0001")
        self.assertEqual(sequence._draw_numbers(3), ["T0002", "T0003", "T0004"])
        self.assertEqual(sequence.next_by_id(), "T0005")
        self.assertEqual(sequence._draw_numbers(0), [])

    def test_each_year_has_its_own_numbers(self):
        sequence = self._make_sequence(
            prefix="TS%(range_year)s-", use_date_range=True, padding=3
        )
        last, this = Date.to_date("2025-12-31"), Date.to_date("2026-01-01")
        self.assertEqual(sequence._draw_numbers(2, last), ["TS2025-001", "TS2025-002"])
        self.assertEqual(sequence._draw_numbers(1, this), ["TS2026-001"])
        self.assertEqual(sequence._draw_numbers(1, last), ["TS2025-003"])
        self.assertEqual(len(sequence.date_range_ids), 2)

    def test_steps_and_gapless_sequences_are_kept(self):
        steps = self._make_sequence(number_increment=10)
        self.assertEqual(steps._draw_numbers(3), ["T0001", "T0011", "T0021"])
        gapless = self._make_sequence(implementation="no_gap")
        self.assertEqual(gapless._draw_numbers(2), ["T0001", "T0002"])


@tagged("post_install", "-at_install")
class TestIrSequenceConcurrency(BaseCase):
    """Eight workers draw the first numbers of a year at the same moment."""

    workers, rounds, block = 8, 25, 10

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            sequence = self._env(cr)["ir.sequence"].create(
                {
                    "name": "Race",
                    "prefix": "R%(range_year)s-",
                    "use_date_range": True,
                    "padding": 5,
                }
            )
            self.sequence_id = sequence.id
        self.addCleanup(self._remove)

    def _env(self, cr):
        return api.Environment(cr, api.SUPERUSER_ID, {})

    def _remove(self):
        with self.registry.cursor() as cr:
            self._env(cr)["ir.sequence"].browse(self.sequence_id).unlink()

    def test_no_number_twice_and_none_lost(self):
        barrier = threading.Barrier(self.workers)

        def draw(_worker):
            found = []
            barrier.wait()
            for _round in range(self.rounds):
                with self.registry.cursor() as cr:
                    sequence = self._env(cr)["ir.sequence"].browse(self.sequence_id)
                    found += sequence._draw_numbers(self.block)
            return found

        with ThreadPoolExecutor(self.workers) as pool:
            drawn = [
                number
                for part in pool.map(draw, range(self.workers))
                for number in part
            ]
        total = self.workers * self.rounds * self.block
        self.assertEqual(len(set(drawn)), total)
        self.assertEqual(max(int(number[-5:]) for number in drawn), total)
        with self.registry.cursor() as cr:
            sequence = self._env(cr)["ir.sequence"].browse(self.sequence_id)
            self.assertEqual(len(sequence.date_range_ids), 1)
