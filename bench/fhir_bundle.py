"""A large FHIR Bundle: the shipped ones repeated, each time about other people."""

import gzip
import json
import re
import uuid
from pathlib import Path

from odoo.modules.module import get_module_path

KEPT = ("Patient", "Encounter", "Condition")
# Departments and doctors stay the same: a hospital has some dozens of them.
SHARED = ("Organization", "Practitioner")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def make(count):
    """Return the bytes of a transaction Bundle with ``count`` resources that are kept."""
    originals = [_read(path) for path in _find_files()]
    entries = {
        entry["fullUrl"]: entry for _own, shared in originals for entry in shared
    }
    lasting = set(UUID.findall("".join(entries)))
    found = list(entries.values())
    left, turn = count, 0
    while left > 0:
        for own, _shared in originals:
            taken = own[:left]
            found += _about_others(taken, turn, lasting)
            left -= len(taken)
        turn += 1
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": found}
    return json.dumps(bundle, ensure_ascii=False).encode()


def kept(bundle):
    """Return the resources of a Bundle that an intake keeps."""
    found = (entry["resource"] for entry in bundle["entry"])
    return [resource for resource in found if resource["resourceType"] in KEPT]


def _find_files():
    return sorted((Path(get_module_path("patient_fhir")) / "demo").glob("*.json.gz"))


def _read(path):
    """Return the entries that are kept and those they speak of, in the file's order."""
    entries = json.loads(gzip.decompress(path.read_bytes()))["entry"]
    kinds = {kind: [] for kind in (KEPT, SHARED)}
    for entry in entries:
        for names, taken in kinds.items():
            if entry["resource"]["resourceType"] in names:
                taken.append(entry)
    return kinds[KEPT], kinds[SHARED]


def _about_others(entries, turn, lasting):
    """Return the entries with ids and numbers of their own."""

    def renumber(match):
        found = match.group()
        return (
            found if found in lasting else str(uuid.uuid5(uuid.UUID(found), str(turn)))
        )

    fresh = json.loads(UUID.sub(renumber, json.dumps(entries)))
    for entry in fresh:
        for identifier in entry["resource"].get("identifier", ()):
            if not UUID.fullmatch(identifier["value"]):
                identifier["value"] += f"-{turn}"
    return fresh
