"""Values of patients: ten indicators over four years, judged as the ORM judges them."""

from ..harness import say
from .rows import multiply

INDICATORS = (
    ("systolic", 128),
    ("diastolic", 82),
    ("pulse", 72),
    ("weight", 68),
    ("glucose_fasting", 5),
    ("hba1c", 6),
    ("cholesterol", 5),
    ("triglycerides", 2),
    ("ldl", 3),
    ("egfr", 95),
)
DEPARTMENTS = 50


def fill(env, scale, originals):
    say(f"  {scale:,} values of patients")
    cr = env.cr
    _stage(env, scale, originals)
    multiply(
        cr,
        "patient_measurement",
        originals["patient.measurement"],
        "bench_value",
        {
            "patient_id": "s.patient_id",
            "indicator_id": "s.indicator_id",
            "department_id": "s.department_id",
            "effective_at": "s.effective_at",
            "effective_month": (
                "date_trunc('month', s.effective_at AT TIME ZONE 'UTC'"
                " AT TIME ZONE 'Asia/Shanghai')::date"
            ),
            "value": "s.value",
            "level": "CASE WHEN s.n % 5 = 0 THEN 'abnormal' WHEN s.n % 23 = 0 THEN 'act'"
            " ELSE 'normal' END",
        },
    )
    cr.execute("ANALYZE patient_measurement")


def _stage(env, scale, originals):
    """Tell for each value whose, of what, where, when and how much."""
    ids = [
        (env.ref(f"patient_health.patient_indicator_{code}").id, value)
        for code, value in INDICATORS
    ]
    departments = env["hr.department"].search([], limit=DEPARTMENTS).ids
    env.cr.execute(
        """
        CREATE TEMP TABLE bench_value AS
        SELECT n,
               %(patient)s + (n * 7919::bigint %% %(scale)s)::int AS patient_id,
               (%(indicators)s)[n %% 10 + 1] AS indicator_id,
               (%(departments)s)[n / 10 %% %(places)s + 1] AS department_id,
               timestamp '2022-11-01 01:00' + n %% 1440 * interval '1 day'
                   + n %% 480 * interval '1 minute' AS effective_at,
               ((%(values)s)[n %% 10 + 1] + n %% 7)::float8 AS value
          FROM generate_series(0, %(last)s) AS n
        """,
        {
            "patient": _get_first_patient(env.cr, scale),
            "scale": scale,
            "indicators": [found for found, _value in ids],
            "values": [value for _found, value in ids],
            "departments": departments,
            "places": len(departments),
            "last": scale - 1,
        },
    )


def _get_first_patient(cr, scale):
    cr.execute("SELECT max(id) FROM patient_patient")
    return cr.fetchone()[0] - scale + 1
