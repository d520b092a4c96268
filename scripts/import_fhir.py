"""`make import-fhir SRC=path`: load FHIR Bundles into the demo hospital."""

import os
import subprocess
from pathlib import Path

from . import demo, odoo, places, steps


def run(source):
    """Load a file, a zip, or a folder of them; shows progress, counts and rejects.

    Killed midway and started again it goes on where it was.
    """
    path = Path(source or "").expanduser().resolve()
    if not source or not path.exists():
        raise steps.Stop("Name a file, a folder or a zip: make import-fhir SRC=path")
    if not odoo.exists(demo.DATABASE):
        raise steps.Stop("There is no demo hospital yet: start «make demo» first.")
    done = subprocess.run(
        command(demo.DATABASE),
        input=script(),
        env={**os.environ, "SOURCE": str(path)},
        check=False,
    )
    if done.returncode:
        raise steps.Stop(
            f"The import ended with {done.returncode}; start it again to go on."
        )


def command(database):
    """Return the command that runs ``script`` on a database."""
    words = ("shell", "-d", database, "--no-http", "--log-level", "error")
    return [str(part) for part in odoo.command(*words)]


def script():
    return (places.ROOT / "scripts" / "inside" / "import_fhir.py").read_bytes()
