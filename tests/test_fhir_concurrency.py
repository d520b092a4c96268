"""Several systems send the same patients to a real server at the same moment (R1)."""

import collections
import contextlib
import json
import re
import subprocess
import threading
import time
import urllib.error
import urllib.request

import pytest

from scripts import odoo, places, steps

CLIENTS = 8
ROUNDS = 4
NAME = "并发病人"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
ACCOUNT = """
groups = env.ref("base.group_user") + env.ref("patient_fhir.patient_fhir_group_integration")
user = env["res.users"].with_context(no_reset_password=True).create(
    {"login": "his", "name": "HIS", "group_ids": [(6, 0, groups.ids)]}
)
key = env["res.users.apikeys"].with_user(user).sudo()._generate(None, "key", None)
env.cr.commit()
print(f"KEY={key}")
"""


@pytest.fixture
def key(database):
    """Create the account of another system; return its API key."""
    done = subprocess.run(
        [str(word) for word in odoo.command("shell", "-d", database, "--no-http")],
        input=ACCOUNT.encode(),
        capture_output=True,
        check=True,
    )
    return re.search(r"KEY=(\w+)", done.stdout.decode())[1]


@pytest.fixture
def address(database, key):
    """Start a server on the database; return the address of its FHIR root."""
    port = steps.free_port()
    words = ("-d", database, "--http-port", str(port), "--max-cron-threads", "0")
    with (places.LOGS / "fhir-concurrency.log").open("w") as log:
        server = subprocess.Popen(
            [str(word) for word in odoo.command(*words)], stdout=log, stderr=log
        )
    root = f"http://127.0.0.1:{port}/fhir/R4"
    try:
        _wait(server, f"{root}/metadata")
        yield root
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(server, url):
    for _attempt in range(300):
        assert server.poll() is None, "the server ended"
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def _bundle(numbers):
    """Return a transaction with a patient and a visit for each number."""
    resources = []
    for number in numbers:
        patient = {
            "resourceType": "Patient",
            "id": f"p{number}",
            "identifier": [{"system": "https://his/pid", "value": f"{number}"}],
            "name": [{"text": f"{NAME}{number}"}],
        }
        visit = {
            "resourceType": "Encounter",
            "id": f"e{number}",
            "status": "finished",
            "class": {"system": ACT, "code": "AMB"},
            "subject": {"reference": f"Patient/p{number}"},
            "serviceProvider": {"display": f"科室{number % 5}"},
        }
        resources += [patient, visit]
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "meta": {"source": "https://his"},
        "entry": [
            {
                "resource": found,
                "request": {"method": "POST", "url": found["resourceType"]},
            }
            for found in resources
        ],
    }


def _post(address, key, bundle):
    request = urllib.request.Request(
        address,
        json.dumps(bundle).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/fhir+json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_many_clients_with_the_same_patients_make_no_duplicates(database, address, key):
    statuses = collections.Counter()
    barrier = threading.Barrier(CLIENTS)

    def send():
        barrier.wait()
        for turn in range(ROUNDS):
            bundle = _bundle(range(turn * 10, turn * 10 + 20))
            statuses[_post(address, key, bundle)] += 1

    threads = [threading.Thread(target=send) for _client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == {200: CLIENTS * ROUNDS}
    patients = ROUNDS * 10 + 10
    counts = "SELECT (SELECT count(*) FROM patient_identifier WHERE value LIKE 'p%'), "
    counts += "(SELECT count(*) FROM patient_encounter), "
    counts += "(SELECT count(*) FROM patient_fhir_department)"
    assert odoo.sql(database, counts) == f"{patients}|{patients}|5"
    log = (places.LOGS / "fhir-concurrency.log").read_text()
    assert odoo.problems("fhir-concurrency") == []
    assert NAME not in log
