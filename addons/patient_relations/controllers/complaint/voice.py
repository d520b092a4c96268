import secrets
import time

from markupsafe import escape

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ...models.complaint.patient_complaint_thread_message import MAX_LENGTH
from ...tools import uploads
from .page import HEADERS

ROOT = "/patient/voice"
# How long the code opens the conversation without being typed again, in seconds.
OPEN_SECONDS = 30 * 60
MAX_BODY = uploads.MAX_FILES * uploads.MAX_BYTES + uploads.MIB
MAX_DEPARTMENTS = 300
# A page stays below 50 KB: what its messages may weigh at most.
MAX_MESSAGES_BYTES = 24_000
# The languages that the pages are written in.
LANGUAGES = ("zh_CN", "en_US")
MARK = "patient_voice"
ONCE = "patient_voice_once"
# A person does not see this field; a robot fills it.
HONEYPOT = "website"


class PatientVoice(http.Controller):
    """The pages of people without a name: leave a complaint, come back with a code.

    Plain pages that work without scripts. Neither the address nor the account of whoever
    comes is written down; the code is never part of an address.
    """

    # Enter the code

    @http.route(ROOT, type="http", auth="public", methods=["GET"], sitemap=False)
    def voice(self, **params):
        return self._render("patient_voice_code", params)

    @http.route(
        ROOT, type="http", auth="public", methods=["POST"], max_content_length=MAX_BODY
    )
    def voice_enter(self, **params):
        """Open the conversation; wrong, revoked and unknown codes get one answer."""
        env_sudo = self._get_env(params)
        if not self._is_allowed(env_sudo, "code"):
            return self._render_busy("patient_voice_code", params)
        receipt_sudo = env_sudo["patient.complaint.receipt"]._find(params.get("code"))
        if params.get(HONEYPOT) or not receipt_sudo:
            error = request.env._(
                "This code opens nothing. See whether all its signs are right: it has five "
                "groups of four."
            )
            return self._render("patient_voice_code", params, error=error)
        request.session[MARK] = {
            "receipt": receipt_sudo.id,
            "until": time.time() + OPEN_SECONDS,
        }
        return self._redirect("/thread", params)

    @http.route(
        f"{ROOT}/leave", type="http", auth="public", methods=["POST"], sitemap=False
    )
    def voice_leave(self, **params):
        request.session.pop(MARK, None)
        return self._redirect("", params)

    # Read and write

    @http.route(
        f"{ROOT}/thread", type="http", auth="public", methods=["GET"], sitemap=False
    )
    def thread(self, **params):
        complaint_sudo = self._get_complaint(params)
        if not complaint_sudo:
            return self._redirect("", params)
        return self._render_thread(complaint_sudo, params)

    @http.route(
        f"{ROOT}/thread",
        type="http",
        auth="public",
        methods=["POST"],
        max_content_length=MAX_BODY,
    )
    def thread_write(self, **params):
        complaint_sudo = self._get_complaint(params)
        if not complaint_sudo:
            return self._redirect("", params)
        if not self._is_allowed(complaint_sudo.env, "write"):
            return self._render_thread(
                complaint_sudo, params, error=self._get_busy_text(), status=429
            )
        error = self._get_form_error(params) or self._try(
            complaint_sudo.env,
            lambda: complaint_sudo._receive_voice(
                self._get_text(params, "body"), self._get_files()
            ),
        )
        if error:
            return self._render_thread(complaint_sudo, params, error=error)
        self._end_once()
        return self._redirect("/thread", params)

    # Leave a complaint

    @http.route(
        f"{ROOT}/new", type="http", auth="public", methods=["GET"], sitemap=False
    )
    def new(self, **params):
        return self._render_new(params)

    @http.route(
        f"{ROOT}/new",
        type="http",
        auth="public",
        methods=["POST"],
        max_content_length=MAX_BODY,
    )
    def new_register(self, **params):
        """Register an anonymous complaint and show its number and code, once."""
        env_sudo = self._get_env(params)
        if not self._is_allowed(env_sudo, "new"):
            return self._render_new(params, error=self._get_busy_text(), status=429)
        hospital_sudo = self._get_hospital(env_sudo, params)
        if not hospital_sudo:
            return self._render_new(params)
        registered = []
        error = self._get_form_error(params) or self._try(
            env_sudo, lambda: registered.extend(self._register(hospital_sudo, params))
        )
        if error:
            return self._render_new(params, error=error)
        complaint_sudo, code = registered
        self._end_once()
        values = {"complaint": complaint_sudo, "code": code}
        return self._render("patient_voice_done", params, **values)

    # BUSINESS

    def _register(self, hospital_sudo, params):
        department_sudo = self._get_departments(hospital_sudo).filtered(
            lambda department: str(department.id) == params.get("department")
        )
        complaints_sudo = hospital_sudo.env["patient.complaint"]
        return complaints_sudo._register_voice(
            hospital_sudo,
            department_sudo,
            self._get_text(params, "narrative"),
            self._get_text(params, "expectation"),
            self._get_files(),
        )

    def _get_complaint(self, params):
        """Return the complaint (sudo) that the code opened, while the code is valid."""
        mark = request.session.get(MARK) or {}
        env_sudo = self._get_env(params)
        receipts_sudo = env_sudo["patient.complaint.receipt"]
        if mark.get("until", 0) < time.time():
            return env_sudo["patient.complaint"]
        receipt_sudo = receipts_sudo.search(
            [("id", "=", mark.get("receipt")), ("revoked_at", "=", False)]
        )
        complaint_sudo = receipt_sudo.complaint_id
        return complaint_sudo.with_company(complaint_sudo.company_id)

    def _get_env(self, params):
        """Return the environment in which nothing is known of who comes.

        Somebody who is logged in would else be written down as the author.
        """
        self._choose_language(params)
        # sudo: base.public_user stands for whoever comes; no page shows more than the
        # complaint of the code
        public_sudo = request.env.ref("base.public_user").sudo()
        return request.env(user=public_sudo.id, su=True)

    def _get_hospital(self, env_sudo, params):
        """Return the hospital of the link, or the only one, or nothing."""
        hospitals_sudo = self._get_hospitals(env_sudo)
        if len(hospitals_sudo) > 1:
            hospitals_sudo = hospitals_sudo.filtered(
                lambda hospital: str(hospital.id) == params.get("hospital")
            )
        return hospitals_sudo.with_company(hospitals_sudo)

    def _get_hospitals(self, env_sudo):
        return env_sudo["res.company"].search([("active", "=", True)])

    def _get_departments(self, hospital_sudo):
        return hospital_sudo.env["hr.department"].search(
            [("company_id", "in", [False, hospital_sudo.id])], limit=MAX_DEPARTMENTS
        )

    def _is_allowed(self, env_sudo, purpose):
        address = request.httprequest.remote_addr
        return env_sudo["patient.voice.attempt"]._is_allowed(purpose, address)

    def _try(self, env_sudo, action):
        """Do it wholly or not at all; return the sentence of a refusal.

        All is flushed in the environment that names nobody: flushed later, computed
        fields would be written in the name of somebody who is logged in.
        """
        try:
            with env_sudo.cr.savepoint():
                action()
                env_sudo.flush_all()
        except UserError as error:
            return str(error)
        return None

    def _get_form_error(self, params):
        """Return why a form is not taken at all, or nothing."""
        if params.get(HONEYPOT):
            return request.env._(
                "Nothing was sent: the field that must stay empty was filled in."
            )
        once = request.session.get(ONCE)
        if not once or params.get("once") != once:
            return request.env._(
                "Nothing was sent: this page is old, or was sent already. Send it again if "
                "your words are missing."
            )
        return None

    def _end_once(self):
        request.session.pop(ONCE, None)

    def _get_text(self, params, name):
        value = params.get(name)
        return value if isinstance(value, str) else ""

    def _get_files(self):
        """Return the contents of the uploaded files; refuse too many."""
        files = [
            file
            for file in request.httprequest.files.getlist("files")
            if file and file.filename
        ]
        if len(files) > uploads.MAX_FILES:
            raise UserError(
                request.env._(
                    "Send %(limit)s files at most at a time.", limit=uploads.MAX_FILES
                )
            )
        return [file.read(uploads.MAX_BYTES + 1) for file in files]

    # PAGES

    def _render_new(self, params, error=None, status=200):
        env_sudo = self._get_env(params)
        hospital_sudo = self._get_hospital(env_sudo, params)
        values = {
            "hospital": hospital_sudo,
            "hospitals": self._get_hospitals(env_sudo),
            "departments": hospital_sudo and self._get_departments(hospital_sudo),
        }
        return self._render(
            "patient_voice_new", params, error=error, status=status, **values
        )

    def _render_thread(self, complaint_sudo, params, error=None, status=200):
        messages_sudo, before = self._get_page_of_messages(complaint_sudo, params)
        values = {
            "complaint": complaint_sudo,
            "messages": messages_sudo,
            "before": before,
        }
        return self._render(
            "patient_voice_thread", params, error=error, status=status, **values
        )

    def _get_page_of_messages(self, complaint_sudo, params):
        """Return the last messages that fit the page, and from where earlier ones begin."""
        before = params.get("before") or ""
        domain = [("complaint_id", "=", complaint_sudo.id)]
        if before.isdigit() and len(before) < 10:
            domain.append(("id", "<", int(before)))
        found_sudo = complaint_sudo.env["patient.complaint.thread.message"].search(
            domain, order="id desc", limit=50
        )
        weight, fitting = 0, []
        for message in found_sudo:
            weight += len(str(escape(message.body)).encode())
            if fitting and weight > MAX_MESSAGES_BYTES:
                break
            fitting.append(message.id)
        page_sudo = found_sudo.browse(reversed(fitting))
        return page_sudo, len(found_sudo) > len(fitting) and page_sudo[:1].id

    def _render_busy(self, template, params):
        error = self._get_busy_text()
        return self._render(template, params, error=error, status=429)

    def _get_busy_text(self):
        return request.env._(
            "Too many attempts in a short time. Wait a minute and try again."
        )

    def _render(self, template, params, error=None, status=200, **values):
        self._choose_language(params)
        once = request.session.get(ONCE)
        if not once:
            once = request.session[ONCE] = secrets.token_urlsafe(16)
        texts = {
            name: self._get_text(params, name)[:MAX_LENGTH].replace("\x00", "")
            for name in ("body", "narrative", "expectation", "department")
        }
        values.update(
            error=error,
            honeypot=HONEYPOT,
            hospital=values.get("hospital"),
            language=request.env.lang or "en_US",
            languages=self._get_languages(),
            limit=MAX_LENGTH,
            max_files=uploads.MAX_FILES,
            max_mib=uploads.MAX_BYTES // uploads.MIB,
            once=once,
            page_path=request.httprequest.path,
            texts=texts if error else dict.fromkeys(texts, ""),
        )
        response = request.render(f"patient_relations.{template}", values)
        response.status_code = status
        response.headers.update(HEADERS)
        return response

    def _redirect(self, path, params):
        language = params.get("lang")
        query = f"?lang={language}" if language in LANGUAGES else ""
        response = request.redirect(f"{ROOT}{path}{query}", code=303)
        response.headers.update(HEADERS)
        return response

    def _get_languages(self):
        """Return (code, own name) of the languages that are installed and written."""
        names = {"zh_CN": "中文", "en_US": "English"}
        installed = {code for code, _name in request.env["res.lang"].get_installed()}
        return [(code, names[code]) for code in LANGUAGES if code in installed]

    def _choose_language(self, params):
        """Use the language that was asked for, and else the browser's."""
        installed = [code for code, _name in self._get_languages()]
        wanted = params.get("lang")
        if wanted in installed:
            request.update_context(lang=wanted)
