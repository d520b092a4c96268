"""H3: LACE for ten thousand discharges in one pass."""

import contextlib
import time
from datetime import datetime, timedelta

from .harness import Row, say
from .hospital import HEALTH

COUNT, FEW, SINGLES, REPEATS = 10_000, 1_000, 100, 3
BEGIN = datetime(2025, 1, 1, 2)


def measure(bench):
    with bench.env(HEALTH) as env:
        stays = _create_stays(env)
        score = env["patient.score"]._get_by_code("lace")
        few, _queries = _assess(env, score, stays[:FEW])  # fills the caches
        few, few_queries = _assess(env, score, stays[:FEW])
        runs = [_assess(env, score, stays) for _turn in range(REPEATS)]
        singles = _assess_singly(env, score, stays[:SINGLES])
    ours = sorted(taken for taken, _queries in runs)[REPEATS // 2]
    queries = max(found for _taken, found in runs)
    single = singles / SINGLES
    return [
        Row(
            id="H3",
            work=f"LACE for {COUNT:,} discharges, with the origin of every point",
            unit="assessments/s",
            ours=COUNT / ours,
            peer=1 / single,
            limit=FEW / few,
            ratio=single * COUNT / ours,
            goal="queries do not grow with the patients, but for chunks of rows",
            passed=queries <= 2 * few_queries,
            repeats=REPEATS,
            detail={"queries": {str(COUNT): queries, str(FEW): few_queries}},
            notes=[
                (
                    f"{COUNT:,} stays in {ours:.1f} s with {queries} queries; {FEW:,} with "
                    f"{few_queries}: what is more reads chunks of ids."
                ),
                "The column «peer» assesses one by one; «limit» is the pace of a tenth.",
            ],
        )
    ]


def _create_stays(env):
    # sudo: the stays of the measurement, whoever may enter visits
    patients = env["patient.patient"].sudo().search([], limit=200)
    wards = env["hr.department"].sudo().search([], limit=20)
    say(f"  {COUNT:,} stays")
    stays = (
        env["patient.encounter"]
        .sudo()
        .create(
            [
                {
                    "patient_id": patients[number % len(patients)].id,
                    "encounter_class": "IMP",
                    "status": "finished",
                    "department_id": wards[number % len(wards)].id,
                    "started_at": BEGIN + timedelta(hours=number % 8000),
                    "ended_at": BEGIN
                    + timedelta(hours=number % 8000, days=1 + number % 16),
                }
                for number in range(COUNT)
            ]
        )
    )
    env.flush_all()
    return stays.sudo(False)


def _assess(env, score, stays):
    """Return (seconds, queries) of one pass, which is undone."""
    env.invalidate_all()
    with _undone(env):
        queries, began = env.cr.sql_log_count, time.perf_counter()
        cohort = score._assess_cohort(stays)
        env.flush_all()
        taken = time.perf_counter() - began
        if len(cohort.assessments) != len(stays):
            raise SystemExit(f"✗ {len(cohort.missing)} stays could not be assessed.")
        say(f"  {len(stays):,} in {taken:.1f} s")
        return taken, env.cr.sql_log_count - queries


def _assess_singly(env, score, stays):
    with _undone(env):
        began = time.perf_counter()
        for stay in stays:
            score._assess_one(stay.patient_id, stay)
            env.flush_all()
        return time.perf_counter() - began


@contextlib.contextmanager
def _undone(env):
    """Roll back what is done, to a savepoint."""
    savepoint = env.cr.savepoint(flush=False)
    try:
        yield
    finally:
        savepoint.close(rollback=True)
        env.invalidate_all()
