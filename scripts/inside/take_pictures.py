"""Drive Chromium through its DevTools and save a picture of each main screen."""

import base64
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

from scripts import places

TARGET = places.ROOT / "docs" / "screenshots"
WIDE, PHONE = (1366, 800), (360, 740)
# name, login, address below /odoo with records that the caller tells, size, what must
# be on the page, and what is clicked then
SHOTS = [
    ("patients", "officer", "patients", WIDE, ".o_data_row"),
    ("patient", "officer", "patients/{patient}", WIDE, ".o_form_view"),
    ("visits-calendar", "officer", "visits?view_type=calendar", WIDE, ".fc-event"),
    ("complaints", "officer", "complaints", WIDE, ".o_data_row"),
    ("complaint", "officer", "complaints/{complaint}", WIDE, ".o_form_view"),
    ("intake", "officer", "complaint-intake", WIDE, ".o_form_view"),
    ("complaints-phone", "officer", "complaints", PHONE, ".o_kanban_record"),
    ("intake-phone", "officer", "complaint-intake", PHONE, ".o_form_view"),
    ("deadlines", "officer", "deadlines", WIDE, ".o_data_row"),
    ("reply", "officer", "complaint-replies/{reply}", WIDE, ".o_form_view"),
    ("deadlines-kept", "manager", "deadlines-kept", WIDE, ".o_pivot table"),
    ("handling-pivot", "manager", "complaint-handling", WIDE, ".o_pivot table"),
    ("problems-pivot", "manager", "complaint-problems", WIDE, ".o_pivot table"),
    (
        *("trends", "health", "patients/{watched}", WIDE, ".o_form_view"),
        ".o_notebook a[name=trends]",
    ),
    ("duties", "health", "health-duties", WIDE, ".o_data_row"),
    ("assessment", "health", "health-assessments/{assessment}", WIDE, ".o_form_view"),
    ("values", "health", "health-entry", WIDE, ".o_ph_grid"),
    ("health-report", "health", "health-reports/{report}", WIDE, ".o_form_view"),
    (
        *("trends-phone", "health", "patients/{watched}", PHONE, ".o_form_view"),
        ".o_notebook a[name=trends]",
    ),
]
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--remote-allow-origins=*",
    "--remote-debugging-port=0",
)


class Browser:
    """A headless Chromium with one page."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        program = os.environ.get("CHROMIUM", "chromium")
        self.process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self.home.name}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.numbers = itertools.count(1)
        self.socket = websocket.create_connection(self._page(), timeout=60)
        # The client shows times in the zone of the browser: that of the hospital.
        self.call("Emulation.setTimezoneOverride", timezoneId="Asia/Shanghai")

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait()
        self.home.cleanup()

    def call(self, method, **params):
        """Send a DevTools command and return its result."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == number:
                return answer.get("result", {})

    def run(self, script):
        found = self.call(
            "Runtime.evaluate",
            expression=script,
            returnByValue=True,
            awaitPromise=True,
        )
        return found.get("result", {}).get("value")

    def resize(self, width, height):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if width < 500 else 1,
            mobile=width < 500,
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=width < 500)

    def open(self, address, selector=None, seconds=30):
        self.call("Page.navigate", url=address)
        self.wait(selector or "body", seconds)

    def wait(self, selector, seconds=30):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            script = f"!!document.querySelector({json.dumps(selector)})"
            if self.run(script):
                time.sleep(1.2)  # animations and pictures
                return
            time.sleep(0.2)
        raise SystemExit(f"{selector} does not appear on {self.run('location.href')}")

    def click(self, selector):
        """Click what must be there, and bring it to the top."""
        self.wait(selector)
        found = f"document.querySelector({json.dumps(selector)})"
        self.run(f"{found}.click(); {found}.scrollIntoView()")
        time.sleep(2)  # what the click asks of the server

    def picture(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))

    def _page(self):
        port = Path(self.home.name) / "DevToolsActivePort"
        for _attempt in range(100):
            if port.exists() and port.read_text().strip():
                break
            time.sleep(0.1)
        number = port.read_text().split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{number}/json") as pages:
            return next(
                page["webSocketDebuggerUrl"]
                for page in json.load(pages)
                if page["type"] == "page"
            )


def sign_in(browser, base, login):
    browser.call("Network.clearBrowserCookies")
    browser.resize(*WIDE)
    browser.open(f"{base}/web/login", "input[name=login]")
    browser.run(
        f"document.querySelector('input[name=login]').value = '{login}';"
        f"document.querySelector('input[name=password]').value = '{login}';"
        "document.querySelector('form.oe_login_form').submit()"
    )
    browser.wait(".o_main_navbar, .o_home_menu, .o_action_manager", 60)


def shoot(base, shots, target, **records):
    target.mkdir(parents=True, exist_ok=True)
    browser = Browser()
    try:
        for login, group in itertools.groupby(shots, key=lambda shot: shot[1]):
            sign_in(browser, base, login)
            for name, _login, address, size, selector, *clicks in group:
                browser.resize(*size)
                browser.open(f"{base}/odoo/{address.format(**records)}", selector)
                for click in clicks:
                    browser.click(click)
                browser.picture(target / f"{name}.png")
    finally:
        browser.close()


if __name__ == "__main__":
    port, *told = sys.argv[1:]
    records = dict(one.split("=") for one in told)
    shoot(f"http://127.0.0.1:{port}", SHOTS, TARGET, **records)
