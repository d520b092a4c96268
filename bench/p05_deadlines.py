"""P5: the due dates of ten thousand records received around the holidays of a year."""

import random
from datetime import date, datetime, time, timedelta

import holidays
import pytz

from .harness import (
    Row,
    get_ratios,
    interleave,
    median,
    per_piece,
    rate,
    reaches,
    summaries,
    tell_ratios,
)
from .hospital import OFFICER, ticket_values

COUNT = 10_000
# The peers look at each record for itself: fewer show how fast they are.
PEER_COUNT, TICKETS = 300, 100
REPEATS = 5
DAYS = 5
ZONE = pytz.timezone("Asia/Shanghai")
# Spring Festival, and Mid-Autumn with National Day, with the make-up working days around.
SEASONS = (
    (date(2026, 1, 15), date(2026, 3, 15)),
    (date(2026, 9, 10), date(2026, 10, 20)),
)
RULE = "patient_relations.patient_deadline_rule_cn_answer"


def measure(bench):
    right = _get_right_days()
    found = interleave(
        bench,
        {
            "ours": (OFFICER, lambda env: _count_ours(env, cold=True)),
            "ours_warm": (OFFICER, lambda env: _count_ours(env, cold=False)),
            "plan_days": (OFFICER, _count_plan_days),
            "helpdesk_mgmt_sla": (OFFICER, _count_tickets),
            "limit": (OFFICER, _count_alone),
        },
        REPEATS,
    )
    _check_ours(bench, right)
    counts = {"plan_days": PEER_COUNT, "helpdesk_mgmt_sla": TICKETS}
    one = {
        name: per_piece(samples, counts.get(name, COUNT))
        for name, samples in found.items()
    }
    peer = min(counts, key=lambda name: median(one[name]))
    ratios = get_ratios({"ours": one["ours"], "peer": one[peer]})
    warm, cold = (
        round(median(found[name], "queries")) for name in ("ours_warm", "ours")
    )
    return [
        Row(
            id="P5",
            work=f"due dates in {DAYS} working days of {COUNT:,} records around holidays",
            unit="dates/s",
            ours=rate(one["ours"], 1),
            peer=rate(one[peer], 1),
            limit=rate(one["limit"], 1),
            ratio=ratios["median"],
            goal="≥ 20 × the faster peer, ≤ 3 queries",
            passed=reaches(ratios, 20) and warm <= 3,
            repeats=REPEATS,
            detail={
                "ratios": ratios,
                **summaries(found),
                "records": {name: counts.get(name, COUNT) for name in found},
                "peer": peer,
            },
            notes=[
                tell_ratios(ratios),
                (
                    "Due date, whether it is provisional, and the next step of the ladder, "
                    f"timed from cold caches: {cold} queries for all {COUNT:,}. As requests "
                    f"find it, with the rules and days in memory: {warm} queries, "
                    f"{rate(one['ours_warm'], 1):,.0f} dates/s."
                ),
                (
                    f"Peers: resource.calendar.plan_days with the public holidays as leaves "
                    f"({rate(one['plan_days'], 1):,.0f}/s, {PEER_COUNT} records) and set_sla "
                    f"of helpdesk_mgmt_sla ({rate(one['helpdesk_mgmt_sla'], 1):,.0f}/s, "
                    f"{TICKETS} tickets, their rows included). Rates of fewer records, for "
                    "each record is counted for itself; the row holds the faster one."
                ),
                (
                    "All of ours are compared with a count day by day of the official "
                    f"calendar. Of plan_days {_rate_plan_days(bench, right):.0f} % name the "
                    "right day: a calendar of weekdays knows no make-up days."
                ),
                "Limit: WorkingDays.add alone, in memory.",
            ],
        )
    ]


def _get_moments(count=COUNT):
    """Return naive UTC moments of receipt, in office hours of any day of the seasons."""
    rng = random.Random(5)
    days = [
        first + timedelta(days=step)
        for first, last in SEASONS
        for step in range((last - first).days + 1)
    ]
    return [
        _to_utc(datetime.combine(rng.choice(days), time(8)))
        + timedelta(seconds=rng.randrange(10 * 3600))
        for _one in range(count)
    ]


def _to_utc(local):
    return ZONE.localize(local).astimezone(pytz.utc).replace(tzinfo=None)


