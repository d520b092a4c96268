"""Take the pictures of the README from the running product."""

import os
import shutil
import socket

from . import cluster, demo, odoo, packages, places, steps, venv

COPY = "pr_screenshots"


def run():
    packages.need_command("chromium", "screenshots", "chromium")
    packages.need_font()
    demo.create()
    odoo.copy(demo.DATABASE, COPY)
    odoo.sql(
        COPY,
        "UPDATE res_partner SET lang = 'zh_CN'"
        " WHERE id IN (SELECT partner_id FROM res_users)",
    )
    port = _free_port()
    server = demo.launch(COPY, port, log="screenshots-server")
    try:
        with steps.step("Taking pictures", 60):
            steps.run(
                [venv.python(), "-m", "scripts.inside.take_pictures", str(port)],
                cwd=places.ROOT,
                env={**cluster.environment(), "CHROMIUM": shutil.which("chromium")},
            )
    finally:
        server.terminate()
        server.wait()
        odoo.drop(COPY)
    steps.say(f"The pictures are in {os.path.relpath(places.ROOT / 'docs')}.")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
