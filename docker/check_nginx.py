"""Start nginx with our configuration on free loopback ports, and ask it questions.

Behind it stands a fake Odoo; in front of it a browser, an attacker and a patient.
"""

import http.client
import http.server
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent / "nginx/nginx.conf.template"
NAME = "care.example.org"
STRANGER = "evil.example.net"
TOKEN = "Vq3v0nXm2kL9sT8aB7cD6eF5gH4iJ3kL2mN1oP0qR-s"
LIMIT = 64 << 20  # of a body, in bytes
BLOCKED = """
    /web/database /web/database/manager /zh_CN/web/database/selector
    //web//database/list /web/./database/backup /x/../web/database/drop
    /web/%64atabase/create /xmlrpc/2/common /jsonrpc
"""


def check(nginx, openssl):
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), nginx, openssl)
        with site.running():
            names = [name for name in globals() if name.startswith("probe_")]
            for name in names:  # in the order in which they stand below
                globals()[name](site)


class FakeOdoo(http.server.BaseHTTPRequestHandler):
    """Answers with what it was sent."""

    protocol_version = "HTTP/1.1"
    seen = []

    def do_GET(self):
        length = int(self.headers.get("Content-Length", 0))
        while length > 0:
            length -= len(self.rfile.read(min(length, 1 << 20)))
        self.seen.append(self.path)
        sent = {name.lower(): value for name, value in self.headers.items()}
        body = json.dumps({"path": self.path, **sent}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        if "/static/" in self.path:
            self.send_header("Cache-Control", "public, max-age=604800")
        else:
            self.send_header("Set-Cookie", "session_id=abc; HttpOnly; Path=/")
        if self.path == "/web/login":
            self.send_header("X-Frame-Options", "DENY")
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *args):
        pass


class Site:
    def __init__(self, home, nginx, openssl):
        self.home = home
        self.nginx = nginx
        self.plain, self.tls, self.health = (_free_port() for _ in range(3))
        self.upstreams = [
            http.server.ThreadingHTTPServer(("127.0.0.1", 0), FakeOdoo)
            for _ in range(2)
        ]
        subject = f"/CN={NAME}"
        _run(
            *(openssl, "req", "-x509", "-nodes", "-days", "2", "-subj", subject),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-keyout", home / "tls.key", "-out", home / "tls.crt"),
        )
        (home / "nginx.conf").write_text(self._configuration())

    def _configuration(self):
        """Return the template with the places and ports of this test."""
        web, websocket = (upstream.server_port for upstream in self.upstreams)
        tls = f"listen 127.0.0.1:{self.tls}"
        changes = {
            "${SERVER_NAME}": NAME,
            "/run/secrets/": f"{self.home}/",
            " /tmp/": f" {self.home}/",
            "/dev/stdout": f"{self.home}/access.log",
            "/dev/stderr": f"{self.home}/error.log",
            "listen 8080": f"listen 127.0.0.1:{self.plain}",
            "listen 8443": tls,
            "listen 127.0.0.1:8081": f"listen 127.0.0.1:{self.health}",
            "http://odoo:8069": f"http://127.0.0.1:{web}",
            "http://odoo:8072": f"http://127.0.0.1:{websocket}",
        }
        version = re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", _run(self.nginx, "-v"))
        if tuple(map(int, version.groups())) < (1, 25, 1):  # another spelling
            changes |= {"http2 on;": "", "listen 8443 ssl;": f"{tls} ssl http2;"}
        text = TEMPLATE.read_text()
        for old in changes:
            assert old in text, f"nothing to adapt: {old!r}"
        # In one pass, since the new texts may hold old ones; the longest first.
        old = "|".join(map(re.escape, sorted(changes, key=len, reverse=True)))
        return re.sub(old, lambda match: changes[match[0]], text)

    @contextmanager
    def running(self):
        user = {}
        if not os.geteuid():  # in the container nginx is not root either
            user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            for path in (self.home, *self.home.iterdir()):
                shutil.chown(path, "nobody", "nogroup")
        log = self.home / "start.log"
        config = self.home / "nginx.conf"
        command = [self.nginx, "-e", log, "-p", self.home, "-c", config]
        _run(*command, "-t", **user)
        messages = log.read_text() + (self.home / "error.log").read_text()
        assert "[warn]" not in messages, messages
        for upstream in self.upstreams:
            threading.Thread(target=upstream.serve_forever, daemon=True).start()
        command += ["-g", "daemon off;"]
        server = subprocess.Popen(command, stderr=subprocess.DEVNULL, **user)
        try:
            self._wait()
            yield
        finally:
            server.terminate()
            server.wait(10)
            self.stop_odoo()

    def _wait(self):
        for _ in range(50):
            try:
                answer = self.call("GET", "/healthz", port=self.health)
            except OSError:
                time.sleep(0.1)
            else:
                assert answer.status == 204
                return
        raise AssertionError("nginx does not answer")

    def stop_odoo(self):
        for upstream in self.upstreams:
            upstream.shutdown()
            upstream.server_close()

    def call(self, method, path, body=None, headers=(), host=NAME, sni=NAME, port=None):
        """Send one request, with `path` as it is, over TLS unless a port is given."""
        connection = http.client.HTTPConnection(host)
        place = ("127.0.0.1", port or self.tls)
        connection.sock = socket.create_connection(place, timeout=20)
        try:
            if not port:
                context = ssl._create_unverified_context()
                connection.sock = context.wrap_socket(
                    connection.sock, server_hostname=sni
                )
            connection.request(method, path, body, {"Host": host, **dict(headers)})
            answer = connection.getresponse()
            answer.content = answer.read()
            return answer
        finally:
            connection.close()

    def get(self, path, **kwargs):
        return self.call("GET", path, **kwargs)

    def post(self, path, **kwargs):
        return self.call("POST", path, **kwargs)

    def reaches_odoo(self, path, **headers):
        """Return the request as Odoo got it, headers in lower case."""
        answer = self.get(path, headers=headers)
        assert answer.status == 200, answer.status
        return json.loads(answer.content)

    def refused(self, **kwargs):
        try:
            self.get("/", **kwargs)
        except (OSError, http.client.HTTPException):
            return True
        return False

    def limited(self, method, path, times):
        answers = [self.call(method, path).status for _ in range(times)]
        return answers.count(429)

    def logged(self):
        return [json.loads(line) for line in (self.home / "access.log").open()]


