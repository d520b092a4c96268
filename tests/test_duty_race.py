"""Two nurses take one duty, and two values of one indicator arrive at once (R2)."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from odoo import SUPERUSER_ID, api, fields
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


def _make_nurses(env, *logins):
    group = env.ref("patient_health.patient_health_group_manager")
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


def _make_patient(env, name):
    values = {"name": name, "birth_date": "1960-05-01", "gender": "male"}
    return env["patient.patient"].create(values).id


def _measure(env, patient_id, value):
    """Enter a systolic pressure; return the duty that it belongs to."""
    measurement = env["patient.measurement"].create(
        {
            "patient_id": patient_id,
            "indicator_id": env.ref("patient_health.patient_indicator_systolic").id,
            "effective_at": fields.Datetime.now(),
            "value": value,
        }
    )
    duties = env["patient.health.duty"]
    return duties.search([("measurement_ids", "in", measurement.ids)])


def test_of_two_nurses_one_takes_it_and_the_other_reads_who(registry):
    nurses = _commit(registry, lambda env: _make_nurses(env, "nurse_a", "nurse_b"))
    patient = _commit(registry, lambda env: _make_patient(env, "抢任务"))
    duty_id = _commit(registry, lambda env: _measure(env, patient, 190).id)
    barrier = threading.Barrier(2)

    def claim(user_id):
        with registry.cursor() as cr:
            env = api.Environment(cr, user_id, {})
            duty = env["patient.health.duty"].browse(duty_id)
            assert not duty.user_id  # both have seen the same
            barrier.wait(timeout=30)
            try:
                retrying(duty.action_claim, env)
            except UserError as error:
                return str(error)
            return "won"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(claim, nurses), key=lambda text: text == "won")
    assert results[1] == "won"
    assert "already" in results[0]
    winner = _commit(
        registry, lambda env: env["patient.health.duty"].browse(duty_id).user_id.name
    )
    assert winner in results[0]


def test_two_values_at_once_open_one_duty(registry):
    patient = _commit(registry, lambda env: _make_patient(env, "同时"))
    barrier = threading.Barrier(2)

    def enter(value):
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            # both transactions have begun, and see no duty
            assert not env["patient.health.duty"].search_count(
                [("patient_id", "=", patient)]
            )
            barrier.wait(timeout=30)
            return retrying(lambda: _measure(env, patient, value).id, env)

    with ThreadPoolExecutor(2) as pool:
        opened = set(pool.map(enter, (185, 190)))
    assert len(opened) == 1

    def look(env):
        duty = env["patient.health.duty"].search([("patient_id", "=", patient)])
        clocks = duty.deadline_ids
        return len(duty), sorted(duty.measurement_ids.mapped("value")), len(clocks)

    assert _commit(registry, look) == (1, [185, 190], 1)
