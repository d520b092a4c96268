"""Many clerks at once (R1): no number twice, none lost, no error shown.

The complaints are committed and stay: the database is a throw-away copy.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying

THREADS = 8
EACH = 250
BATCH = 10
# A year of which nobody has drawn a number yet: the threads race for its first one.
YEAR = 2041

DATABASE = os.environ.get("ODOO_TEST_DB")
pytestmark = pytest.mark.skipif(not DATABASE, reason="ODOO_TEST_DB names no database")


def _create_batch(registry, user_id, number):
    """Create some complaints in a transaction of their own, as a request does."""
    with registry.cursor() as cr:
        env = api.Environment(cr, user_id, {})

        def create():
            env["patient.complaint"].create(
                [
                    {
                        "summary": f"等候时间过长 {number}-{position}",
                        "received_at": f"{YEAR}-06-01 08:00:00",
                    }
                    for position in range(BATCH)
                ]
            )

        retrying(create, env)


def _make_officer(registry):
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"no_reset_password": True})
        group = env.ref("patient_relations.patient_relations_group_officer")
        officer = env["res.users"].create(
            {
                "name": "窗口",
                "login": "concurrency",
                "group_ids": [(6, 0, [env.ref("base.group_user").id, group.id])],
            }
        )
        return officer.id


def _get_numbers(registry):
    with registry.cursor() as cr:
        cr.execute(
            "SELECT name FROM patient_complaint WHERE received_month = %s",
            (f"{YEAR}-06-01",),
        )
        return sorted(name for (name,) in cr.fetchall())


def test_eight_clerks_draw_each_number_once(caplog):
    registry = Registry(DATABASE)
    officer_id = _make_officer(registry)
    barrier = threading.Barrier(THREADS)

    def work(thread):
        for turn in range(EACH // BATCH):
            if not turn:
                barrier.wait(timeout=30)
            _create_batch(registry, officer_id, f"{thread}-{turn}")

    with ThreadPoolExecutor(THREADS) as pool:
        for future in [pool.submit(work, thread) for thread in range(THREADS)]:
            future.result()

    prefix = f"TS{YEAR}-"
    expected = [f"{prefix}{number:05d}" for number in range(1, THREADS * EACH + 1)]
    assert _get_numbers(registry) == expected
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
