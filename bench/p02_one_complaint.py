"""P2: an officer saves one complaint on its form."""

from .harness import (
    Row,
    interleave,
    median,
    recorded,
    specification,
    summaries,
)
from .hospital import OFFICER, complaint_values, ticket_values

REPEATS = 15


def measure(bench):
    variants = {
        "ours": (OFFICER, _save_complaint),
        "peer": (OFFICER, _save_ticket),
        "peer_without_deadline": (OFFICER, _save_plain_ticket),
    }
    found = interleave(bench, variants, REPEATS, warm_up=2)
    ours, peer, plain = (round(median(found[name], "queries")) for name in variants)
    return [
        Row(
            id="P2",
            work="save one new complaint with its deadlines (web_save with the form's fields)",
            unit="queries",
            ours=ours,
            peer=peer,
            limit=9,
            ratio=ours / peer,
            goal="≤ 1.1 × helpdesk.ticket and ≤ 40",
            passed=ours <= 1.1 * peer and ours <= 40,
            repeats=REPEATS,
            detail={
                **summaries(found),
                "statements_ours": _statements(bench, _save_complaint),
                "statements_peer": _statements(bench, _save_ticket),
            },
            notes=[
                (
                    "One problem, and the deadlines of the rules in force. Peer: a ticket "
                    "with the deadline of helpdesk_mgmt_sla; a ticket of a team without "
                    f"deadlines takes {plain} queries."
                ),
                (
                    "Limit: what Odoo's own test allows for a tracked create, without reading "
                    "the form back."
                ),
                (
                    f"Median time: ours {median(found['ours']) * 1000:.0f} ms, helpdesk.ticket "
                    f"{median(found['peer']) * 1000:.0f} ms."
                ),
            ],
        )
    ]


def _save_complaint(env):
    patient = env["patient.patient"].search([], order="id", limit=1)
    [values] = complaint_values(env, patient, 1)
    del values["problem_ids"][1:]
    return _get_saving(env, "patient.complaint", values)


def _save_ticket(env):
    patient = env["patient.patient"].search([], order="id", limit=1)
    [values] = ticket_values(env, patient, 1)
    return _get_saving(env, "helpdesk.ticket", values)


def _save_plain_ticket(env):
    env["helpdesk.ticket.team"].sudo().search([]).use_sla = False
    return _save_ticket(env)


def _get_saving(env, model, values):
    fields = specification(env, model, "form")
    return lambda: env[model].web_save(values, fields)


def _statements(bench, prepare):
    """Return the beginnings of the statements of one warm run."""
    with bench.env(OFFICER) as env:
        work = prepare(env)
        env.cr.flush()
        env.invalidate_all()
        with recorded() as queries:
            work()
            env.cr.flush()
    return [" ".join(str(query).split())[:160] for query, _params, _delay in queries]
