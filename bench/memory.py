"""``python -m bench.memory DATABASE FILE``: print the size before and the peak, in MB."""

import json
import resource
import sys
from pathlib import Path

import psutil

from . import session
from .harness import Bench


def main():
    database, path = sys.argv[1:]
    session.start()
    bench = Bench(database)
    from .f01_fhir import LOGIN, take  # noqa: PLC0415  after start()

    idle = round(psutil.Process().memory_info().rss / 2**20)
    with bench.env(LOGIN) as env:
        take(env, Path(path).read_bytes())
        env.cr.flush()
    peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps([idle, peak]))


main()
