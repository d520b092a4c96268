"""Two nurses take one duty, and two values of one indicator arrive at once (R2)."""

from racing import commit, make_users, needs_database, race

from odoo import SUPERUSER_ID, fields

pytestmark = needs_database
MANAGER_GROUP = "patient_health.patient_health_group_manager"


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
    nurses = make_users(registry, MANAGER_GROUP, "nurse_a", "nurse_b")
    patient = commit(registry, lambda env: _make_patient(env, "抢任务"))
    duty_id = commit(registry, lambda env: _measure(env, patient, 190).id)

    def prepare(env, _place):
        duty = env["patient.health.duty"].browse(duty_id)
        assert not duty.user_id  # both have seen the same
        return lambda: duty.action_claim() or "won"

    results = sorted(race(registry, nurses, prepare), key=lambda text: text == "won")
    assert results[1] == "won"
    assert "already" in results[0]
    winner = commit(
        registry, lambda env: env["patient.health.duty"].browse(duty_id).user_id.name
    )
    assert winner in results[0]


def test_two_values_at_once_open_one_duty(registry):
    patient = commit(registry, lambda env: _make_patient(env, "同时"))

    def prepare(env, place):
        # both transactions have begun, and see no duty
        duties = env["patient.health.duty"]
        assert not duties.search_count([("patient_id", "=", patient)])
        return lambda: _measure(env, patient, (185, 190)[place]).id

    opened = set(race(registry, [SUPERUSER_ID] * 2, prepare))
    assert len(opened) == 1

    def look(env):
        duty = env["patient.health.duty"].search([("patient_id", "=", patient)])
        clocks = duty.deadline_ids
        return len(duty), sorted(duty.measurement_ids.mapped("value")), len(clocks)

    assert commit(registry, look) == (1, [185, 190], 1)
