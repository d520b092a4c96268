"""Clocks of the complaints: the answer, and the acknowledgement of every second one.

Most were met, one of twelve missed; those of the last weeks that are not answered yet run,
with the next step of the ladder ahead of them.
"""

import io
import random
from datetime import datetime, time, timedelta

from odoo.tools import SQL

from ..harness import say
from .rows import multiply

RULES = {
    "answer": "patient_relations.patient_deadline_rule_cn_answer",
    "acknowledge": "patient_relations.patient_deadline_rule_own_acknowledge",
}
# Every term of a hospital's day ends at the same moment; ladders are climbed by those
# that run alone.
STAGED = """
    CREATE TEMP TABLE bench_clock AS
    SELECT row_number() OVER (ORDER BY s.n, term.step) - 1 AS n,
           s.n AS parent, s.kind, s.channel, s.user_id, s.lead_department_id,
           s.first_department_id, s.received_at, s.received_month,
           term.step, term.rule_id, term.due_at, term.is_provisional,
           CASE WHEN s.state = 'received'
                  OR s.state = 'investigating' AND term.step = 'answer' THEN NULL
                WHEN s.n %% 12 = 0 THEN term.due_at + interval '20 hours'
                ELSE s.received_at + (term.due_at - s.received_at) * 0.6
            END AS stopped_at,
           s.n %% 12 = 0 AS late,
           NULL::timestamp AS next_step_at, 0 AS told_percent
      FROM bench_complaint AS s
      JOIN bench_term AS term
        ON term.day = (s.received_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
     WHERE s.kind = 'complaint' AND (term.step = 'answer' OR s.n %% 2 = 0)
"""


def fill(env, scale, originals):
    say(f"  deadlines of {scale:,} complaints")
    env.cr.execute("SELECT max(id) - %s FROM patient_complaint", [scale - 1])
    [first] = env.cr.fetchone()
    _stage(env)
    multiply(
        env.cr,
        "patient_deadline",
        originals["patient.deadline"],
        "bench_clock",
        {
            "complaint_id": f"{first} + s.parent",
            "rule_id": "s.rule_id",
            "step": "s.step",
            "started_at": "s.received_at",
            "started_month": "s.received_month",
            "due_at": "s.due_at",
            "is_provisional": "s.is_provisional",
            "stopped_at": "s.stopped_at",
            "state": "CASE WHEN s.stopped_at IS NULL THEN 'running'"
            " WHEN s.late THEN 'missed' ELSE 'met' END",
            "next_step_at": "s.next_step_at",
            "told_percent": "s.told_percent",
            "total_hours": "coalesce("
            "extract(epoch FROM s.stopped_at - s.received_at) / 3600, 0)",
            "paused_hours": "0",
            "user_id": "s.user_id",
            "department_id": "s.lead_department_id",
            "first_department_id": "s.first_department_id",
            "complaint_kind": "s.kind",
            "complaint_channel": "s.channel",
        },
    )
    env.cr.execute(
        SQL(
            "UPDATE patient_complaint AS c SET next_due_at = running.due_at"
            "  FROM (SELECT complaint_id, min(due_at) AS due_at FROM patient_deadline"
            "         WHERE state = 'running' AND complaint_id >= %s"
            "         GROUP BY complaint_id) AS running"
            " WHERE c.id = running.complaint_id",
            first,
        )
    )


def _stage(env):
    calendar = env.company._get_patient_calendar()
    rules = {step: env.ref(xmlid) for step, xmlid in RULES.items()}
    env.cr.execute(
        "CREATE TEMP TABLE bench_term (day date, step text, rule_id int,"
        " due_at timestamp, is_provisional bool)"
    )
    _copy(env, "bench_term", _get_terms(env, calendar, rules))
    env.cr.execute(SQL(STAGED, zone=str(calendar.zone)))
    _climb(env, calendar, rules)


def _get_terms(env, calendar, rules):
    """Yield the term of each rule from each day on which a complaint was received."""
    env.cr.execute("SELECT min(received_at), max(received_at) FROM bench_complaint")
    first, last = (calendar.zone.fromutc(moment).date() for moment in env.cr.fetchone())
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        noon = calendar.zone.localize(datetime.combine(day, time(12)))
        moment = datetime.utcfromtimestamp(noon.timestamp())
        for name, rule in rules.items():
            term = rule._get_term(calendar, moment)
            yield day, name, rule.id, term.due_at, term.is_provisional


def _climb(env, calendar, rules):
    """Set how far those that run have climbed their ladder: the next step is ahead."""
    env.cr.execute(
        "CREATE TEMP TABLE bench_step (n int, told_percent int, next_step_at timestamp)"
    )
    env.cr.execute(
        "SELECT n, step, received_at FROM bench_clock WHERE stopped_at IS NULL"
    )
    now = datetime.utcnow()
    _copy(
        env,
        "bench_step",
        [
            (n, *_get_place(rules[step], calendar, received_at, now))
            for n, step, received_at in env.cr.fetchall()
        ],
    )
    env.cr.execute(
        "UPDATE bench_clock AS c SET told_percent = s.told_percent,"
        " next_step_at = s.next_step_at FROM bench_step AS s WHERE s.n = c.n"
    )


def _get_place(rule, calendar, started_at, now):
    """Return the last percent told of a clock, and when the next is reached."""
    term = rule._get_term(calendar, started_at)
    reached = [
        percent
        for percent in rule._get_facts().percents
        if term.at_share(percent / 100) <= now
    ]
    told = max(reached, default=0)
    return told, rule._prepare_term(term, told)["next_step_at"] or None


def _copy(env, table, rows):
    lines = (
        "\t".join("\\N" if value is None else str(value) for value in row)
        for row in rows
    )
    text = io.StringIO("".join(f"{line}\n" for line in lines))
    env.cr._obj.copy_expert(f"COPY {table} FROM STDIN", text)


def verify(env, originals):
    """Compare what follows from rule and start with what the ORM counts.

    :raise SystemExit: when they differ
    """
    env.cr.execute("SELECT max(id) FROM patient_deadline")
    [last] = env.cr.fetchone()
    rng = random.Random(14)
    ids = [
        rng.randrange(originals["patient.deadline"] + 1, last + 1) for _one in range(99)
    ]
    env.cr.execute(
        "SELECT id FROM patient_deadline WHERE state = 'running' ORDER BY id DESC LIMIT 99"
    )
    ids += [clock_id for (clock_id,) in env.cr.fetchall()]
    calendar = env.company._get_patient_calendar()
    for clock in env["patient.deadline"].browse(ids).exists():
        for field, value in clock._prepare_due(calendar).items():
            if clock[field] != value:
                raise SystemExit(
                    f"✗ {clock}.{field}: bench/population wrote {clock[field]!r}, the ORM "
                    f"counts {value!r}. Correct bench/population/deadlines.py."
                )
