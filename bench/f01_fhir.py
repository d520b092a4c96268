"""F1: take in a FHIR Bundle of ten thousand resources. F1m: with how much memory."""

import collections
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from . import chinese, fhir_bundle
from .harness import Row, interleave, rate_row
from .hospital import OFFICER

COUNT = 10_000
REPEATS = 3
LOGIN = "bench_fhir"
SOURCE = "https://his.example.com"
MAX_MB = 600


def measure(bench):
    if "patient.fhir.exchange" not in bench.registry:
        return []
    _create_account(bench)
    content = fhir_bundle.make(COUNT)
    return [_measure_speed(bench, content), _measure_memory(bench, content)]


def _create_account(bench):
    """Set up the account of the other system, unless it is there."""
    with bench.env(commit=True, no_reset_password=True) as env:
        if env["res.users"].search_count([("login", "=", LOGIN)]):
            return
        group = env.ref("patient_fhir.patient_fhir_group_integration")
        env["res.users"].create(
            {
                "login": LOGIN,
                "name": LOGIN,
                "group_ids": [(4, group.id)],
                "fhir_source": SOURCE,
            }
        )


def _measure_speed(bench, content):
    resources = fhir_bundle.kept(json.loads(content))
    kinds = collections.Counter(found["resourceType"] for found in resources)
    found = interleave(
        bench,
        {
            "ours": (LOGIN, lambda env: lambda: take(env, content)),
            "peer": (OFFICER, _create_partners),
            "limit": ("__system__", lambda env: lambda: _validate(resources)),
        },
        REPEATS,
    )
    return rate_row(
        found,
        COUNT,
        0.5,
        id="F1",
        work=f"take in one FHIR Bundle with {COUNT:,} resources",
        unit="resources/s",
        goal="≥ 0.5 × res.partner",
        detail={
            "resources": dict(kinds),
            "bytes": len(content),
        },
        notes=[
            (
                f"From the bytes ({len(content) / 2**20:.1f} MiB of JSON) to the flushed "
                "records, as the account of another system; "
                + ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())
                + ": the shipped Synthea Bundles repeated, with ids and numbers anew."
            ),
            f"Peer: {COUNT:,} res.partner in one create. Repeats: {REPEATS}, for each is long.",
            "Limit: the same resources through fhir.resources (R4B) in memory, no database.",
        ],
    )


def take(env, content):
    """Take bytes in as the HTTP server and the file import do.

    :raise RuntimeError: when not every resource was created
    """
    from odoo.addons.patient_fhir.tools import bundle as bundles  # noqa: PLC0415

    bundle = bundles.parse(content)
    bundles.check_shell(bundle)
    intake = env["patient.fhir.exchange"]._take(bundle, SOURCE)
    created = sum(entry.outcome == "created" for entry in intake.entries)
    if created != COUNT:
        raise RuntimeError(f"{created} of {COUNT} resources were created")


def _create_partners(env):
    values = [
        {name: person[name] for name in ("name", "phone", "street", "city")}
        for person in chinese.people(COUNT)
    ]
    return lambda: env["res.partner"].create(values)


def _validate(resources):
    from fhir.resources.R4B import get_fhir_model_class  # noqa: PLC0415

    for resource in resources:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def _measure_memory(bench, content):
    """Take the Bundle in once more, in a process that does nothing else."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        done = subprocess.run(
            [sys.executable, "-m", "bench.memory", bench.database, file.name],
            check=True,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parent.parent,
        )
    idle, peak = json.loads(done.stdout)
    return Row(
        id="F1m",
        work=f"peak memory of taking in {COUNT:,} resources, in a fresh process",
        unit="MB",
        ours=peak,
        limit=idle,
        ratio=peak / MAX_MB,
        goal=f"< {MAX_MB} MB",
        passed=peak < MAX_MB,
        repeats=1,
        notes=[
            "Greatest resident size by getrusage, loading Odoo and all addons included.",
            "The column «limit» holds the resident size before the Bundle is read.",
        ],
    )
