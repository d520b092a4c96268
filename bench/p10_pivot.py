"""P10: the pivot of problems, department by month, as the manager opens it."""

import time

from .harness import Row, middle, recorded, say, spread
from .hospital import MANAGER

REPEATS = 7
# The goal of SQL's time is for as many: writing the labels of the cells is the same work
# for any number of rows.
MILLION = 1_000_000
OURS, PEER = "patient.complaint.problem", "helpdesk.ticket"
# Rows and columns of the pivot.
GROUPS = {
    OURS: ("department_id", "received_month:month"),
    PEER: ("team_id", "create_date:month"),
}
BARE = """
    SELECT department_id, received_month, count(*)
      FROM patient_complaint_problem
     WHERE company_id = %(company)s
       AND complaint_id NOT IN (
               SELECT complaint_id FROM patient_complaint_problem
                WHERE employee_user_id = %(user)s
           )
     GROUP BY GROUPING SETS (
               (), (received_month), (department_id), (department_id, received_month)
           )
"""


def measure(bench):
    rows = {name: _count(bench, name) for name in (OURS, PEER)}
    found = _open_in_turn(bench)
    taken = {name: middle(values) for name, values in found.items()}
    ours, limit = (rows[OURS] / taken[name] for name in ("ours", "limit"))
    peer = rows[PEER] / taken["peer"]
    return [
        Row(
            id="P10",
            work=f"pivot department × month over {rows[OURS]:,} problems, as manager",
            unit="rows/s",
            ours=ours,
            peer=peer,
            limit=limit,
            ratio=ours / peer,
            goal="≥ 1.5 × helpdesk.ticket; at a million ≤ 1.3 × the time of SQL",
            passed=ours / peer >= 1.5 and (limit / ours <= 1.3 or rows[OURS] < MILLION),
            repeats=REPEATS,
            detail={
                "rows": rows,
                "times_sql": round(limit / ours, 3),
                **{f"{name}_ms": spread(values) for name, values in found.items()},
                "statements": _get_statements(bench),
            },
            notes=[
                (
                    "formatted_read_grouping_sets with the four groupings that the pivot view "
                    "asks for, in a fresh cursor and environment, up to the JSON of the "
                    f"answer: {taken['ours'] * 1000:.0f} ms, bare SQL "
                    f"{taken['limit'] * 1000:.0f} ms, so {limit / ours:.2f} times its time."
                ),
                (
                    "Peer: the pivot team × month of creation of as many helpdesk.ticket as "
                    f"there are complaints ({rows[PEER]:,} rows, {taken['peer'] * 1000:.0f} "
                    "ms). A pivot reads each row once, so the row compares rows per second."
                ),
                (
                    "Limit: one statement with the same grouping sets over the same rows "
                    "(of the hospital, but for complaints about the manager), raw SQL."
                ),
            ],
        )
    ]


def _count(bench, model):
    with bench.env() as env:
        return env[model].search_count([])


def _open_in_turn(bench):
    """Return variant → seconds of each opening; all variants in turn."""
    variants = {
        "ours": lambda: _open(bench, OURS),
        "peer": lambda: _open(bench, PEER),
        "limit": lambda: _read_raw(bench),
    }
    found = {name: [] for name in variants}
    for turn in range(-2, REPEATS):
        for name, run in variants.items():
            taken = run()
            if turn >= 0:
                found[name].append(taken)
        say(f"  round {turn + 1} of {REPEATS}" if turn >= 0 else "  warm-up")
    return found


def _open(bench, model):
    began = time.perf_counter()
    with bench.env(MANAGER) as env:
        bench.rpc(env, model, "formatted_read_grouping_sets", **_get_request(model))
    return time.perf_counter() - began


def _get_request(model):
    """Return the arguments with which the web client opens the pivot."""
    row, column = GROUPS[model]
    return {
        "domain": [],
        "grouping_sets": [[], [column], [row], [row, column]],
        "aggregates": ["__count"],
    }


def _read_raw(bench):
    with bench.env(MANAGER) as env:
        began = time.perf_counter()
        env.cr.execute(BARE, {"company": env.company.id, "user": env.uid})
        env.cr.fetchall()
        return time.perf_counter() - began


def _get_statements(bench):
    """Return each side's statements with their milliseconds."""
    found = {}
    for model in (OURS, PEER):
        with bench.env(MANAGER) as env, recorded() as queries:
            bench.rpc(env, model, "formatted_read_grouping_sets", **_get_request(model))
        found[model] = [
            [round(delay * 1000, 2), " ".join(str(query).split())[:600]]
            for query, _params, delay in queries
        ]
    return found
