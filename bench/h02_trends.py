"""H2: the trend page of a patient over ten years and thirty indicators."""

from datetime import date, datetime, timedelta

from .harness import Row, interleave, median, summaries
from .hospital import HEALTH

YEARS, INDICATORS, REPEATS = 10, 30, 7
BEGIN = datetime(2016, 1, 4, 1)


def measure(bench):
    found = interleave(
        bench,
        {
            "ours": (HEALTH, _read_trends),
            "peer": (HEALTH, _read_groups),
            "limit": (HEALTH, _read_raw),
        },
        REPEATS,
    )
    ours, peer, limit = (median(found[name]) for name in ("ours", "peer", "limit"))
    queries = max(sample.queries for sample in found["ours"])
    return [
        Row(
            id="H2",
            work=f"trends of {INDICATORS} indicators over {YEARS} years, one patient",
            unit="ms",
            ours=ours * 1000,
            peer=peer * 1000,
            limit=limit * 1000,
            ratio=peer / ours,
            goal="≤ 2 queries, whatever the number of indicators and points",
            passed=queries <= 2,
            repeats=REPEATS,
            detail=summaries(found),
            notes=[
                (
                    f"{INDICATORS * YEARS * 12:,} points with their ranges by sex and age, "
                    f"from a cold cache: {queries} queries."
                ),
                (
                    "Peer: _read_group of the mean by indicator and month over the same "
                    "rows, without ranges or points. Limit: the points by one statement."
                ),
            ],
        )
    ]


def _prepare(env):
    """Give the first patient ten years of values; return patient and indicators."""
    patient = env["patient.patient"].search([], limit=1)
    indicators = env["patient.indicator"].search(
        [("value_kind", "=", "number"), ("is_sensitive", "=", False)], limit=INDICATORS
    )
    env["patient.measurement"].create(
        [
            {
                "patient_id": patient.id,
                "indicator_id": indicator.id,
                "effective_at": BEGIN + timedelta(days=month * 30.4),
                "value": _get_middle(indicator) * (1 + month % 5 / 100),
                "origin": "exchange",
            }
            for indicator in indicators
            for month in range(YEARS * 12)
        ]
    )
    return patient, indicators


def _get_middle(indicator):
    """Return a number that is plausible for an indicator."""
    band = indicator.range_ids[:1]
    edges = [edge for edge in (band.normal_low, band.normal_high) if edge]
    return edges[-1] if edges else (indicator.plausible_high or 100) / 3


def _read_trends(env):
    patient, indicators = _prepare(env)
    return lambda: patient._get_health_trends(indicators.ids, None, None)


def _read_groups(env):
    patient, indicators = _prepare(env)
    return lambda: env["patient.measurement"]._read_group(
        [("patient_id", "=", patient.id), ("indicator_id", "in", indicators.ids)],
        ["indicator_id", "effective_at:month"],
        ["value:avg"],
    )


def _read_raw(env):
    patient, indicators = _prepare(env)

    def work():
        env.cr.execute(
            "SELECT indicator_id, effective_at, value, level FROM patient_measurement"
            " WHERE patient_id = %s AND indicator_id IN %s AND active"
            " AND effective_at >= %s ORDER BY indicator_id, effective_at",
            [patient.id, tuple(indicators.ids), date(2016, 1, 1)],
        )
        env.cr.fetchall()

    return work
