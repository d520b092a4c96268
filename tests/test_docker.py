"""What can be checked of docker/ without a container engine."""

import subprocess
import sys

from scripts import places


def test_docker_static_checks():
    done = subprocess.run(
        [sys.executable, places.ROOT / "docker" / "check.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok" in done.stdout
