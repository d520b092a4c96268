"""Take the pictures of the README from the running product."""

import os
import shutil
import socket

from . import cluster, demo, odoo, packages, places, steps, venv

COPY = "pr_screenshots"
# Records with something to see: the patient with most complaints, and an open complaint
# of which most went wrong.
PATIENT = """SELECT patient_id FROM patient_complaint WHERE patient_id IS NOT NULL
    GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"""
COMPLAINT = """SELECT complaint_id FROM patient_complaint_problem
    WHERE state = 'investigating' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"""
REPLY = """SELECT id FROM patient_complaint_reply
    WHERE state = 'sent' AND kind = 'final' AND template_id IS NOT NULL
    ORDER BY id DESC LIMIT 1"""


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
                [
                    venv.python(),
                    *("-m", "scripts.inside.take_pictures", port),
                    *(odoo.sql(COPY, query) for query in (PATIENT, COMPLAINT, REPLY)),
                ],
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