def probe_redirect(site):
    answer = site.get("/web/login?a=b", port=site.plain)
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{NAME}/web/login?a=b"


def probe_foreign_names(site):
    assert site.refused(host=STRANGER, port=site.plain), "answered over HTTP"
    assert site.refused(host=STRANGER), "answered over TLS"
    assert site.refused(sni=STRANGER), "gets a TLS handshake"


def probe_forwarded_headers(site):
    lie = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Host": STRANGER}
    sent = site.reaches_odoo("/odoo?x=1", **lie)
    assert sent["path"] == "/odoo?x=1"
    assert sent["host"] == sent["x-forwarded-host"] == NAME
    assert sent["x-forwarded-for"] == sent["x-real-ip"] == "127.0.0.1"
    assert sent["x-forwarded-proto"] == "https"


def probe_websocket(site):
    wish = {"Upgrade": "websocket", "Connection": "Upgrade"}
    sent = site.reaches_odoo("/websocket?version=1", **wish)
    assert (sent["upgrade"], sent["connection"]) == ("websocket", "upgrade")
    sent = site.reaches_odoo("/odoo", **wish)
    assert "upgrade" not in sent
    assert sent["connection"] == "close"


def probe_cookie(site):
    cookie = site.get("/odoo").headers["Set-Cookie"].lower()
    for flag in ("secure", "httponly", "samesite=lax"):
        assert flag in cookie, cookie


def probe_blocked(site):
    FakeOdoo.seen.clear()
    for path in BLOCKED.split():
        answer = site.post(path)
        assert answer.status == 404, (path, answer.status)
    assert not FakeOdoo.seen, FakeOdoo.seen


def probe_headers(site):
    for path in ("/odoo", "/websocket", "/web/static/a.css", "/web/database/manager"):
        headers = site.get(path).headers
        transport = re.fullmatch(r"max-age=(\d+)", headers["Strict-Transport-Security"])
        assert int(transport[1]) >= 365 * 24 * 3600, path
        assert headers.get_all("X-Content-Type-Options") == ["nosniff"], path
        assert headers.get_all("X-Frame-Options") == ["SAMEORIGIN"], path
        assert headers["Content-Security-Policy"] == "frame-ancestors 'self'", path
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin", path
        assert headers["Server"] == "nginx", path
    login = site.get("/web/login").headers
    assert login.get_all("X-Frame-Options") == ["DENY"], "Odoo's own rule is lost"


def probe_body_limit(site):
    for path in ("/fhir/R4", "/web/binary/upload_attachment"):
        assert site.post(path, body=bytes(LIMIT)).status == 200, path
        too_long = {"Content-Length": str(LIMIT + 1)}
        assert site.post(path, headers=too_long).status == 413, path


def probe_cache_and_compression(site):
    FakeOdoo.seen.clear()
    for _ in range(3):
        assert site.get("/web/static/b.css").status == 200
    assert len(FakeOdoo.seen) == 1, "static files are not cached"
    wish = {"Accept-Encoding": "gzip", "X-Long": "x" * 2000}
    assert site.get("/odoo", headers=wish).headers["Content-Encoding"] == "gzip"


def probe_login_limit(site):
    assert not site.limited("GET", "/web/login", 60), "reading the page is limited"
    assert 8 <= site.limited("POST", "/zh_CN/web/login", 30) <= 10
    for path in ("/web/login", "/web/reset_password", "/web/session/authenticate"):
        answer = site.post(path)
        assert answer.status == 429, f"{path} has a budget of its own"
        assert answer.headers["Strict-Transport-Security"]


def probe_other_limits(site):
    assert site.limited("GET", "/s/1234", 20) >= 8
    assert not site.limited("GET", "/survey/static/a.png", 100), "files are limited"
    assert not site.limited("GET", "/odoo", 100), "the staff's own pages are limited"
    # These refill while they are asked: so many requests that some are too fast.
    assert 0 < site.limited("GET", f"/survey/start/x/{TOKEN}", 300) < 240
    assert 0 < site.limited("GET", "/fhir/R4/Patient", 400) < 300


def probe_logs(site):
    site.stop_odoo()  # for the lines of failed requests too
    link = f"/patient/answer/{TOKEN}/next?token={TOKEN}"
    referrer = {"Referer": f"https://{NAME}{link}"}
    assert site.get(f"/odoo/mail?access_token={TOKEN}").status == 502
    assert site.get(link, headers=referrer).status in (502, 429)
    time.sleep(0.2)
    lines = site.logged()
    assert lines[-2]["path"] == "/odoo/mail", lines[-2]
    assert lines[-1]["path"] == "/patient/answer/***", lines[-1]
    assert lines[-1]["client"] == "127.0.0.1", lines[-1]
    answers = [line for line in lines if line["path"].startswith("/survey")]
    assert {line["client"] for line in answers} == {"-"}
    for log in site.home.glob("*.log"):
        assert TOKEN not in log.read_text(), f"a token in {log.name}"


def _free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def _run(*command, **kwargs):
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, **kwargs
    )
    assert not done.returncode, f"{command[0]}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr
