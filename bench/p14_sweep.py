"""P14: look for the clocks that have reached a step, and note whom to tell."""

from datetime import timedelta

from odoo import fields

from .harness import (
    Row,
    get_ratios,
    interleave,
    median,
    reaches,
    recorded,
    scans,
    summaries,
    tell_ratios,
)

REPEATS = 5
REACHED = 500
# The goal of ten times the peer is for as many: it loads whatever runs.
MILLION = 1_000_000
RULE = "patient_relations.patient_deadline_rule_cn_answer"
LADDER = "patient_relations.patient_deadline_ladder_standard"
# Told of 80 percent; the due date itself is the next step.
TOLD, STEP = 80, 100
SYSTEM = "__system__"
# What the rule of base_automation does to each clock: the same two notes.
NOTE = """
for clock in records:
    office = clock.company_id.patient_office_manager_id
    env["patient.deadline.notice"].create([
        {{
            "deadline_id": clock.id,
            "step_id": {step_id},
            "user_id": user.id,
            "company_id": clock.company_id.id,
            "noted_at": datetime.datetime.now(),
        }}
        for user in clock.user_id | office
    ])
"""


def measure(bench):
    found = interleave(
        bench,
        {
            "ours": (SYSTEM, _sweep),
            "peer": (SYSTEM, lambda env: _automate(env, by_calendar=True)),
            "peer_without_calendar": (
                SYSTEM,
                lambda env: _automate(env, by_calendar=False),
            ),
            "limit": (SYSTEM, _read_raw),
        },
        REPEATS,
    )
    ratios = get_ratios(found)
    clocks, running = _count(bench)
    read, touched = _watch(bench)
    plain = median(found["peer_without_calendar"])
    return [
        Row(
            id="P14",
            work=f"sweep {clocks:,} clocks of which {REACHED} have reached a step",
            unit="ms",
            ours=median(found["ours"]) * 1000,
            peer=median(found["peer"]) * 1000,
            limit=median(found["limit"]) * 1000,
            ratio=ratios["median"],
            goal="touches only what is due; at a million ≥ 10 × base_automation",
            passed=not read
            and touched == REACHED
            and (reaches(ratios, 10) or clocks < MILLION),
            repeats=REPEATS,
            detail={
                "ratios": ratios,
                **summaries(found),
                "clocks": clocks,
                "running": running,
                "clocks_written": touched,
                "read_in_sequence": read,
            },
            notes=[
                tell_ratios(ratios),
                (
                    f"{running:,} of the clocks run. Ours locks what is reached, chooses the "
                    "recipients by the ladder (the responsible person and the manager of the "
                    "office), notes them and sets the next step; "
                    f"{touched} rows of the table are written."
                ),
                (
                    "Peer: a rule of base_automation on the due date of the same table, one "
                    "working day before it by the hospital's calendar, that notes the same: "
                    "it loads every clock that runs. Without a calendar, on the due date "
                    f"itself: {plain * 1000:.0f} ms, "
                    f"{plain / median(found['ours']):.1f} times ours."
                ),
                "Limit: the ids of the same rows by the partial index, raw SQL.",
                *(
                    f"Ours reads {rows:,} of {total:,} rows of {table} in sequence."
                    for table, rows, total in read
                ),
            ],
        )
    ]


def _count(bench):
    with bench.env() as env:
        env.cr.execute(
            "SELECT count(*), count(*) FILTER (WHERE state = 'running')"
            " FROM patient_deadline"
        )
        return env.cr.fetchone()


def _sweep(env):
    now = _let_some_reach(env)
    clocks = env["patient.deadline"]

    def work():
        while reached := clocks._lock_reached(now):
            reached._note_steps(now)
            env.flush_all()

    return work


