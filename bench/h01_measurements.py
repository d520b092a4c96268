"""H1: ten thousand values of patients in one call."""

from datetime import datetime, timedelta

from .harness import (
    insert_raw,
    interleave,
    median,
    prototype,
    rate,
    rate_row,
)
from .hospital import HEALTH

COUNT = 10_000
REPEATS = 5
INDICATORS = (
    ("systolic", 128),
    ("diastolic", 82),
    ("pulse", 72),
    ("glucose_fasting", 5.6),
    ("weight", 68.5),
)
BEGIN = datetime(2024, 1, 1)


def measure(bench):
    found = interleave(
        bench,
        {
            "ours": (HEALTH, _create_measurements),
            "peer": ("__system__", _create_answers),
            "limit": ("__system__", _insert_raw),
        },
        REPEATS,
    )
    share = median(found["limit"]) / median(found["ours"])
    row = rate_row(
        found,
        COUNT,
        0,
        id="H1",
        work=f"take in {COUNT:,} values of patients in one call, converted and judged",
        unit="values/s",
        goal="≥ 25 % of multi-row INSERT",
        notes=[
            (
                "As health management: each value is converted, checked for plausibility "
                "and judged by sex and age; those of 300 days. Peer: as many answers of "
                "survey.user_input.line, a number each, as superuser, in one create."
            ),
            (
                f"Limit: {COUNT:,} rows by multi-row INSERT (psycopg2, pages of 1,000) into "
                "a copy of the table with all indexes and checks, without foreign keys. "
                f"Ours reaches {100 * share:.0f} % of it "
                f"({rate(found['ours'], COUNT):,.0f}/s)."
            ),
        ],
    )
    row.passed = share >= 0.25
    return [row]


def _prepare(env):
    """Return the values of the rows, of the patients of the bench hospital."""
    patients = env["patient.patient"].sudo().search([], limit=200).ids
    indicators = [
        (env.ref(f"patient_health.patient_indicator_{code}").id, value)
        for code, value in INDICATORS
    ]
    rows = []
    for number in range(COUNT):
        indicator_id, value = indicators[number % len(indicators)]
        rows.append(
            {
                "patient_id": patients[number // len(indicators) % len(patients)],
                "indicator_id": indicator_id,
                "effective_at": BEGIN + timedelta(days=number // 1000, minutes=number),
                "value": value + number % 7,
                "origin": "exchange",
            }
        )
    return rows


def _create_measurements(env):
    rows = _prepare(env)
    return lambda: env["patient.measurement"].create(rows)


def _create_answers(env):
    survey = env["survey.survey"].create({"title": "Bench"})
    question = env["survey.question"].create(
        {
            "survey_id": survey.id,
            "title": "Value",
            "question_type": "numerical_box",
        }
    )
    inputs = env["survey.user_input"].create([{"survey_id": survey.id}] * 200)
    rows = [
        {
            "user_input_id": inputs[number % 200].id,
            "question_id": question.id,
            "answer_type": "numerical_box",
            "value_numerical_box": 60 + number % 90,
        }
        for number in range(COUNT)
    ]
    return lambda: env["survey.user_input.line"].create(rows)


def _insert_raw(env):
    """Make a copy of the table ready, and rows that differ as values do."""
    rows = _prepare(env)
    first = env["patient.measurement"].create(rows[:1])
    env.cr.flush()
    columns, values = prototype(env.cr, "patient_measurement", first.id)
    env.cr.execute(
        "CREATE TABLE bench_measurement (LIKE patient_measurement INCLUDING ALL)"
    )
    places = {
        name: columns.index(name)
        for name in ("patient_id", "indicator_id", "effective_at", "value")
    }
    raw = []
    for row in rows:
        copy = list(values)
        for name, place in places.items():
            copy[place] = row[name]
        raw.append(tuple(copy))
    return lambda: insert_raw(env.cr, "bench_measurement", columns, raw)
