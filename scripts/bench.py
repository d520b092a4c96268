"""`make bench`: prepare two databases and start the measurements in the environment.

The small database holds our addons and the peers; measurements that write use it and
undo what they wrote. The big one, filled with as many records as SCALE says, is kept
between runs; it is made anew when the tables change, and updated when our code does.
"""

import hashlib

import bench

from . import odoo, places, steps, venv

LOG = places.LOGS / "bench.log"
SMALL = "pr_bench"
# What a hospital would use otherwise: tickets, their deadlines, rules that look at clocks,
# answers of surveys.
PEERS = ("helpdesk_mgmt", "helpdesk_mgmt_sla", "base_automation", "survey")
FILLED = (
    *("res_partner", "patient_patient", "patient_complaint"),
    *("patient_complaint_problem", "patient_deadline"),
    *("helpdesk_ticket", "mail_followers", "patient_measurement"),
)
# Who works in the hospital of the measurements, and by which deadlines.
PEOPLE = places.ROOT / "bench" / "hospital.py"
# What decides how the big database is filled, besides its tables.
FILLERS = (
    *sorted((places.ROOT / "bench" / "population").glob("*.py")),
    places.ROOT / "bench" / "chinese.py",
    PEOPLE,
    places.ADDONS / "patient_relations" / "tools" / "names.py",
)


def run(scale, only):
    """Measure; :param only: ids of rows such as ``p12``, empty for all."""
    try:
        modules = bench.choose(only)
    except KeyError as error:
        known = ", ".join(bench.ROWS)
        raise steps.Stop(f"There is no row {error}; there are {known}.") from error
    LOG.unlink(missing_ok=True)
    words = ["--small", _small_database()]
    if any(modules.values()):
        words += ["--big", _big_database(scale), "--scale", str(scale)]
    done = _python("bench", *words, *only)
    if LOG.exists() and LOG.stat().st_size:
        head = "\n".join(line[:300] for line in LOG.read_text().splitlines()[:10])
        steps.say(f"✗ There should be no warning in {LOG}:\n{head}")
    if done.returncode:
        raise SystemExit(done.returncode)


def _python(module, *words):
    """Run one of the programs of bench/ inside the environment, on this screen."""
    return steps.run(
        [venv.python(), "-m", module, *words],
        check=False,
        cwd=places.ROOT,
        env={"ODOO_RC": str(odoo.config()), "BENCH_LOG": str(LOG)},
    )


def _small_database():
    mark = {
        "peers": list(PEERS),
        "people": odoo.digest([PEOPLE]),
        "code": odoo.code_mark(),
    }
    if odoo.read_mark(SMALL) != mark:
        with steps.step("Installing our addons and the peers", 40):
            odoo.install(SMALL, *places.OUR_ADDONS, *PEERS, log="bench-install")
        odoo.refuse_problems("bench-install")
        odoo.write_mark(SMALL, mark)
    return SMALL


def _big_database(scale):
    name = f"{SMALL}_{scale}"
    mark = {
        "peers": list(PEERS),
        "tables": _get_tables(),
        "fill": odoo.digest(FILLERS),
        "code": odoo.code_mark(),
    }
    known = odoo.read_mark(name)
    if known == mark:
        return name
    if {**known, "code": mark["code"]} == mark:
        _update(name)
    else:
        _fill(name, scale)
    odoo.write_mark(name, mark)
    return name


def _fill(name, scale):
    odoo.copy(SMALL, name)
    usual = 30 + scale // 5000
    with steps.step(f"Filling a database with {scale:,} of each", usual):
        if _python("bench.population", name, str(scale)).returncode:
            raise steps.Stop("The large database could not be filled; see above.")
    with steps.step("Analysing it"):
        odoo.sql(name, "VACUUM ANALYZE")


def _update(name):
    with steps.step("Updating our addons in the large database", 40):
        odoo.call(
            *("-d", name, "-u", ",".join(places.OUR_ADDONS), "--stop-after-init"),
            log="bench-update",
        )
    odoo.refuse_problems("bench-update")


def _get_tables():
    """Return a mark of the columns and indexes of the tables that are filled."""
    names = ", ".join(f"'{name}'" for name in FILLED)
    found = odoo.sql(
        SMALL,
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        f" WHERE table_name IN ({names}) ORDER BY 1, 2;"
        f" SELECT indexdef FROM pg_indexes WHERE tablename IN ({names}) ORDER BY 1",
    )
    return hashlib.sha256(found.encode()).hexdigest()[:16]
