"""Two people move one complaint (R2), and requests that must be tried again (R3)."""

from racing import commit, make_users, needs_database, race

from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying

pytestmark = needs_database
OFFICER_GROUP = "patient_relations.patient_relations_group_officer"


def _make_complaint(registry, summary):
    return commit(
        registry, lambda env: env["patient.complaint"].create({"summary": summary}).id
    )


def test_of_two_who_acknowledge_one_wins_and_the_other_reads_why(registry):
    officers = make_users(registry, OFFICER_GROUP, "race_a", "race_b")
    case = _make_complaint(registry, "抢单")

    def prepare(env, _place):
        complaint = env["patient.complaint"].browse(case)
        assert complaint.state == "received"  # both have seen the same
        return lambda: complaint.action_acknowledge() or "won"

    results = sorted(race(registry, officers, prepare), key=lambda text: text == "won")
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

    assert commit(registry, count_moves) == (1, 1)


def test_a_request_tried_five_times_leaves_one_trace(registry):
    failures = iter(range(4))
    case = _make_complaint(registry, "重试")
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

    assert commit(registry, count) == (1, ["met"])
