import json
from http import HTTPStatus

import psycopg2
from werkzeug.exceptions import HTTPException, Unauthorized

from odoo import http
from odoo.exceptions import AccessDenied, AccessError, ConcurrencyError, UserError
from odoo.tools.translate import LazyTranslate

from ..tools.outcome import Issue, operation_outcome
from ..tools.outgoing import MIME

_lt = LazyTranslate(__name__)

TRANSIENT = (ConcurrencyError, psycopg2.OperationalError)
# HTTP status → code of FHIR's IssueType
CODES = {
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    413: "too-long",
    415: "not-supported",
    503: "transient",
}


def fhir_response(data, status=200, headers=None):
    """Return a Response with a FHIR resource."""
    return http.Response(
        json.dumps(data, ensure_ascii=False),
        status=status,
        headers=headers,
        content_type=f"{MIME}; charset=utf-8",
    )


def outcome_response(status, text, code=None, headers=None):
    """Return a Response with an OperationOutcome of one issue."""
    issue = Issue(code or CODES.get(status, "processing"), text)
    return fhir_response(operation_outcome([issue]), status, headers)


class FhirDispatcher(http.Dispatcher):
    """Routes with ``type="fhir"``: every answer is a FHIR resource, errors too.

    There is no CSRF token to check: a request carries its API key in a header that no
    web page can make a browser send, and cookies are not looked at.
    """

    routing_type = "fhir"
    mimetypes = (MIME, "application/json")

    @classmethod
    def is_compatible_with(cls, request):
        return True  # a wrong type of content gets its OperationOutcome later

    def pre_dispatch(self, rule, args):
        super().pre_dispatch(rule, args)
        self.request.session.can_save = False
        if rule.endpoint.routing["auth"] == "public":
            return
        if not self.request.httprequest.headers.get("Authorization"):
            # A browser that is signed in may otherwise read by its session.
            raise Unauthorized()
        max_bytes = self.request.env["patient.fhir.exchange"]._get_max_bytes()
        self.request.httprequest.max_content_length = max_bytes

    def dispatch(self, endpoint, args):
        self.request.params = dict(args)
        return self.request.registry["ir.http"]._dispatch(endpoint)

    def handle_error(self, exc):
        """Answer what the controller did not: no text of an exception gets out."""
        if isinstance(exc, HTTPException):
            return self._refuse(exc)
        if isinstance(exc, (AccessDenied, http.SessionExpiredException)):
            return self._refuse(Unauthorized())
        if isinstance(exc, TRANSIENT):
            return outcome_response(
                503, _lt("The server is busy. Try again."), headers={"Retry-After": "5"}
            )
        if isinstance(exc, UserError):
            status = 403 if isinstance(exc, AccessError) else 422
            return outcome_response(status, _lt("The request is refused."))
        return outcome_response(
            500, _lt("The server failed; its log has the cause."), "exception"
        )

    def _refuse(self, exc):
        if exc.response is not None:
            return exc.response
        headers = {"WWW-Authenticate": "Bearer"} if exc.code == 401 else None
        text = (
            _lt("Send the API key of an account: Authorization: Bearer KEY.")
            if exc.code == 401
            else HTTPStatus(exc.code).phrase
        )
        return outcome_response(exc.code, text, headers=headers)