def _let_some_reach(env, due_at=None):
    """Let so many clocks reach their due date now, and no others; return now.

    :param due_at: the due date that the column shows, if another than now
    """
    now = fields.Datetime.now()
    started_at = _get_start(env, now)
    env.cr.execute(
        "UPDATE patient_deadline SET next_step_at = %s"
        " WHERE state = 'running' AND next_step_at <= %s",
        [now + timedelta(days=30), now],
    )
    env.cr.execute(
        "UPDATE patient_deadline SET started_at = %s, due_at = %s, next_step_at = %s,"
        " told_percent = %s WHERE id IN (SELECT id FROM patient_deadline"
        " WHERE state = 'running' AND rule_id = %s ORDER BY md5(id::text) LIMIT %s)",
        [started_at, due_at or now, now, TOLD, env.ref(RULE).id, REACHED],
    )
    if env.cr.rowcount != REACHED:
        raise SystemExit(f"✗ P14 needs {REACHED} clocks that run: take a larger SCALE.")
    env.invalidate_all()
    return now


def _get_start(env, now):
    """Return the latest start, in whole days before now, of a term that is over."""
    rule, calendar = env.ref(RULE), env.company._get_patient_calendar()
    start = now
    while rule._get_term(calendar, start).due_at > now:
        start -= timedelta(days=1)
    return start


def _automate(env, by_calendar):
    """Make a rule of base_automation ready; return its work on what became due."""
    now = fields.Datetime.now()
    rule = env["base.automation"].create(_get_rule_values(env, by_calendar))
    low, high = _get_window(env, rule, now)
    env.cr.execute(
        "UPDATE patient_deadline SET due_at = due_at + interval '90 days'"
        " WHERE state = 'running' AND due_at >= %s AND due_at < %s",
        [low, high],
    )
    _let_some_reach(env, low)

    def work():
        records = rule._search_time_based_automation_records(until=now)
        for record in records:
            rule._process(record)
        env.flush_all()
        if len(records) != REACHED:
            raise SystemExit(f"✗ base_automation found {len(records)} clocks")

    return work


def _get_rule_values(env, by_calendar):
    model = env["ir.model"]._get("patient.deadline")
    step = env.ref(LADDER).step_ids.filtered(lambda step: step.percent == STEP)[0]
    action = env["ir.actions.server"].create(
        {
            "name": "Note whom to tell",
            "model_id": model.id,
            "state": "code",
            "code": NOTE.format(step_id=step.id),
        }
    )
    return {
        "name": "Due",
        "model_id": model.id,
        "trigger": "on_time",
        "trg_date_id": env["ir.model.fields"]._get("patient.deadline", "due_at").id,
        "trg_date_range": int(by_calendar),
        "trg_date_range_type": "day",
        "trg_date_range_mode": "before",
        "trg_date_calendar_id": by_calendar and env.company.resource_calendar_id.id,
        "filter_domain": "[('state', '=', 'running')]",
        "action_server_ids": [(6, 0, action.ids)],
        "last_run": fields.Datetime.now() - timedelta(days=4),
    }


def _get_window(env, rule, now):
    """Return between which due dates the rule finds clocks, from its last run to now."""
    calendar = rule.trg_date_calendar_id
    if not calendar:
        return rule.last_run, now
    return tuple(
        calendar.plan_days(1, moment, compute_leaves=True)
        for moment in (rule.last_run, now)
    )


def _read_raw(env):
    now = _let_some_reach(env)

    def work():
        env.cr.execute(
            "SELECT id FROM patient_deadline"
            " WHERE state = 'running' AND next_step_at <= %s ORDER BY next_step_at",
            [now],
        )
        if len(env.cr.fetchall()) != REACHED:
            raise SystemExit("✗ P14: not as many clocks as were to be reached")

    return work


def _watch(bench):
    """Return what ours reads in sequence, and how many clocks it writes."""
    with bench.env(SYSTEM) as env:
        work = _sweep(env)
        before = _count_updates(env)
        with recorded() as queries:
            work()
        touched = _count_updates(env) - before
        read = [
            line
            for query, params, _delay in queries
            if str(query).lstrip().startswith("SELECT")
            for line in scans(env.cr, query, params, {"patient_deadline"})
        ]
    return read, touched


def _count_updates(env):
    env.cr.execute(
        "SELECT n_tup_upd FROM pg_stat_xact_user_tables"
        " WHERE relname = 'patient_deadline'"
    )
    return env.cr.fetchone()[0]
