"""Speak to the person at the keyboard, and run other programs."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from . import places

# How much is done at once: more would starve each other's browser.
LANES = min(2, os.cpu_count() or 1)


class Stop(Exception):
    """A reason to end that the reader can act on; shown without a traceback."""


def say(text):
    print(text, flush=True)


@contextlib.contextmanager
def step(text, usual=None):
    """Show a line while something long goes on, with the time it takes.

    :param usual: how many seconds it usually takes, if that is worth saying
    """
    began = time.monotonic()
    hint = f" (usually about {usual} s)" if usual else ""
    say(f"· {text}{hint} …")
    done = threading.Event()

    def beat():
        while not done.wait(15):
            say(
                f"  … still {text[0].lower()}{text[1:]}, {time.monotonic() - began:.0f} s"
            )

    threading.Thread(target=beat, daemon=True).start()
    try:
        yield
    finally:
        done.set()
    say(f"  done in {time.monotonic() - began:.1f} s")


def run(command, log=None, check=True, env=None, **kwargs):
    """Run a program; its output goes to a file in the log folder when ``log`` names one."""
    command = [str(part) for part in command]
    env = {**os.environ, **(env or {})}
    if not log:
        return subprocess.run(command, check=check, env=env, **kwargs)
    path = places.LOGS / f"{log}.log"
    with path.open("w") as out:
        done = subprocess.run(
            command,
            check=False,
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
            **kwargs,
        )
    if check and done.returncode:
        say(tail(path))
        raise Stop(
            f"{command[0]} ended with {done.returncode}; the whole log is {path}"
        )
    return done


def output(command, **kwargs):
    return subprocess.run(
        [str(part) for part in command],
        check=True,
        capture_output=True,
        text=True,
        **kwargs,
    ).stdout.strip()


def at_once(work, items):
    """Yield what ``work`` returns for each item, in their order; a few are done at once."""
    with ThreadPoolExecutor(LANES) as lanes:
        yield from lanes.map(work, items)


def free_port():
    """Return the number of a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def tail(path, lines=40):
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def end(error):
    say(f"✗ {error}")
    sys.exit(1)
