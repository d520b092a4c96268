import functools
import logging
import traceback
from urllib.parse import urlencode

from werkzeug.exceptions import HTTPException, abort
from werkzeug.http import http_date, parse_accept_header, parse_etags

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools.translate import LazyTranslate

from ..models.patient_fhir_exchange import ROOT
from ..tools import bundle as bundles, capability, searching
from ..tools.intake import ID
from ..tools.outcome import Issue, Problem
from ..tools.outgoing import MIME, version
from .dispatcher import CODES, TRANSIENT, fhir_response

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)

GROUP = "patient_fhir.patient_fhir_group_integration"
JSON_TYPES = (MIME, "application/json", "text/json")
FORM = "application/x-www-form-urlencoded"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
STATUSES = {"created": "201 Created", "updated": "200 OK", "unchanged": "200 OK"}


def refuse(status, text, code=None, path=""):
    raise Problem.of(status, code or CODES.get(status, "processing"), text, path)


def answered(method):
    """Turn every failure into an OperationOutcome and roll back what was done.

    What another try may cure goes on to Odoo's own retry.
    """

    @functools.wraps(method)
    def wrapper(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except TRANSIENT:
            raise
        except HTTPException:
            raise
        except Problem as problem:
            failure = problem
        except UserError as error:
            status = getattr(error, "http_status", 422)
            failure = Problem(
                status, [Issue(CODES.get(status, "processing"), str(error))]
            )
        except Exception as error:  # noqa: BLE001  nothing of it may reach the client
            _log_without_values(error)
            text = _lt("The server failed; its log has the cause.")
            failure = Problem(500, [Issue("exception", text, severity="fatal")])
        exchange = request.env["patient.fhir.exchange"]
        headers = {"Allow": ", ".join(METHODS[:3])} if failure.status == 405 else None
        return abort(
            fhir_response(exchange._outcome(failure.issues), failure.status, headers)
        )

    return wrapper


def _log_without_values(error):
    """Log where it happened: the text of the exception may name a patient."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    _logger.error("FHIR request failed with %s\n%s", type(error).__name__, frames)


class FhirController(http.Controller):
    """FHIR R4: Bundles in; read and search out; no session, no cookie."""

    @http.route(
        f"{ROOT}/metadata",
        type="fhir",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    @answered
    def metadata(self):
        self._check_accept()
        return fhir_response(capability.statement(self._get_server().base))

    def _is_readonly(self, rule, args):
        return request.httprequest.method in ("GET", "HEAD")

    @http.route(
        [ROOT, f"{ROOT}/<path:address>"],
        type="fhir",
        auth="bearer",
        methods=METHODS,
        readonly=_is_readonly,
    )
    @answered
    def interact(self, address=""):
        """Send a request to the interaction that its method and address name."""
        self._enter()
        self._check_accept()
        kind, *rest = address.strip("/").split("/")
        resource = request.env["patient.fhir.exchange"]._get_resource(kind)
        method = request.httprequest.method
        if not kind:
            return self._take() if method == "POST" else self._refuse_method()
        if resource is None:
            refuse(404, _lt("This type is not kept here."), "not-supported")
        if rest == ["_search"]:
            return self._search(resource) if method == "POST" else self._refuse_method()
        if method not in ("GET", "HEAD"):
            return self._refuse_method()
        if not rest:
            return self._search(resource)
        if len(rest) > 1 or not ID.fullmatch(rest[0]):
            refuse(404, _lt("There is nothing at this address."))
        return self._read(resource, rest[0])

    # GATES

    def _enter(self):
        """Let in accounts for exchange only, and only into their own hospital."""
        if not request.env.user.has_group(GROUP):
            refuse(403, _lt("This account is not one for the exchange of data."))
        request.update_context(allowed_company_ids=request.env.user.company_id.ids)

    def _check_accept(self):
        form = request.httprequest.args.get("_format", "").replace(" ", "+")
        if form:
            fits = form == "json" or form in JSON_TYPES
        else:
            accept = parse_accept_header(request.httprequest.headers.get("Accept"))
            wanted = [kind.partition(";")[0] for kind, quality in accept if quality]
            fits = not wanted or any(
                kind in (*JSON_TYPES, "*/*", "application/*") for kind in wanted
            )
        if not fits:
            refuse(406, _lt("This server speaks application/fhir+json only."))

    def _check_content(self, *allowed):
        if request.httprequest.mimetype not in allowed:
            refuse(
                415,
                _lt("Send the content as one of: %(types)s", types=", ".join(allowed)),
            )
        if (
            request.httprequest.headers.get("Content-Encoding", "identity")
            != "identity"
        ):
            refuse(415, _lt("Send the content without compression."))

    def _refuse_method(self):
        refuse(
            405,
            _lt(
                "This server does not do that here; see %(url)s.",
                url=f"{ROOT}/metadata",
            ),
        )

    def _get_server(self):
        base = request.httprequest.url_root.rstrip("/") + ROOT
        return request.env["patient.fhir.exchange"]._get_server(base)

    # BUNDLES

    def _take(self):
        exchange = request.env["patient.fhir.exchange"]
        self._check_content(*JSON_TYPES)
        max_bytes = exchange._get_max_bytes()
        if (request.httprequest.content_length or 0) > max_bytes:
            raise bundles.too_large(max_bytes)
        bundle = bundles.parse(request.httprequest.get_data(), max_bytes)
        bundles.check_shell(bundle, max_entries=exchange._get_max_entries())
        server = self._get_server()
        # sudo: res.users: where an account sends from is not its own to read or set
        source = request.env.user.sudo().fhir_source
        intake = exchange._take(bundle, source, server)
        refusal = intake.refusal()
        if refusal:
            raise refusal
        request.env.flush_all()
        return fhir_response(
            {
                "resourceType": "Bundle",
                "type": f"{bundle['type']}-response",
                "entry": self._get_entries(intake, server),
            }
        )

    def _get_entries(self, intake, server):
        moments = {
            resource._fhir_type: resource._get_moments(
                entry.record_id for entry in intake.of_kind(resource._fhir_type)
            )
            for resource in request.env["patient.fhir.exchange"]._get_resources()
        }
        return [
            {"response": self._get_response(entry, moments, server)}
            for entry in intake.entries
        ]

    def _get_response(self, entry, moments, server):
        exchange = request.env["patient.fhir.exchange"]
        if entry.outcome == "ignored":
            text = _lt(
                "Nothing of this %(kind)s is kept here; the entry is ignored.",
                kind=entry.kind,
            )
            issue = Issue("not-supported", text, entry.path, "information")
            return {"status": "202 Accepted", "outcome": exchange._outcome([issue])}
        if entry.problem:
            return {
                "status": str(entry.problem.status),
                "outcome": exchange._outcome(entry.problem.issues),
            }
        moment = moments[entry.kind][entry.record_id]
        found = {
            "status": STATUSES[entry.outcome],
            "location": f"{entry.kind}/{server.id_of(entry.record_id)}/_history/"
            f"{version(moment)}",
            "etag": f'W/"{version(moment)}"',
            "lastModified": moment.replace(microsecond=0).isoformat() + "Z",
        }
        if entry.warnings:
            found["outcome"] = exchange._outcome(entry.warnings)
        return found

    # READ AND SEARCH

    def _read(self, resource, name):
        server = self._get_server()
        record_id = server.own_id(name)
        found = resource._fhir_read(record_id, server) if record_id else None
        if not found:
            refuse(404, _lt("This server has no such record."))
        data, moment = found
        headers = {
            "ETag": f'W/"{version(moment)}"',
            "Last-Modified": http_date(moment),
            "Cache-Control": "private, no-cache",
        }
        known = parse_etags(request.httprequest.headers.get("If-None-Match"))
        if known.contains_weak(version(moment)):
            return http.Response(status=304, headers=headers)
        return fhir_response(data, headers=headers)

    def _search(self, resource):
        server = self._get_server()
        params = self._get_params()
        controls = {name: value for name, value in params if name in searching.CONTROLS}
        asked = [row for row in params if row[0] not in searching.CONTROLS]
        if "handling=lenient" in request.httprequest.headers.get("Prefer", ""):
            asked = [
                row
                for row in asked
                if row[0].partition(":")[0] in resource._fhir_search
            ]
        zone = request.env.company._get_patient_tz()
        domain = resource._fhir_search_domain(asked, zone, server)
        return fhir_response(self._get_page(resource, domain, asked, controls, server))

    def _get_params(self):
        params = list(request.httprequest.args.items(multi=True))
        if request.httprequest.method == "POST":
            self._check_content(FORM)
            params += request.httprequest.form.items(multi=True)
        return params

    def _get_page(self, resource, domain, asked, controls, server):
        """Return a Bundle of one page; the next begins after the last id of this one."""
        count = searching.number(
            "_count",
            controls.get("_count", str(searching.DEFAULT_COUNT)),
            0,
            searching.MAX_COUNT,
        )
        after = searching.number("_after", controls.get("_after", "0"), 0, 10**9)
        bundle = {"resourceType": "Bundle", "type": "searchset"}
        if controls.get("_total") != "none":
            bundle["total"] = resource._count_records(domain)
        url = f"{server.base}/{resource._fhir_type}"
        here = [*asked, *controls.items()]
        bundle["link"] = [{"relation": "self", "url": _join(url, here)}]
        if not count or controls.get("_summary") == "count":
            return bundle
        found, more = resource._fhir_page(domain, count, after, server)
        if more:
            last = server.own_id(found[-1]["id"])
            rest = {**controls, "_count": count, "_after": last, "_total": "none"}
            link = {"relation": "next", "url": _join(url, [*asked, *rest.items()])}
            bundle["link"].append(link)
        bundle["entry"] = [
            {
                "fullUrl": f"{url}/{data['id']}",
                "resource": data,
                "search": {"mode": "match"},
            }
            for data in found
        ]
        return bundle


def _join(url, params):
    return f"{url}?{urlencode(params)}" if params else url
