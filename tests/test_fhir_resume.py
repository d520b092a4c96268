"""An import that is killed midway and started again ends as if it had run once."""

import json
import os
import signal
import subprocess
import time

import pytest

from scripts import import_fhir, odoo

BUNDLES = 60
VISITS = 40
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
KEPT = "SELECT count(*) FROM patient_fhir_import_file WHERE state = 'done'"
# What a run leaves behind, as one text.
ROOM = """
    SELECT concat_ws(' ',
        (SELECT count(*) FROM patient_patient),
        (SELECT count(DISTINCT value) FROM patient_identifier),
        (SELECT count(*) FROM patient_identifier),
        (SELECT count(*) FROM patient_encounter),
        (SELECT count(*) FROM patient_condition),
        (SELECT string_agg(concat_ws(':', resource_type, created, updated, unchanged,
                                     ignored, rejected), ' ' ORDER BY resource_type)
           FROM patient_fhir_import_count),
        (SELECT string_agg(DISTINCT state, ' ') FROM patient_fhir_import))
"""


def _bundle(number):
    patient = {
        "resourceType": "Patient",
        "id": f"p{number}",
        "identifier": [{"system": "https://his/pid", "value": f"{number}"}],
        "name": [{"text": f"病人{number}"}],
    }
    visits = [
        {
            "resourceType": "Encounter",
            "id": f"e{number}-{visit}",
            "status": "finished",
            "class": {"system": ACT, "code": "AMB"},
            "subject": {"reference": f"Patient/p{number}"},
            "period": {"start": "2026-03-09T08:30:00+08:00"},
        }
        for visit in range(VISITS)
    ]
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "meta": {"source": "https://his"},
        "entry": [
            {
                "resource": found,
                "request": {"method": "POST", "url": found["resourceType"]},
            }
            for found in (patient, *visits)
        ],
    }


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "bundles"
    folder.mkdir()
    for number in range(BUNDLES):
        (folder / f"{number:03}.json").write_text(json.dumps(_bundle(number)))
    return folder


def _start(database, source, folder):
    """Start an import as `make import-fhir` does, in a process of its own."""
    script = folder / "script.py"
    script.write_bytes(import_fhir.script())
    with script.open() as given, (folder / "out.log").open("a") as log:
        return subprocess.Popen(
            import_fhir.command(database),
            stdin=given,
            stdout=log,
            stderr=log,
            env={**os.environ, "SOURCE": str(source)},
            start_new_session=True,
        )


def _wait_for(process, database, count):
    """Wait until some Bundles are committed."""
    for _attempt in range(1200):
        assert process.poll() is None, "the import ended before it could be killed"
        if int(odoo.sql(database, KEPT)) >= count:
            return
        time.sleep(0.05)
    raise AssertionError("the import does not get on")


def _run_once(database, source, folder):
    process = _start(database, source, folder)
    assert process.wait(timeout=300) == 0, (folder / "out.log").read_text()[-2000:]
    return odoo.sql(database, ROOM)


def test_a_killed_import_goes_on_where_it_was(database, source, tmp_path):
    whole = _run_once(database, source, tmp_path)
    odoo.copy(odoo.TEMPLATE, database)

    for count in (3, 20):
        process = _start(database, source, tmp_path)
        _wait_for(process, database, count)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    kept = int(odoo.sql(database, KEPT))
    assert 20 <= kept < BUNDLES

    assert _run_once(database, source, tmp_path) == whole
    assert int(odoo.sql(database, KEPT)) == BUNDLES
    assert odoo.sql(database, "SELECT count(*) FROM patient_fhir_import") == "1"
    # a third start finds all done: a run of its own that changes nothing
    assert f"Encounter:0:0:{BUNDLES * VISITS}:0:0" in _run_once(
        database, source, tmp_path
    )
