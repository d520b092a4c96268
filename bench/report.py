"""The table on the screen and the file of results."""

import json
import os
import platform
import subprocess
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

from . import ROWS

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"
HEADS = ("", "id", "work", "unit", "ours", "peer", "limit", "ratio", "goal")
MARKS = {True: "✓", False: "✗", None: "–"}


def show(rows):
    """Print the table and below it what a reader must know of each row."""
    lines = [HEADS, *(_get_cells(row) for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(map(_pad, line, widths)).rstrip())
    for row in rows:
        print(f"\n{row['id']}")
        for note in row["notes"]:
            print(f"  · {note}")
    if os.getloadavg()[0] > os.cpu_count():
        print(
            f"\nThe machine is busy (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} "
            "cores): times are too long; ratios count, and those by processor time most."
        )


def _get_cells(row):
    numbers = [_format(row[name]) for name in ("ours", "peer", "limit", "ratio")]
    mark = MARKS[row["pass"]]
    return (mark, row["id"], row["work"], row["unit"], *numbers, row["goal"])


def _format(number):
    if number is None:
        return "–"
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.3g}"


def _width(text):
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _pad(text, width):
    return text + " " * (width - _width(text))


def save(rows, surroundings):
    """Write rows to the file of results; rows not measured now stay as they were."""
    known = json.loads(RESULTS.read_text())["rows"] if RESULTS.exists() else []
    table = {_get_key(row): row for row in known}
    for row in rows:
        table[_get_key(row)] = {**_rounded(row), "measured": surroundings}
    found = {"rows": [table[key] for key in sorted(table)]}
    RESULTS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")


def _get_key(row):
    """Return what makes a row another one: its place in the table, and the scale."""
    return list(ROWS).index(row["id"]), row["scale"] or 0


def _rounded(row):
    numbers = ("ours", "peer", "limit", "ratio")
    return {
        name: round(value, 4) if name in numbers and value is not None else value
        for name, value in row.items()
    }


def get_surroundings(bench):
    """Return when, on what, and with which settings was measured."""
    with bench.env() as env:
        settings = {}
        for name in (
            *("server_version", "fsync", "synchronous_commit", "shared_buffers"),
            *("work_mem", "jit", "random_page_cost"),
        ):
            env.cr.execute("SELECT current_setting(%s)", [name])
            settings[name] = env.cr.fetchone()[0]
        modules = env["ir.module.module"].search(
            [
                ("state", "=", "installed"),
                "|",
                ("name", "=like", "patient_%"),
                (
                    "name",
                    "in",
                    ["helpdesk_mgmt", "helpdesk_mgmt_sla", "base_automation"],
                ),
            ]
        )
        versions = {module.name: module.installed_version for module in modules}
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "commit": _git("rev-parse", "HEAD"),
        "changed_since_commit": bool(_git("status", "--porcelain", ":/addons")),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "processes": 1,
        "postgresql": settings,
        "addons": versions,
    }


def _git(*words):
    done = subprocess.run(
        ["git", *words], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
