"""``python -m bench.population DATABASE SCALE``, inside the private environment."""

import random
import sys

from .. import hospital, session
from ..harness import Bench, say
from . import complaints, deadlines, measurements, patients, tickets

# Columns that the SQL fills and the ORM can compute.
COMPUTED = {
    "res.partner": ("complete_name", "commercial_partner_id", "phone_sanitized"),
    "patient.patient": ("search_key",),
    "patient.complaint": (
        *("received_month", "max_severity", "problem_count", "next_due_at"),
    ),
    "patient.complaint.problem": (
        *("severity_level", "domain_id", "employee_user_id"),
        *("company_id", "kind", "channel", "state", "received_month", "patient_id"),
        *("lead_department_id", "first_department_id", "complaint_active"),
    ),
    "patient.deadline": (
        *("step", "started_month", "company_id", "user_id", "department_id"),
        *("first_department_id", "complaint_kind", "complaint_channel"),
    ),
    "helpdesk.ticket": ("commercial_partner_id", "unattended"),
}


def main():
    database, scale = sys.argv[1], int(sys.argv[2])
    session.start()
    bench = Bench(database)
    hospital.prepare(bench)
    with bench.env(hospital.OFFICER, commit=True) as env:
        originals = _create_originals(env)
    with bench.env(commit=True) as env:
        env.cr.execute("SELECT setseed(0.19)")
        for kind in (patients, complaints, deadlines, tickets, measurements):
            kind.fill(env, scale, originals)
        _verify(env, originals)
        deadlines.verify(env, originals)
        say("  compared with the ORM's own values: the same")


def _create_originals(env):
    """Let the ORM create the records that are multiplied; return model → id."""
    patient = env["patient.patient"].create(
        {"name": "张伟", "phone": "13800001234", "birth_date": "1960-05-01"}
    )
    [complaint] = hospital.complaint_values(env, patient, 1)
    [ticket] = hospital.ticket_values(env, patient, 1)
    complaint = env["patient.complaint"].create(complaint)
    return {
        "res.partner": patient.partner_id.id,
        "patient.patient": patient.id,
        "patient.complaint": complaint.id,
        "patient.complaint.problem": complaint.problem_ids[0].id,
        "patient.deadline": max(complaint.sudo().deadline_ids.ids),
        "helpdesk.ticket": env["helpdesk.ticket"].create(ticket).id,
        "patient.measurement": env["patient.measurement"]
        .sudo()
        .create(
            {
                "patient_id": patient.id,
                "indicator_id": env.ref("patient_health.patient_indicator_systolic").id,
                "value": 128,
                "origin": "exchange",
            }
        )
        .id,
    }


def _verify(env, originals):
    """Compare what the SQL wrote with what the ORM computes, for some records.

    :raise SystemExit: when they differ: then this package needs a change
    """
    rng = random.Random(7)
    for model, fields in COMPUTED.items():
        env.cr.execute(f"SELECT max(id) FROM {env[model]._table}")
        last = env.cr.fetchone()[0]
        ids = [rng.randrange(originals[model] + 1, last + 1) for _one in range(100)]
        records = env[model].browse(ids).exists()
        for field in fields:
            _verify_field(env, records, field)


def _verify_field(env, records, field):
    before = {record.id: record[field] for record in records}
    env.add_to_compute(records._fields[field], records)
    for record in records:
        if record[field] != before[record.id]:
            raise SystemExit(
                f"✗ {record}.{field}: bench/population wrote {before[record.id]!r}, the "
                f"ORM computes {record[field]!r}. Correct bench/population."
            )


main()
