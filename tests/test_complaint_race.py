"""Two people move one complaint (R2), and requests that must be tried again (R3)."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying

DATABASE = os.environ.get("ODOO_TEST_DB")
pytestmark = pytest.mark.skipif(not DATABASE, reason="ODOO_TEST_DB names no database")


@pytest.fixture
def registry():
    return Registry(DATABASE)


def _commit(registry, work):
    """Run work(env) as the superuser and keep what it did."""
    with registry.cursor() as cr:
        return work(api.Environment(cr, SUPERUSER_ID, {"no_reset_password": True}))


def _make_officers(env, *logins):
    group = env.ref("patient_relations.patient_relations_group_officer")
    return (
        env["res.users"]
        .create(
            [
                {
                    "name": login,
                    "login": login,
                    "group_ids": [(6, 0, [env.ref("base.group_user").id, group.id])],
                }
                for login in logins
            ]
        )
        .ids
    )


def test_of_two_who_acknowledge_one_wins_and_the_other_reads_why(registry):
    officers = _commit(registry, lambda env: _make_officers(env, "race_a", "race_b"))
    case = _commit(
        registry, lambda env: env["patient.complaint"].create({"summary": "抢单"}).id
    )
    barrier = threading.Barrier(2)

    def acknowledge(user_id):
        with registry.cursor() as cr:
            env = api.Environment(cr, user_id, {})
            complaint = env["patient.complaint"].browse(case)
            assert complaint.state == "received"  # both have seen the same
            barrier.wait(timeout=30)
            try:
                retrying(complaint.action_acknowledge, env)
            except UserError as error:
                return str(error)
            return "won"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(
            pool.map(acknowledge, officers), key=lambda text: text == "won"
        )
    assert results[1] == "won"
    assert "already" in results[0]
    assert "race_" in results[0]

    def count_moves(env):
        complaint = env["patient.complaint"].browse(case)
        changes = complaint.message_ids.tracking_value_ids.filtered(
            lambda value: value.field_id.name == "state"
        )
        met = complaint.deadline_ids.filtered(lambda clock: clock.state == "met")
        return len(changes), len(
            met.filtered(lambda clock: clock.step == "acknowledge")
        )

    assert _commit(registry, count_moves) == (1, 1)


def test_a_request_tried_five_times_leaves_one_trace(registry):
    failures = iter(range(4))
    case = _commit(
        registry, lambda env: env["patient.complaint"].create({"summary": "重试"}).id
    )
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        complaint = env["patient.complaint"].browse(case)

        def move():
            complaint.action_acknowledge()
            complaint.message_post(body="已受理", partner_ids=env.user.partner_id.ids)
            env.flush_all()
            if next(failures, None) is not None:
                # what PostgreSQL says when another transaction was faster
                cr.execute(
                    "DO $$ BEGIN RAISE SQLSTATE '40001'; END $$", log_exceptions=False
                )

        retrying(move, env)

    def count(env):
        complaint = env["patient.complaint"].browse(case)
        posts = complaint.message_ids.filtered(lambda one: "已受理" in str(one.body))
        clocks = complaint.deadline_ids.filtered_domain([("step", "=", "acknowledge")])
        return len(posts), clocks.mapped("state")

    assert _commit(registry, count) == (1, ["met"])
