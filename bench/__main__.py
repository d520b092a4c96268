"""``python -m bench``: measure inside the private environment; scripts/bench.py calls it."""

import argparse
import importlib
import os
import sys

from . import choose, hospital, report, session
from .harness import Bench, say


def main():
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--small", required=True, help="database for writing")
    parser.add_argument("--big", help="database with many records, for reading")
    parser.add_argument("--scale", type=int, help="how many the large database holds")
    parser.add_argument("only", nargs="*")
    args = parser.parse_args()
    session.start()
    rows = []
    for name, big in choose(args.only).items():
        bench = _open(args.big if big else args.small)
        module = importlib.import_module(f".{name}", __package__)
        say(f"· {module.__doc__.splitlines()[0]}")
        scale = args.scale if big else None
        found = [{**row.as_dict(), "scale": scale} for row in module.measure(bench)]
        report.save(found, report.get_surroundings(bench))
        rows += found
    print()
    report.show(rows)
    missed = [row["id"] for row in rows if row["pass"] is False]
    if missed and os.environ.get("STRICT"):
        sys.exit(f"✗ Below the goal: {', '.join(missed)}")


_opened = {}


def _open(database):
    if database not in _opened:
        _opened[database] = Bench(database)
        hospital.prepare(_opened[database])
    return _opened[database]


main()
