"""Take the pictures of the README from the running product."""

import os
import shutil

from . import cluster, demo, odoo, packages, places, steps, venv

COPY = "pr_screenshots"
# Records with something to see: those with most of it, of the demo hospital itself.
RECORDS = {
    "patient": """SELECT patient_id FROM patient_complaint WHERE patient_id IS NOT NULL
        GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1""",
    "complaint": """SELECT complaint_id FROM patient_complaint_problem
        WHERE state = 'investigating' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1""",
    "reply": """SELECT id FROM patient_complaint_reply
        WHERE state = 'sent' AND kind = 'final' AND template_id IS NOT NULL
        ORDER BY id DESC LIMIT 1""",
    "watched": """SELECT patient_id FROM patient_measurement
        WHERE origin != 'exchange' GROUP BY 1
        ORDER BY count(DISTINCT indicator_id) DESC, count(*) DESC, 1 LIMIT 1""",
    "assessment": """SELECT a.id FROM patient_assessment a
        JOIN patient_score s ON s.id = a.score_id AND s.code = 'lace'
        ORDER BY a.total DESC, a.id LIMIT 1""",
    "report": "SELECT min(id) FROM patient_health_report WHERE state = 'issued'",
}


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
    port = steps.free_port()
    server = demo.launch(COPY, port, log="screenshots-server")
    try:
        with steps.step("Taking pictures", 60):
            steps.run(
                [
                    venv.python(),
                    *("-m", "scripts.inside.take_pictures", port),
                    *(
                        f"{name}={odoo.sql(COPY, query)}"
                        for name, query in RECORDS.items()
                    ),
                ],
                cwd=places.ROOT,
                env={**cluster.environment(), "CHROMIUM": shutil.which("chromium")},
            )
    finally:
        server.terminate()
        server.wait()
        odoo.drop(COPY)
    steps.say(f"The pictures are in {os.path.relpath(places.ROOT / 'docs')}.")