def _get_day(moment):
    return ZONE.fromutc(moment).date()


def _count_ours(env, cold):
    moments, rule_id = _get_moments(), env.ref(RULE).id
    if cold:
        _forget(env)
    else:
        _give_ours(env, rule_id, moments[:1])
    return lambda: _give_ours(env, rule_id, moments)


def _forget(env):
    """Empty what the process keeps: rules, shifts, days, the years of the library."""
    from odoo.addons.patient_relations.tools import working_days  # noqa: PLC0415

    env.registry.clear_all_caches()
    for function in ("_resolve", "_get_library_year", "_get_last_published"):
        getattr(working_days, function).cache_clear()


def _give_ours(env, rule_id, moments):
    rule = env["patient.deadline.rule"].browse(rule_id)
    calendar = env.company._get_patient_calendar()
    return [rule._prepare_term(rule._get_term(calendar, moment)) for moment in moments]


def _count_plan_days(env):
    _enter_holidays(env)
    calendar, moments = env.company.resource_calendar_id, _get_moments(PEER_COUNT)
    return lambda: _give_plan_days(calendar, moments)


def _give_plan_days(calendar, moments):
    """Return the ends of the fifth working day after that of receipt."""
    found = []
    for moment in moments:
        local = ZONE.fromutc(moment)
        # a day on which there is work counts itself
        found.append(calendar.plan_days(DAYS + 1, local, compute_leaves=True))
    return found


def _enter_holidays(env):
    """Enter the public holidays as a hospital would: one leave of all for each day."""
    env["resource.calendar.leaves"].sudo().create(
        [
            {
                "name": name,
                "calendar_id": env.company.resource_calendar_id.id,
                "date_from": _to_utc(datetime.combine(day, time.min)),
                "date_to": _to_utc(datetime.combine(day, time(23, 59, 59))),
            }
            for day, name in _get_official().items()
        ]
    )


def _count_tickets(env):
    """Create tickets off the clock; count their deadlines on it."""
    _enter_holidays(env)
    teams = env["helpdesk.ticket.team"].sudo().search([])
    teams.use_sla = False
    patients = env["patient.patient"].search([], order="id", limit=TICKETS)
    tickets = env["helpdesk.ticket"].create(ticket_values(env, patients, TICKETS))
    env.flush_all()
    env.cr.execute_values(
        "UPDATE helpdesk_ticket AS t SET create_date = v.moment"
        " FROM (VALUES %s) AS v (id, moment) WHERE t.id = v.id",
        list(zip(tickets.ids, _get_moments(TICKETS), strict=True)),
    )
    teams.use_sla = True
    env.flush_all()

    def work():
        tickets.set_sla()
        env.flush_all()

    return work


def _count_alone(env):
    working_days = env.company._get_patient_working_days()
    days = [_get_day(moment) for moment in _get_moments()]
    return lambda: [working_days.add(day, DAYS) for day in days]


def _get_official():
    return holidays.country_holidays("CN", years=2026)


def _get_right_days():
    """Return day of receipt → last day, counted day by day."""
    official = _get_official()
    return {day: _walk(official, day) for day in {_get_day(m) for m in _get_moments()}}


def _walk(official, day):
    left = DAYS
    while left:
        day += timedelta(days=1)
        left -= official.is_working_day(day)
    return day


def _check_ours(bench, right):
    """:raise SystemExit: when a due date is not the one that the calendar gives"""
    with bench.env(OFFICER) as env:
        moments = _get_moments()
        for moment, values in zip(
            moments, _give_ours(env, env.ref(RULE).id, moments), strict=True
        ):
            found = _get_day(values["due_at"])
            if found != right[_get_day(moment)]:
                raise SystemExit(f"✗ {moment}: {found}, not {right[_get_day(moment)]}")


def _rate_plan_days(bench, right):
    """Return how many percent of the peer's dates are the right ones."""
    with bench.env(OFFICER) as env:
        _enter_holidays(env)
        moments = _get_moments(PEER_COUNT)
        found = _give_plan_days(env.company.resource_calendar_id, moments)
        hits = sum(
            end.date() == right[_get_day(moment)]
            for moment, end in zip(moments, found, strict=True)
        )
    return 100 * hits / PEER_COUNT
