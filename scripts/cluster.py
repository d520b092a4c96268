"""PostgreSQL: the server that PGHOST names, else a private cluster of this checkout."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from . import packages, places, steps

# Throw-away data: what a power cut could lose is made again by one command.
SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "log_min_messages": "fatal",
}
ROLE = "patient_relations"


def connection():
    """Return host, port, user and password for Odoo, starting the cluster when it is ours."""
    if os.environ.get("PGHOST"):
        given = {
            "db_host": os.environ["PGHOST"],
            "db_port": os.environ.get("PGPORT", "5432"),
            "db_user": os.environ.get("PGUSER", "odoo"),
            "db_password": os.environ.get("PGPASSWORD"),
        }
        return {name: value for name, value in given.items() if value}
    start()
    return {"db_host": str(_socket()), "db_port": "5432", "db_user": ROLE}


def environment():
    """Return the variables that let PostgreSQL's own programs reach the same server."""
    given = connection()
    found = {
        "PGHOST": given["db_host"],
        "PGPORT": given["db_port"],
        "PGUSER": given["db_user"],
    }
    if "db_password" in given:
        found["PGPASSWORD"] = given["db_password"]
    return found


def start():
    home = places.cluster_home()
    if not (home / "data" / "PG_VERSION").exists():
        _create(home)
    if not _running(home):
        with steps.step("Starting PostgreSQL"):
            _ctl(home, "start", "--wait", "--log", home / "server.log", "--silent")


def stop():
    home = places.cluster_home()
    if (home / "data" / "PG_VERSION").exists() and _running(home):
        _ctl(home, "stop", "--wait", "--mode", "fast", "--silent")


def remove():
    if not os.environ.get("PGHOST"):
        stop()
        shutil.rmtree(places.cluster_home(), ignore_errors=True)


def _socket():
    return places.cluster_home() / "socket"


def programs():
    """Return the folder of the newest PostgreSQL server programs of this machine."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if not homes:
        found = shutil.which("initdb")
        if found:
            return Path(found).resolve().parent
        packages.need("the database server", "postgresql")
        return programs()
    if _version(homes[-1]) < 15:
        raise steps.Stop(
            "PostgreSQL 15 or newer is needed; only older servers are installed."
        )
    return homes[-1].parent


def _version(path):
    return int(path.parts[-3])


def _owner():
    """Return the account that runs the cluster, or None for the present one."""
    if os.geteuid():
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        steps.run(["useradd", "--system", "--home-dir", "/nonexistent", "postgres"])
        return "postgres"


def _as_owner(command):
    owner = _owner()
    prefix = ["runuser", "-u", owner, "--"] if owner else []
    # Started from a folder that the owner of the cluster can enter.
    return steps.run(
        [*prefix, *command],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def _ctl(home, *words):
    done = _as_owner([programs() / "pg_ctl", "--pgdata", home / "data", *words])
    if done.returncode:
        raise steps.Stop(f"PostgreSQL did not {words[0]}; see {home / 'server.log'}.")


def _running(home):
    return (
        _as_owner(
            [programs() / "pg_ctl", "--pgdata", home / "data", "status"]
        ).returncode
        == 0
    )


def _create(home):
    tools = programs()
    with steps.step("Creating a private PostgreSQL cluster"):
        for folder in (home, home / "data", home / "socket"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _owner():
                shutil.chown(folder, _owner())
        done = _as_owner(
            [
                tools / "initdb",
                "--pgdata",
                home / "data",
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
                "--locale",
                "C.UTF-8",
                "--username",
                ROLE,
            ]
        )
        if done.returncode:
            raise steps.Stop(f"PostgreSQL's initdb failed in {home}.")
        lines = [f"{name} = {value}\n" for name, value in SETTINGS.items()]
        lines.append(f"unix_socket_directories = '{home / 'socket'}'\n")
        with (home / "data" / "postgresql.conf").open("a") as settings:
            settings.writelines(lines)
