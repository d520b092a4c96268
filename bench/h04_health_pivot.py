"""H4: the pivot of health values, indicator by month, as health management opens it."""

import time

from .harness import Row, middle, say, spread
from .hospital import HEALTH

REPEATS = 7
MILLION = 1_000_000
MODEL = "patient.measurement"
ROW, COLUMN = "indicator_id", "effective_month:month"
BARE = """
    SELECT indicator_id, effective_month, count(*)
      FROM patient_measurement
     WHERE company_id = %s AND active AND is_sensitive IS NOT TRUE
     GROUP BY GROUPING SETS (
               (), (effective_month), (indicator_id), (indicator_id, effective_month)
           )
"""


def measure(bench):
    with bench.env() as env:
        count = env[MODEL].search_count([])
    variants = {
        "ours": lambda: _open(bench),
        "peer": lambda: _open(bench, [[ROW, COLUMN]]),
        "limit": lambda: _read_raw(bench),
    }
    found = {name: [] for name in variants}
    for turn in range(-2, REPEATS):
        for name, run in variants.items():
            taken = run()
            if turn >= 0:
                found[name].append(taken)
        say(f"  round {turn + 1} of {REPEATS}" if turn >= 0 else "  warm-up")
    taken = {name: middle(values) for name, values in found.items()}
    times = taken["ours"] / taken["limit"]
    return [
        Row(
            id="H4",
            work=f"pivot indicator × month over {count:,} health values",
            unit="rows/s",
            ours=count / taken["ours"],
            peer=count / taken["peer"],
            limit=count / taken["limit"],
            ratio=times,
            goal="at a million ≤ 1.3 × the time of SQL",
            passed=times <= 1.3 or count < MILLION,
            repeats=REPEATS,
            detail={f"{name}_ms": spread(values) for name, values in found.items()},
            notes=[
                (
                    "formatted_read_grouping_sets with the four groupings of the pivot view, "
                    "fresh cursor and environment, up to the JSON of the answer: "
                    f"{taken['ours'] * 1000:.0f} ms; bare SQL "
                    f"{taken['limit'] * 1000:.0f} ms."
                ),
                (
                    "The column «peer» holds the finest of the four groupings alone: "
                    f"{taken['peer'] * 1000:.0f} ms."
                ),
            ],
        )
    ]


def _open(bench, sets=None):
    began = time.perf_counter()
    with bench.env(HEALTH) as env:
        bench.rpc(
            env,
            MODEL,
            "formatted_read_grouping_sets",
            domain=[],
            grouping_sets=sets or [[], [COLUMN], [ROW], [ROW, COLUMN]],
            aggregates=["__count"],
        )
    return time.perf_counter() - began


def _read_raw(bench):
    with bench.env(HEALTH) as env:
        began = time.perf_counter()
        env.cr.execute(BARE, [env.company.id])
        env.cr.fetchall()
        return time.perf_counter() - began
