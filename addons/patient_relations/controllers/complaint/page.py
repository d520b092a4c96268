"""What the pages for people without an account have in common."""

from odoo.http import request

# The languages of the pages, by the first part of what a browser asks for.
PAGE_LANGS = {"zh": "zh_CN", "en": "en_US"}

# Nothing is kept, indexed, framed or told to other sites, and no script runs.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


def choose_lang(company):
    """Return the first language that the browser asks for and the pages know.

    A browser that asks for none of them gets the language of the hospital.
    """
    # sudo: res.lang, res.company: the languages of the hospital are no secret
    langs_sudo = request.env["res.lang"].sudo()
    installed = {code for code, _name in langs_sudo.get_installed()}
    for tag, _quality in request.httprequest.accept_languages:
        lang = PAGE_LANGS.get(tag.replace("_", "-").partition("-")[0].lower())
        if lang in installed:
            return lang
    lang = company.sudo().partner_id.lang
    return lang if lang in installed else "en_US"
