"""The sweep of deadlines, killed (R4) and by two workers (R5): told once, none missed."""

import os
import signal
import subprocess
import time

from scripts import odoo

CASES = 600
MAKE = f"""
head, officer = env["res.users"].create([
    {{"name": name, "login": name, "group_ids": [(6, 0, [
        env.ref("base.group_user").id,
        env.ref("patient_relations.patient_relations_group_officer").id])]}}
    for name in ("sweep_head", "sweep_officer")
])
env.company.patient_office_manager_id = env.company.patient_leader_id = head
quiet = {{"tracking_disable": True, "mail_auto_subscribe_no_notify": True}}
env["patient.complaint"].with_context(**quiet).create([
    {{"summary": "等候时间过长", "user_id": officer.id,
      "received_at": "2026-01-05 02:00:00"}} for _number in range({CASES})
])
env.company.patient_quiet_from = env.company.patient_quiet_to = 0
env.cr.commit()
"""
# Small batches, so that a kill always finds some done and some not.
SWEEP = """
from odoo.addons.patient_relations.models.deadline import patient_deadline_sweep
patient_deadline_sweep.BATCH = 100
env["patient.deadline"]._cron_sweep()
env.cr.commit()
"""
NOTICES = "SELECT count(*) FROM patient_deadline_notice"
LEFT = (
    "SELECT count(*) FROM patient_deadline"
    " WHERE state = 'running' AND next_step_at <= now() AT TIME ZONE 'UTC'"
)
DIGESTS = "SELECT count(*) FROM mail_message WHERE subject LIKE 'Deadlines: %'"
UNSENT = "SELECT count(*) FROM patient_deadline_notice WHERE sent_at IS NULL"


def _start(database, script, folder):
    path = folder / f"script-{len(list(folder.iterdir()))}.py"
    path.write_text(script)
    with path.open() as given, path.with_suffix(".log").open("w") as log:
        return subprocess.Popen(
            [str(word) for word in odoo.command("shell", "-d", database, "--no-http")],
            stdin=given,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _finish(process, folder):
    code = process.wait(timeout=300)
    logs = "".join(path.read_text()[-2000:] for path in folder.glob("*.log"))
    assert code == 0, logs
    assert "Traceback" not in logs, logs


def _count(database, query):
    return int(odoo.sql(database, query))


def _prepare(database, folder):
    _finish(_start(database, MAKE, folder), folder)
    clocks = _count(database, LEFT)
    assert clocks >= 2 * CASES
    return clocks


def _assert_told_once(database):
    """Each clock told officer and manager each step of its ladder, and no more."""
    assert _count(database, LEFT) == 0
    expected = """
        SELECT count(*) FROM patient_deadline clock
          JOIN patient_deadline_rule rule ON rule.id = clock.rule_id
          JOIN patient_deadline_ladder_step step ON step.ladder_id = rule.ladder_id
         WHERE clock.state = 'running'
    """
    # each step of these ladders falls to exactly one of the two
    assert _count(database, NOTICES) == _count(database, expected)
    assert _count(database, DIGESTS) == 2


def test_sweep_killed_twice_tells_everybody_once(database, tmp_path):
    _prepare(database, tmp_path)
    for share in (0.1, 0.5):
        process = _start(database, SWEEP, tmp_path)
        for _attempt in range(2400):
            assert process.poll() is None, "the sweep ended before it could be killed"
            if _count(database, NOTICES) >= share * CASES:
                break
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert _count(database, LEFT) > 0
    _finish(_start(database, SWEEP, tmp_path), tmp_path)
    _assert_told_once(database)
    assert _count(database, UNSENT) == 0


def test_two_sweeps_at_once_tell_everybody_once(database, tmp_path):
    """What one worker notes after the other sent its digests waits for the next one."""
    _prepare(database, tmp_path)
    processes = [_start(database, SWEEP, tmp_path) for _worker in range(2)]
    for process in processes:
        _finish(process, tmp_path)
    _assert_told_once(database)
