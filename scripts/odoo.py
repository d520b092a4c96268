"""Run Odoo, and make, copy and drop its databases."""

import functools
import hashlib
import json
import os
import re

from . import cluster, places, source, steps, venv

# What our addons need from Odoo and PyPI: installed without demo data, for these
# bring invented people of another country.
BASE_ADDONS = (
    "crm",
    "calendar",
    "hr",
    "sms",
    "phone_validation",
    "portal",
    "report_xlsx",
)
BASE = "pr_base"
TEMPLATE = "pr_template"
DEMO_TEMPLATE = "pr_template_demo"
PROBLEM = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")


@functools.cache
def config():
    """Write the configuration of this checkout and return its path."""
    paths = [places.ADDONS, *source.addons_paths(source.python_path())]
    values = {
        **cluster.connection(),
        "addons_path": ",".join(str(path) for path in paths),
        "data_dir": places.STATE / "data",
        "admin_passwd": "admin",
        "list_db": "False",
        "http_interface": "127.0.0.1",
        "db_maxconn": "32",
        "limit_time_real": "600",
        "limit_time_cpu": "600",
    }
    path = places.STATE / "odoo.conf"
    lines = [f"{name} = {value}\n" for name, value in values.items()]
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text("[options]\n" + "".join(lines))
    fresh.replace(path)  # at once, for whoever reads it at this moment
    return path


def command(*words):
    """Return a command line of Odoo with this checkout's configuration."""
    return [venv.python(), "-m", "odoo", *words, "-c", config()]


def call(*words, log, check=True, **kwargs):
    return steps.run(command(*words), log=log, check=check, **kwargs)


def problems(log):
    """Return the lines of a log at level WARNING or above."""
    return [line for line in read_log(log).splitlines() if PROBLEM.match(line)]


def read_log(log):
    return (places.LOGS / f"{log}.log").read_text(errors="replace")


def refuse_problems(log):
    found = problems(log)
    if found:
        raise steps.Stop(
            f"The log «{log}» should hold no warning:\n" + "\n".join(found[:20])
        )


def sql(database, statement):
    return steps.output(
        [
            _tool("psql"),
            "-XAtq",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            database,
            "-c",
            statement,
        ],
        env=_pg_env(),
    )


def exists(database):
    return bool(
        sql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{database}'")
    )


def drop(database):
    sql("postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    steps.run(["rm", "-rf", places.STATE / "data" / "filestore" / database])


def copy(origin, database):
    """Copy a database with its files, replacing the one of that name."""
    drop(database)
    sql("postgres", f'CREATE DATABASE "{database}" TEMPLATE "{origin}"')
    files = places.STATE / "data" / "filestore"
    if (files / origin).is_dir():
        steps.run(["cp", "-a", files / origin, files / database])


def base_database():
    """Return a database with all that our addons need and none of them."""
    if not exists(BASE):
        with steps.step("Preparing a database with Odoo's own addons", 45):
            drop(f"{BASE}_new")
            call(
                "-d",
                f"{BASE}_new",
                "-i",
                ",".join(BASE_ADDONS),
                "--stop-after-init",
                log="base",
            )
            sql("postgres", f"ALTER DATABASE {BASE}_new RENAME TO {BASE}")
            data = places.STATE / "data" / "filestore"
            if (data / f"{BASE}_new").is_dir():
                (data / f"{BASE}_new").rename(data / BASE)
    return BASE


def install(database, *addons, demo=False, languages="", log):
    """Install addons in a copy of the base; with ``demo``, theirs alone is loaded.

    :param str languages: codes of languages to switch on first, by comma
    """
    copy(base_database(), database)
    if languages:
        script(database, "load_language", log=f"{log}-language", LANGUAGES=languages)
    if demo:
        # An addon loads its demo data only where all it depends on says it has its own.
        sql(
            database,
            "UPDATE ir_module_module SET demo = true WHERE state = 'installed'",
        )
    call("-d", database, "-i", ",".join(addons), "--stop-after-init", log=log)
    if demo:
        ours = ", ".join(f"'{name}'" for name in addons)
        sql(
            database,
            f"UPDATE ir_module_module SET demo = false WHERE name NOT IN ({ours})",
        )


def code_mark(demo=False):
    """Return a mark of the files that decide what an installed addon does.

    :param demo: count the demo data and the translations too
    """
    return digest(
        sorted(
            path
            for name in places.OUR_ADDONS
            for path in (places.ADDONS / name).rglob("*")
            if path.suffix in {".py", ".xml", ".csv"} | ({".po"} if demo else set())
            and not {"tests", "static", *(() if demo else ("demo",))} & {*path.parts}
        )
    )


def digest(paths):
    found = hashlib.sha256()
    for path in paths:
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


# The mark of a database is its comment: it goes where the database goes.


def read_mark(name):
    found = sql(
        "postgres",
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        f" WHERE datname = '{name}'",
    )
    return json.loads(found) if found.startswith("{") else {}


def write_mark(name, mark):
    sql("postgres", f"COMMENT ON DATABASE \"{name}\" IS '{json.dumps(mark)}'")


def script(database, name, *, log, **env):
    """Run one of our scripts of ``inside/`` in Odoo's shell."""
    text = (places.ROOT / "scripts" / "inside" / f"{name}.py").read_text()
    steps.run(
        command("shell", "-d", database, "--no-http"),
        log=log,
        input=text.encode(),
        env=env,
    )


def template():
    """Make anew the database that every suite copies: our addons, no demo data."""
    return _make(TEMPLATE, "Installing our addons in the template database", "install")


def demo_template():
    """Make anew the database of the suites that need the demo hospital."""
    text = "Installing our addons with the demo hospital"
    return _make(DEMO_TEMPLATE, text, "install-demo", demo=True)


def _make(database, text, log, demo=False):
    base_database()
    with steps.step(text, 30):
        install(database, *places.OUR_ADDONS, demo=demo, log=log)
    refuse_problems(log)
    return database


def _tool(name):
    found = cluster.programs() / name
    return found if found.exists() else name


def _pg_env():
    return {**os.environ, **cluster.environment()}
