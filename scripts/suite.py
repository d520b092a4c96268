"""`make test`: linters, then every test on copies of one template database."""

import time
import xml.etree.ElementTree as ET
from pathlib import Path

from . import lint, odoo, packages, places, steps, venv

KINDS = ("passed", "failed", "skipped")


def run(parts):
    """Run everything, or the addons and files that ``parts`` name."""
    began = time.monotonic()
    _prepare()
    if not parts:
        lint.run()
    odoo.template()
    totals = dict.fromkeys(KINDS, 0)
    groups = {}
    for name, path in _groups(parts):
        groups.setdefault(name, []).append(path)
    for counts in _test(list(groups.items())):
        for kind, count in counts.items():
            totals[kind] += count
    steps.say(f"All of it took {time.monotonic() - began:.0f} s.")
    steps.say(", ".join(f"{totals[kind]} {kind}" for kind in KINDS))
    if totals["failed"]:
        raise SystemExit(1)


def _prepare():
    packages.need_command("chromium", "browser tests", "chromium")
    packages.need_command("wkhtmltopdf", "PDF files", "wkhtmltopdf")
    packages.need_font()


def _test(groups):
    """Run the groups, some at once when there are several; yield their counts.

    What a group prints is shown as it comes when it is alone, else when it has ended.
    """
    if any(name == "whole" for name, _paths in groups):
        odoo.demo_template()
    if len(groups) == 1:
        yield _pytest(*groups[0])
        return
    with steps.step("Testing"):
        yield from steps.at_once(lambda group: _pytest(*group, quiet=True), groups)


def _groups(parts):
    """Yield name and path: each name is a group with a process and a database of its own.

    The longest come first, so that none is left to run alone at the end.
    """
    whole = places.ROOT / "tests"
    if not parts:
        first, *others = places.OUR_ADDONS
        yield first, places.ADDONS / first
        yield "whole", whole
        for addon in others:
            yield addon, places.ADDONS / addon
        return
    for part in parts:
        path = places.ADDONS / part
        if not path.is_dir():
            path = Path(part).resolve()
        if not path.exists():
            raise steps.Stop(f"{part} is neither an addon nor a file.")
        yield path.stem if whole not in (path, path.parent) else "whole", path


def _pytest(name, paths, quiet=False):
    """Run pytest on a fresh copy of the template; return counts by kind."""
    database = f"pr_test_{name}"
    # What no single addon can show is shown on the demo hospital.
    odoo.copy(odoo.DEMO_TEMPLATE if name == "whole" else odoo.TEMPLATE, database)
    report = places.LOGS / f"{name}.xml"
    warnings = places.LOGS / f"{name}-warnings.log"
    warnings.write_text("")
    steps.say(f"· Testing {name}")
    done = steps.run(
        [
            venv.python(),
            "-m",
            "pytest",
            "-q",
            f"--odoo-config={odoo.config()}",
            f"--odoo-database={database}",
            "--odoo-http",
            f"--junitxml={report}",
            f"--log-file={warnings}",
            "--log-file-level=WARNING",
            "--durations=5",
            *paths,
        ],
        log=f"{name}-pytest" if quiet else None,
        check=False,
        cwd=places.ROOT,
        env={
            "ODOO_TEST_DB": database,
            "PYTHONPATH": str(places.ROOT),
        },
    )
    odoo.drop(database)
    if quiet:
        steps.say(steps.tail(places.LOGS / f"{name}-pytest.log", 200))
    counts = _count(report)
    found = warnings.read_text().strip()
    if found:
        steps.say(f"✗ The tests of {name} should log no warning:\n{found[-4000:]}")
        counts["failed"] += 1
    if done.returncode not in (0, 5) and not counts["failed"]:
        counts["failed"] += 1
    return counts


def _count(report):
    if not report.exists():
        return {"passed": 0, "failed": 1, "skipped": 0}
    suite = ET.parse(report).getroot().find("testsuite")
    total, skipped = int(suite.get("tests")), int(suite.get("skipped"))
    failed = int(suite.get("failures")) + int(suite.get("errors"))
    return {"passed": total - failed - skipped, "failed": failed, "skipped": skipped}
