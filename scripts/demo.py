"""The demo hospital: create it once, start it, stop it."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from . import odoo, packages, places, steps

DATABASE = "patient_relations_demo"
PID = places.STATE / "demo.pid"
# The language that people and letters were set to last.
LANGUAGE = places.STATE / "demo.locale"
# Login (also the password) → who it is; the demo data creates the accounts.
LOGINS = {
    "manager": "关系办主任 · patient-relations manager",
    "officer": "投诉专员 · patient-relations officer",
    "nurse": "护士（心内科） · department staff",
    "health": "健康管理师 · health management",
    "custodian": "身份保管人 · identity custodian",
    "admin": "系统管理员 · administrator",
}


def start(port, locale):
    if _running():
        steps.say("The demo server is already running; it is started anew.")
        stop()
    _refuse_taken(port)
    packages.need_command("wkhtmltopdf", "printing PDF files", "wkhtmltopdf")
    packages.need_font()
    create()
    _speak(locale)
    _serve(port)
    _tell(port)


def create():
    """Create the demo hospital, unless it is there and of these addons."""
    odoo.base_database()
    mark = {"code": odoo.code_mark(demo=True)}
    if odoo.exists(DATABASE):
        if odoo.read_mark(DATABASE) == mark:
            return
        steps.say("The addons have changed: the demo hospital is made anew.")
    fresh = f"{DATABASE}_new"
    with steps.step("Creating the demo hospital", 90):
        odoo.install(
            fresh,
            *places.OUR_ADDONS,
            demo=True,
            languages="zh_CN,en_US",
            log="demo-install",
        )
        odoo.sql(fresh, _close_doors())
        odoo.copy(fresh, DATABASE)
        odoo.drop(fresh)
        odoo.write_mark(DATABASE, mark)
        LANGUAGE.unlink(missing_ok=True)


def _close_doors():
    """Return SQL that keeps the demo hospital's messages on this machine.

    As Odoo's «neutralize» does, but without its banner, and our own nightly work goes on.
    """
    ours = ", ".join(f"'{name}'" for name in (*places.OUR_ADDONS, "base"))
    nowhere = "http://127.0.0.1:9"
    return f"""
        UPDATE ir_cron SET active = false WHERE id NOT IN (
            SELECT res_id FROM ir_model_data
             WHERE model = 'ir.cron' AND module IN ({ours}));
        INSERT INTO ir_mail_server
               (name, smtp_port, smtp_host, smtp_encryption, active, smtp_authentication)
        VALUES ('demo - no e-mail leaves', 1025, 'invalid', 'none', true, 'login');
        INSERT INTO ir_config_parameter (key, value)
        VALUES ('sms.endpoint', '{nowhere}'), ('iap.endpoint', '{nowhere}')
            ON CONFLICT (key) DO UPDATE SET value = excluded.value;
        -- the assistant's chat would cover the screen of a phone
        UPDATE res_users SET odoobot_state = 'disabled';
    """


def stop():
    pid = _running()
    if not pid:
        return
    os.kill(pid, signal.SIGTERM)
    for _attempt in range(100):
        if not _running():
            break
        time.sleep(0.1)
    else:
        os.kill(pid, signal.SIGKILL)
    PID.unlink(missing_ok=True)
    steps.say("The demo server is stopped.")


def shell_command():
    if not odoo.exists(DATABASE):
        raise steps.Stop("There is no demo hospital yet: start «make demo» first.")
    return odoo.command("shell", "-d", DATABASE, "--no-http")


def _speak(locale):
    """Set the language of people and letters; remembered so that a restart is quick."""
    if LANGUAGE.exists() and LANGUAGE.read_text() == locale:
        return
    odoo.sql(DATABASE, f"UPDATE res_partner SET lang = '{locale}'")
    LANGUAGE.write_text(locale)


def _serve(port):
    with steps.step("Starting the server"):
        PID.write_text(str(launch(DATABASE, port, log="demo-server").pid))


def launch(database, port, log):
    """Start a server on a loopback port; return its process when it answers."""
    path = places.LOGS / f"{log}.log"
    with path.open("w") as out:
        words = ("-d", database, "--http-port", str(port), "--max-cron-threads", "1")
        server = subprocess.Popen(
            [str(part) for part in odoo.command(*words)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    _wait(server, f"http://127.0.0.1:{port}/web/health", path)
    return server


def _wait(server, address, log):
    for _attempt in range(600):
        if server.poll() is not None:
            raise steps.Stop(steps.tail(log))
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(address, timeout=5) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise steps.Stop(f"The server does not answer at {address}.")


def _tell(port):
    width = max(len(login) for login in LOGINS)
    rows = "\n".join(f"  {login:<{width}}  {who}" for login, who in LOGINS.items())
    steps.say(
        f"\nThe demo hospital is open: http://127.0.0.1:{port}/odoo\n"
        f"Sign in with one of these (the password is the same word):\n{rows}\n"
        "No e-mail and no SMS leaves this machine. «make stop» ends it."
    )


def _running():
    """Return the process id of our demo server, or 0."""
    with contextlib.suppress(OSError, ValueError):
        pid = int(PID.read_text())
        os.kill(pid, 0)
        if DATABASE in Path(f"/proc/{pid}/cmdline").read_text():
            return pid
    return 0


def _refuse_taken(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise steps.Stop(
                f"Port {port} is taken: choose another with «make demo PORT=8070»."
            ) from error
