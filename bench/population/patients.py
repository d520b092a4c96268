"""Patients: a contact and a file each, found by name, pinyin, number and telephone."""

import io

from .. import chinese
from ..harness import say
from .rows import multiply

CHUNK = 50_000


def fill(env, scale, originals):
    say(f"  {scale:,} patients")
    _stage(env.cr, scale)
    first = multiply(
        env.cr,
        "res_partner",
        originals["res.partner"],
        "bench_person",
        {
            "name": "s.name",
            "complete_name": "s.name",
            "phone": "s.phone",
            "phone_sanitized": "'+86' || s.phone",
            "commercial_partner_id": "{first} + s.n",
        },
    )
    multiply(
        env.cr,
        "patient_patient",
        originals["patient.patient"],
        "bench_person",
        {
            "partner_id": f"{first} + s.n",
            "mrn": "s.mrn",
            "search_key": "s.search_key",
            "birth_date": "s.birth_date",
            "gender": "s.gender",
        },
    )


def _stage(cr, scale):
    """Copy invented people into a temporary table, chunk by chunk."""
    from odoo.addons.patient_relations.tools import names  # noqa: PLC0415  after start()

    cr.execute(
        "CREATE TEMP TABLE bench_person (n int, name text, phone text, birth_date date,"
        " gender text, mrn text, search_key text)"
    )
    words = {}
    lines = []
    for number, person in enumerate(chinese.people(scale)):
        if person["name"] not in words:
            words[person["name"]] = names.search_words(person["name"])
        lines.append(_get_line(number, person, words[person["name"]]))
        if len(lines) == CHUNK or number == scale - 1:
            cr._obj.copy_expert(
                "COPY bench_person FROM STDIN", io.StringIO("".join(lines))
            )
            lines.clear()


def _get_line(number, person, words):
    mrn, phone = f"B{number:08d}", person["phone"]
    found = [*words, mrn.lower(), phone, phone[-4:]]
    key = " " + " ".join(dict.fromkeys(found))
    row = (
        number,
        person["name"],
        phone,
        person["birth_date"],
        person["gender"],
        mrn,
        key,
    )
    return "\t".join(map(str, row)) + "\n"
