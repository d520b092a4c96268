from odoo import SUPERUSER_ID, http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools.misc import format_datetime

from ...models.complaint.patient_complaint_inquiry import WAITING_STATES
from ...tools.uploads import MAX_BYTES, MAX_FILES, MIB
from .page import HEADERS, choose_lang

MAX_ANSWER = 20_000  # characters
# One file too many or too large still reaches the page, which says so.
MAX_BODY = (MAX_FILES + 2) * MAX_BYTES


class PatientInquiryController(http.Controller):
    """The page on which a person without an account answers a question.

    Plain HTML made here: no script, no other file, no login. All that is not the right
    link of a living question gives one and the same page.
    """

    # CSRF is checked below: Odoo's own refusal would throw a long statement away.
    @http.route(
        "/patient/inquiry/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        csrf=False,
        sitemap=False,
        max_content_length=MAX_BODY,
    )
    def patient_inquiry(self, token, **post):
        inquiry_sudo = self._get_inquiry_sudo(token)
        if not inquiry_sudo:
            return self._render_page("patient_inquiry_unknown", {}, status=404)
        if inquiry_sudo.state not in WAITING_STATES:
            return self._render_page(
                "patient_inquiry_done", self._prepare_page(inquiry_sudo)
            )
        if request.httprequest.method != "POST":
            return self._render_form(inquiry_sudo)
        return self._submit(inquiry_sudo, token, post)

    # BUSINESS

    def _submit(self, inquiry_sudo, token, post):
        """Take the answer, or show the form again with what is wrong and what was said."""
        answer = self._clean_text(post.get("answer"))
        if not request.validate_csrf(post.get("csrf_token")):
            message = inquiry_sudo.env._(
                "The page had been open too long. Your text is still here: please press "
                "“Send” once more."
            )
            return self._render_form(inquiry_sudo, answer, message, status=400)
        if len(answer) > MAX_ANSWER:
            message = inquiry_sudo.env._(
                "The answer is longer than %(number)s characters. Go back in your browser, "
                "where your text still is, and shorten it or add it as a file.",
                number=MAX_ANSWER,
            )
            return self._render_form(inquiry_sudo, "", message, status=400)
        try:
            with request.env.cr.savepoint():
                inquiry_sudo._record_answer(
                    answer,
                    self._read_files(),
                    answer_way="link",
                    answered_by_id=False,
                    answered_by_name=inquiry_sudo._get_asked_name(),
                )
        except UserError as error:
            return self._render_form(inquiry_sudo, answer, str(error), status=400)
        response = request.redirect(f"/patient/inquiry/{token}", code=303)
        response.headers.update(HEADERS)
        return response

    def _get_inquiry_sudo(self, token):
        """Return the question of a link in the language of the page, or an empty one."""
        # sudo: patient.complaint.inquiry: the link is the right to see this one
        inquiries_sudo = request.env["patient.complaint.inquiry"].with_user(
            SUPERUSER_ID
        )
        inquiry_sudo = inquiries_sudo._find_by_link(token)
        return inquiry_sudo.with_context(lang=choose_lang(inquiry_sudo.company_id))

    # TOOLS

    def _render_form(self, inquiry_sudo, answer="", message="", status=200):
        return self._render_page(
            "patient_inquiry_form",
            {
                **self._prepare_page(inquiry_sudo),
                "answer": answer,
                "message": message,
                "csrf_token": request.csrf_token(),
                "max_answer": MAX_ANSWER,
                "max_files": MAX_FILES,
                "max_size": MAX_BYTES // MIB,
            },
            status=status,
        )

    def _prepare_page(self, inquiry_sudo):
        """Return what the page shows: hospital, number, question, day; no other name."""
        company_sudo = inquiry_sudo.company_id
        return {
            "hospital": company_sudo.name,
            "number": inquiry_sudo.number,
            "question": inquiry_sudo.question,
            "return_reason": inquiry_sudo.state == "sent_back"
            and inquiry_sudo.return_reason,
            "due_at": format_datetime(
                inquiry_sudo.env,
                inquiry_sudo.due_at,
                tz=str(company_sudo._get_patient_tz()),
                dt_format="short",
            ),
            "lang": inquiry_sudo.env.lang,
        }

    def _render_page(self, template, values, status=200):
        lang = values.get("lang") or choose_lang(request.env.company)
        html = (
            request.env["ir.qweb"]
            .with_context(lang=lang)
            ._render(
                f"patient_relations.{template}",
                {**values, "html_lang": lang.replace("_", "-")},
            )
        )
        return request.make_response(
            f"<!DOCTYPE html>\n{html}",
            headers={**HEADERS, "Content-Type": "text/html; charset=utf-8"},
            status=status,
        )

    def _read_files(self):
        """Return the files that were chosen, as (name, bytes)."""
        files = [
            file for file in request.httprequest.files.getlist("files") if file.filename
        ]
        for file in files:
            file.seek(0)  # a request that is tried again has read it already
        return [(file.filename, file.read()) for file in files]

    def _clean_text(self, text):
        """Return a text as the database can keep it: no null bytes, lines as lines."""
        if not isinstance(text, str):  # absent, or a file sent under this name
            return ""
        text = text.replace("\x00", "").replace("\r\n", "\n")
        return text.encode("utf-8", "ignore").decode()
