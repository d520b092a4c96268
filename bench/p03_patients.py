"""P3: ten thousand patients in one call."""

import io
import json

from psycopg2.extras import Json

from . import chinese
from .harness import (
    interleave,
    prototype,
    rate,
    rate_row,
)
from .hospital import OFFICER

COUNT = 10_000
REPEATS = 5
# GNU Health 5.0.6 creates its patients one by one only. Measured apart, 77 to 104/s on a
# machine on which a batch of res.partner made 1,217/s: machines differ, so that ratio to
# the peer of this row is what can be carried over.
GNU_HEALTH, PARTNERS_THERE = 104, 1_217


def measure(bench):
    found = interleave(
        bench,
        {
            "ours": (OFFICER, _create_patients),
            "peer": (OFFICER, _create_partners),
            "limit": ("__system__", _copy_raw),
        },
        REPEATS,
    )
    ours, peer = (rate(found[name], COUNT) for name in ("ours", "peer"))
    times = ours / peer * PARTNERS_THERE / GNU_HEALTH
    return [
        rate_row(
            found,
            COUNT,
            0.8,
            id="P3",
            work=f"create {COUNT:,} patients in one call, as officer",
            unit="patients/s",
            goal="≥ 0.8 × res.partner",
            notes=[
                (
                    "Peer: res.partner with the same name, telephone, street and city. A "
                    "patient is such a partner and a file with number, birth date, sex and "
                    "search words."
                ),
                (
                    f"GNU Health 5.0.6, one by one, measured apart: at best {GNU_HEALTH}/s "
                    f"where the peer made {PARTNERS_THERE:,}/s; ours is {times:.1f} times "
                    f"that by the ratio to the peer (goal ≥ 10), {ours / GNU_HEALTH:.1f} "
                    "times as bare figures."
                ),
                (
                    f"Limit: COPY of {COUNT:,} + {COUNT:,} rows into copies of the two tables "
                    "with all indexes and checks, without foreign keys and messages."
                ),
            ],
        )
    ]


def _create_patients(env):
    values = list(chinese.people(COUNT))
    return lambda: env["patient.patient"].create(values)


def _create_partners(env):
    values = [
        {name: person[name] for name in ("name", "phone", "street", "city")}
        for person in chinese.people(COUNT)
    ]
    return lambda: env["res.partner"].create(values)


def _copy_raw(env):
    """Make copies of the two tables ready, and the text that COPY reads."""
    [person] = chinese.people(1, seed=2)
    patient = env["patient.patient"].create([person])
    env.cr.flush()
    texts = {}
    for table, record_id in (
        ("res_partner", patient.partner_id.id),
        ("patient_patient", patient.id),
    ):
        columns, values = prototype(env.cr, table, record_id)
        copy = f"bench_{table}"
        env.cr.execute(f"CREATE TABLE {copy} (LIKE {table} INCLUDING ALL)")
        texts[copy] = columns, _get_text(columns, values)

    def work():
        for copy, (columns, text) in texts.items():
            text.seek(0)
            names = ", ".join(f'"{column}"' for column in columns)
            env.cr._obj.copy_expert(f"COPY {copy} ({names}) FROM STDIN", text)

    return work


def _get_text(columns, values):
    """Return COPY's text: rows that differ as persons do."""
    text = io.StringIO()
    for number, person in enumerate(chinese.people(COUNT)):
        row = dict(zip(columns, values, strict=True))
        own = {
            "name": person["name"],
            "complete_name": person["name"],
            "phone": person["phone"],
            "phone_sanitized": f"+86{person['phone']}",
            "birth_date": person["birth_date"],
            "mrn": f"X{number}",
            "search_key": f" {person['name']} {person['phone']} {person['phone'][-4:]}",
            "partner_id": 10**8 + number,
            "commercial_partner_id": 10**8 + number,
        }
        row.update({name: value for name, value in own.items() if name in row})
        text.write("\t".join(map(_escape, row.values())) + "\n")
    return text


def _escape(value):
    if value is None:
        return "\\N"
    if isinstance(value, Json):
        value = json.dumps(value.adapted)
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
