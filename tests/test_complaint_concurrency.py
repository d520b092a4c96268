"""Many clerks at once (R1): no number twice, none lost, no error shown.

The complaints are committed and stay: the database is a throw-away copy.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

from racing import commit, make_users, needs_database

from odoo import api
from odoo.service.model import retrying

THREADS = 8
EACH = 250
BATCH = 10
# A year of which nobody has drawn a number yet: the threads race for its first one.
YEAR = 2041

pytestmark = needs_database
OFFICER_GROUP = "patient_relations.patient_relations_group_officer"


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


def _get_numbers(env):
    complaints = env["patient.complaint"].search(
        [("received_month", "=", f"{YEAR}-06-01")]
    )
    return sorted(complaints.mapped("name"))


def test_eight_clerks_draw_each_number_once(registry, caplog):
    [officer_id] = make_users(registry, OFFICER_GROUP, "concurrency")
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
    assert commit(registry, _get_numbers) == expected
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
