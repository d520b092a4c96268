"""P1: a thousand complaints in one call. P1q: the queries do not grow with them."""

import re

from .harness import (
    Row,
    insert_raw,
    interleave,
    median,
    prototype,
    rate_row,
    recorded,
    written_by_table,
)
from .hospital import OFFICER, complaint_values, ticket_values

COUNT = 1000
REPEATS = 5
CHUNK = re.compile(r"^\s*(INSERT INTO|UPDATE .*\bFROM \(VALUES)", re.S)


def measure(bench):
    return [_measure_speed(bench), _measure_growth(bench)]


def _measure_speed(bench):
    found = interleave(
        bench,
        {
            "ours": (OFFICER, _create_complaints),
            "peer": (OFFICER, _create_tickets),
            "peer_without_deadline": (OFFICER, _create_plain_tickets),
            "limit": ("__system__", _insert_raw),
        },
        REPEATS,
    )
    plain = median(found["peer_without_deadline"]) / median(found["ours"])
    return rate_row(
        found,
        COUNT,
        1.5,
        id="P1",
        work=f"create {COUNT} complaints with two problems and their deadlines, one call",
        unit="complaints/s",
        goal="≥ 1.5 × helpdesk.ticket",
        detail={
            "rows_by_table": {
                name: _rows_by_table(bench, prepare)
                for name, prepare in (
                    ("ours", _create_complaints),
                    ("peer", _create_tickets),
                )
            },
        },
        notes=[
            (
                "As officer, tracking on, both. Ours starts the deadlines of the rules in "
                "force (five for most complaints), the ticket the one deadline of "
                "helpdesk_mgmt_sla; a ticket has no problem lines."
            ),
            f"Against tickets of teams without deadlines the ratio is {plain:.2f}.",
            (
                f"Limit: {COUNT} + {2 * COUNT} rows by multi-row INSERT (psycopg2, pages of "
                "1,000) into copies of the two tables with all indexes and checks, without "
                "foreign keys, messages and followers."
            ),
        ],
    )


def _create_complaints(env, count=COUNT):
    patients = env["patient.patient"].search([], order="id", limit=200)
    values = complaint_values(env, patients, count)
    return lambda: env["patient.complaint"].create(values)


def _create_tickets(env, count=COUNT):
    patients = env["patient.patient"].search([], order="id", limit=200)
    values = ticket_values(env, patients, count)
    return lambda: env["helpdesk.ticket"].create(values)


def _create_plain_tickets(env, count=COUNT):
    env["helpdesk.ticket.team"].sudo().search([]).use_sla = False
    return _create_tickets(env, count)


def _insert_raw(env):
    """Make copies of the tables ready, and rows as the ORM itself would write them."""
    complaint = _create_complaints(env, 1)()
    env.cr.flush()
    tables = {}
    for table, record_id, count in (
        ("patient_complaint", complaint.id, COUNT),
        ("patient_complaint_problem", complaint.problem_ids[0].id, 2 * COUNT),
    ):
        columns, values = prototype(env.cr, table, record_id)
        copy = f"bench_{table}"
        env.cr.execute(f"CREATE TABLE {copy} (LIKE {table} INCLUDING ALL)")
        tables[copy] = columns, list(_vary(columns, values, count))

    def work():
        for copy, (columns, rows) in tables.items():
            insert_raw(env.cr, copy, columns, rows)

    return work


def _vary(columns, values, count):
    """Yield copies of a row, each with a number and a parent of its own."""
    for number in range(count):
        row = dict(zip(columns, values, strict=True))
        if "complaint_id" in row:
            row["complaint_id"] = 10**8 + number // 2
        else:
            row["name"] = f"X{number}"
        yield tuple(row.values())


def _rows_by_table(bench, prepare):
    with bench.env(OFFICER) as env:
        work = prepare(env)
        before = written_by_table(env.cr)
        work()
        env.cr.flush()
        after = written_by_table(env.cr)
    return {
        table: count - before.get(table, 0)
        for table, count in sorted(after.items())
        if count != before.get(table, 0)
    }


def _measure_growth(bench):
    small, large = (_count_queries(bench, _create_complaints, n) for n in (100, 1000))
    peer_small, peer_large = (
        _count_queries(bench, _create_tickets, n) for n in (100, 1000)
    )
    return Row(
        id="P1q",
        work="queries to create 100 and 1,000 complaints, but for chunks of values",
        unit="queries at 1,000",
        ours=large["other"],
        peer=peer_large["other"],
        limit=small["other"],
        ratio=large["other"] / small["other"],
        goal="as many for 1,000 as for 100",
        passed=large["other"] == small["other"],
        repeats=1,
        detail={
            "ours_100": small,
            "ours_1000": large,
            "peer_100": peer_small,
            "peer_1000": peer_large,
        },
        notes=[
            (
                "The ORM splits INSERT and UPDATE … FROM (VALUES …) at 100 rows; these chunks "
                f"are not counted (ours: {small['chunks']} and {large['chunks']})."
            ),
            "The column «limit» holds the number for 100.",
        ],
    )


def _count_queries(bench, prepare, count):
    """Return how many statements are chunks of values, and how many are not."""
    with bench.env(OFFICER) as env:
        work = prepare(env, count)
        env.cr.flush()
        env.invalidate_all()
        with recorded() as queries:
            work()
            env.cr.flush()
    chunks = sum(bool(CHUNK.match(query)) for query, _params, _delay in queries)
    return {"total": len(queries), "chunks": chunks, "other": len(queries) - chunks}
