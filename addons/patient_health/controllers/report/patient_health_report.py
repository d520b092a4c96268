import time

from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.patient_relations.controllers.complaint.page import (
    HEADERS,
    choose_lang,
)

from ...models.report.patient_health_report_link import LINK_PATH, PROOF_MINUTES

COOKIE = "patient_report"
MAX_BODY = 10_000
# An attempt takes no less: how long the answer takes does not tell what was wrong.
LEAST_SECONDS = 0.3


class PatientHealthReportController(http.Controller):
    """The private page of a health report, for who has the link and the birth date.

    Plain HTML made here: no script, no other file, no login. A link that never was, has
    ended or is closed, and a wrong birth date, have one and the same answer.
    """

    # The page acts in nobody's name, so a request from elsewhere gains nothing; and who
    # comes with a code has no session yet.
    @http.route(
        f"{LINK_PATH}<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        csrf=False,
        sitemap=False,
        max_content_length=MAX_BODY,
    )
    def report(self, token, **params):
        if request.httprequest.method == "POST":
            return self._open(token, params.get("birth_date"))
        report_sudo = self._get_report_sudo(token)
        if not report_sudo:
            return self._render_form()
        return self._render_report(report_sudo, token, params.get("page"))

    @http.route(
        f"{LINK_PATH}<string:token>/pdf",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def report_pdf(self, token):
        """Give the PDF as it was issued, to who has shown the birth date."""
        report_sudo = self._get_report_sudo(token)
        if not report_sudo.attachment_id:
            return self._redirect(token)
        report_sudo._count_opening("downloaded")
        disposition = content_disposition(report_sudo._get_filename())
        return request.make_response(
            report_sudo.attachment_id.raw,
            headers={
                **HEADERS,
                "Content-Type": "application/pdf",
                "Content-Disposition": disposition,
            },
        )

    @http.route(
        f"{LINK_PATH}<string:token>/close",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        sitemap=False,
        max_content_length=MAX_BODY,
    )
    def report_close(self, token):
        response = self._redirect(token)
        response.delete_cookie(COOKIE, path=LINK_PATH)
        return response

    # BUSINESS

    def _open(self, token, typed):
        """Take a birth date; answer in the same time and words whatever was wrong."""
        began = time.monotonic()
        if not self._is_allowed():
            message = self._get_texts()._(
                "Too many attempts in a short time. Wait a minute and try again."
            )
            return self._render_form(message, status=429)
        # sudo: patient.health.report: who holds the link has no account
        reports_sudo = request.env["patient.health.report"].sudo()
        typed = typed if isinstance(typed, str) else ""
        report_id = reports_sudo._try_link(token, typed)
        time.sleep(max(0.0, LEAST_SECONDS - (time.monotonic() - began)))
        if not report_id:
            return self._render_form(self._get_refusal(), status=403)
        return self._let_in(reports_sudo.browse(report_id), token)

    def _let_in(self, report_sudo, token):
        """Give the proof that opens the page for some time, to this browser alone."""
        response = self._redirect(token)
        response.set_cookie(
            COOKIE,
            report_sudo._sign_proof(),
            max_age=PROOF_MINUTES * 60,
            path=LINK_PATH,
            httponly=True,
            secure=request.httprequest.scheme == "https",
            samesite="Lax",
        )
        return response

    def _get_report_sudo(self, token):
        """Return the report that the proof of this browser opens, or an empty one."""
        return request.env["patient.health.report"]._find_by_proof(
            token, request.httprequest.cookies.get(COOKIE)
        )

    def _is_allowed(self):
        # sudo: patient.voice.attempt: counts attempts without knowing whose they are
        attempts_sudo = request.env["patient.voice.attempt"].sudo()
        return attempts_sudo._is_allowed("report", request.httprequest.remote_addr)

    def _get_refusal(self):
        return self._get_texts()._(
            "This does not open the report. See whether the birth date is right. After "
            "five wrong ones the link stays closed for an hour. If it does not work then "
            "either, it has expired or ended: ask the department for a new one."
        )

    # PAGES

    def _render_form(self, message="", status=200):
        return self._render(
            "patient_health_report_form",
            {"message": message},
            self._get_lang(),
            status=status,
        )

    def _render_report(self, report_sudo, token, wanted):
        report_sudo = report_sudo.with_context(lang=report_sudo.lang)
        pages = report_sudo._get_pages()
        number = int(wanted) if (wanted or "").isdecimal() and len(wanted) < 4 else 1
        number = min(max(number, 1), len(pages))
        path = f"{LINK_PATH}{token}"
        values = {
            "hospital": report_sudo.content["hospital"],
            "content": report_sudo.content,
            "sections": pages[number - 1],
            "page": number,
            "count": len(pages),
            "pdf_path": report_sudo.attachment_id and f"{path}/pdf",
            "close_path": f"{path}/close",
        }
        return self._render("patient_health_report_page", values, report_sudo.lang)

    def _render(self, template, values, lang, status=200):
        env = self._get_texts(lang)
        values = {
            "hospital": env._("Health report"),
            "number": "",
            "is_health_report": True,
            **values,
            "html_lang": lang.replace("_", "-"),
        }
        html = env["ir.qweb"]._render(f"patient_health.{template}", values)
        return request.make_response(
            f"<!DOCTYPE html>\n{html}",
            headers={**HEADERS, "Content-Type": "text/html; charset=utf-8"},
            status=status,
        )

    def _redirect(self, token):
        response = request.redirect(f"{LINK_PATH}{token}", code=303)
        response.headers.update(HEADERS)
        return response

    # TOOLS

    def _get_lang(self):
        return choose_lang(request.env.company)

    def _get_texts(self, lang=None):
        """Return the environment whose texts are in the language of the page."""
        lang = lang or self._get_lang()
        return request.env(context={**request.env.context, "lang": lang})
