"""Where things live: what a second clone can share, and what belongs to this one."""

import fcntl
import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
STATE = ROOT / ".run"
LOGS = STATE / "logs"
CACHE = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    / "patient-relations"
)

# In the order in which they need each other.
OUR_ADDONS = [
    name
    for name in (
        "patient_relations",
        "patient_health",
        "patient_followup",
        "patient_survey",
        "patient_fhir",
    )
    if (ADDONS / name / "__manifest__.py").exists()
]


def cluster_home():
    """Return the folder of the private PostgreSQL cluster.

    PostgreSQL refuses to run as root, and the account that runs it for root can
    seldom enter root's folders: then the cluster lives in the system's own place
    for temporary files that survive a restart.
    """
    if os.geteuid():
        return STATE / "postgresql"
    mark = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    parent = Path("/var/tmp")
    if not parent.is_dir():
        parent = Path(tempfile.gettempdir())
    return parent / f"patient-relations-{mark}"


def make_folders():
    for folder in (STATE, LOGS, CACHE):
        folder.mkdir(parents=True, exist_ok=True)


def make_shared(home, make):
    """Make what clones share, once: another clone that wants it now waits for this one.

    :param Path home: a folder of the cache
    :param make: a function without arguments that fills ``home``, from anew after a failure
    """
    mark = home / ".complete"
    if mark.exists():
        return
    with home.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not mark.exists():
            make()
            mark.touch()
