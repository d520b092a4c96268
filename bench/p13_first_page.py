"""P13: the first page of the list of complaints, as the head of a division sees it."""

import time

from .harness import (
    Row,
    count_limit,
    middle,
    percentile,
    recorded,
    say,
    scans,
    specification,
    spread,
)
from .hospital import HEAD, NURSE, OFFICER

REPEATS = 20
PAGE = 80
BIG_TABLES = {
    "patient_complaint",
    "patient_complaint_problem",
    "patient_patient",
    "res_partner",
    "mail_followers",
    "helpdesk_ticket",
}
OURS, PEER = "patient.complaint", "helpdesk.ticket"


def measure(bench):
    scale = _count(bench)
    found = _open_in_turn(bench)
    read, statements = _read_plans(bench, OURS, HEAD)
    nurse_read, _statements = _read_plans(bench, OURS, NURSE)
    peer_read, _statements = _read_plans(bench, PEER, HEAD)
    whole = [line for line in read + nurse_read if line[1] >= 0.9 * line[2]]
    ours, peer = (middle(found[name]) for name in ("ours", "peer"))
    return [
        Row(
            id="P13",
            work=f"first page of the list at {scale:,} complaints, as head of a division",
            unit="ms",
            ours=ours * 1000,
            peer=peer * 1000,
            limit=middle(found["limit"]) * 1000,
            ratio=peer / ours,
            goal="≤ 50 ms, no table read from end to end",
            passed=ours <= 0.050 and not whole,
            repeats=REPEATS,
            detail={
                "scale": scale,
                **{f"{name}_ms": spread(taken) for name, taken in found.items()},
                "read_in_sequence": read,
                "nurse_read_in_sequence": nurse_read,
                "peer_read_in_sequence": peer_read,
                "slowest_statements_ms": statements,
            },
            notes=[
                (
                    f"web_search_read of all fields of the list view, limit {PAGE}, default "
                    "order, counting as far as the web client asks; fresh cursor and "
                    "environment, up to the JSON of the answer. p95: ours "
                    f"{percentile(found['ours'], 95) * 1000:.0f} ms, peer "
                    f"{percentile(found['peer'], 95) * 1000:.0f} ms; fastest: ours "
                    f"{min(found['ours']) * 1000:.0f} ms, peer "
                    f"{min(found['peer']) * 1000:.0f} ms."
                ),
                (
                    "Head: six of sixty departments, and the six helpdesk teams of the same "
                    "name. Peer: helpdesk.ticket, as many rows of the same days."
                ),
                "Limit: ids of one page of one department by the aligned index, raw SQL.",
                (
                    f"As officer, who sees all: {middle(found['officer']) * 1000:.0f} ms; as "
                    f"nurse of one ward: {middle(found['nurse']) * 1000:.0f} ms."
                ),
                *_tell_reading("Ours", read),
                *_tell_reading("Ours, as nurse,", nurse_read),
                *_tell_reading("The peer", peer_read),
            ],
        )
    ]


def _tell_reading(who, read):
    for table, rows, total in read:
        yield f"{who} reads {rows:,} of {total:,} rows of {table} in sequence."


def _count(bench):
    with bench.env() as env:
        env.cr.execute("SELECT count(*) FROM patient_complaint")
        return env.cr.fetchone()[0]


def _open_in_turn(bench):
    """Return variant → seconds of each opening; all variants in turn."""
    ours, peer = (_get_request(bench, model) for model in (OURS, PEER))
    variants = {
        "ours": lambda: _open(bench, OURS, HEAD, ours),
        "peer": lambda: _open(bench, PEER, HEAD, peer),
        "officer": lambda: _open(bench, OURS, OFFICER, ours),
        "nurse": lambda: _open(bench, OURS, NURSE, ours),
        "limit": lambda: _read_raw(bench),
    }
    found = {name: [] for name in variants}
    for turn in range(-2, REPEATS):
        for name, run in variants.items():
            taken = run()
            if turn >= 0:
                found[name].append(taken)
        if turn >= 0 and turn % 5 == 4:
            say(f"  round {turn + 1} of {REPEATS}")
    return found


def _get_request(bench, model):
    """Return the arguments with which the web client opens the list."""
    with bench.env(HEAD) as env:
        return {
            "domain": [],
            "specification": specification(env, model, "list"),
            "limit": PAGE,
            "count_limit": count_limit(env, model),
        }


def _open(bench, model, login, request):
    began = time.perf_counter()
    with bench.env(login) as env:
        bench.rpc(env, model, "web_search_read", **request)
    return time.perf_counter() - began


def _read_raw(bench):
    with bench.env(HEAD) as env:
        department = env.user._get_patient_department_scope()[-1]
        began = time.perf_counter()
        env.cr.execute(
            "SELECT id FROM patient_complaint WHERE lead_department_id = %s"
            " ORDER BY received_at DESC, id DESC LIMIT %s",
            [department, PAGE],
        )
        env.cr.fetchall()
        return time.perf_counter() - began


def _read_plans(bench, model, login):
    """Return what a page reads in sequence, and its slowest statements."""
    request = _get_request(bench, model)
    with bench.env(login) as env:
        with recorded() as queries:
            bench.rpc(env, model, "web_search_read", **request)
        read, statements = [], []
        for query, params, delay in queries:
            text = " ".join(str(query).split())
            statements.append([round(delay * 1000, 2), text[:200]])
            if text.startswith("SELECT"):
                read += scans(env.cr, query, params, BIG_TABLES)
    return read, sorted(statements, reverse=True)[:8]
