"""From a DiagnosticReport or DocumentReference to a report of an examination.

Files are unpacked here, and what is known of them without the record is checked; an
address in the place of a file is never asked for anything.
"""

import base64
import binascii
import hashlib

from odoo.tools.translate import LazyTranslate

from .incoming_common import Incoming, get_coding, get_concept_text, read_identifiers
from .node import LONG, Node
from .outcome import Issue
from .report_codes import (
    CATEGORIES,
    DOCUMENT_STATES,
    DOCUMENT_STATUSES,
    OURS,
    OWN_CATEGORIES,
    REPORT_STATUSES,
    VOID,
)

_lt = LazyTranslate(__name__)

# Longer than any other text: a report of a CT scan fills pages.
CONCLUSION = 100_000


def read_report(node, zone):
    """Return the Incoming of a DiagnosticReport; see ``_finish`` for its values."""
    found = Incoming(identifiers=read_identifiers(node))
    status = node.code("status", REPORT_STATUSES, required=True)
    if node.text("status") == "unknown":
        _warn(found, "value", _lt("It is kept as preliminary."), node.at("status"))
    found.values = {
        "status": status,
        "fhir_status": node.text("status"),
        "conclusion": _get_conclusion(node),
        **_get_report_times(node, zone, status),
        **_get_code(node, "code"),
        "category": _get_category(found, node, node.children("category")),
    }
    found.places = {
        "patient": node.child("subject"),
        "encounter": node.child("encounter"),
        "performers": _get_performers(node),
        "results": node.children("result"),
    }
    return _finish(found, node.children("presentedForm"))


def read_document(node, zone):
    """Return the Incoming of a DocumentReference; see ``_finish`` for its values."""
    found = Incoming(identifiers=read_identifiers(node))
    context = node.child("context")
    status = _get_document_status(node)
    files = [item.child("attachment") for item in node.children("content")]
    concepts = [*node.children("category"), node.child("type")]
    found.values = {
        "status": status,
        "fhir_status": node.text("status"),
        "conclusion": node.text("description", CONCLUSION),
        **_get_document_times(node, context, files, zone, status),
        **_get_code(node, "type"),
        "category": _get_category(found, node, concepts),
    }
    found.values["name"] = found.values["name"] or _get_title(files)
    found.places = {
        "patient": node.child("subject"),
        "encounter": _get_visit(found, context),
        "performers": [*node.children("author"), node.child("custodian")],
        "results": context.children("related"),
    }
    return _finish(found, files)


def _finish(found, files):
    """Add ``values["files"]``: dicts of name, content (bytes), path.

    A report that was a mistake is not looked at any further.
    """
    void = found.values["status"] == VOID
    if void:
        found.places.update(performers=[], results=[])
    found.values["files"] = [] if void else _read_files(found, files)
    return found


# what it is


def _get_code(node, key):
    """Return catalogue, code and name of an examination or a type of documents."""
    concept = node.child(key)
    coding = get_coding(concept)
    code = coding and coding.text("code")
    return {
        "name": get_concept_text(concept) or code,
        "code_system": coding and coding.text("system"),
        "code": code,
    }


def _get_category(found, node, concepts):
    """Return the first category that is known here; ``other`` where none is."""
    codings = [one for concept in concepts for one in concept.children("coding")]
    own = [one for one in codings if one.text("system") == OWN_CATEGORIES]
    for coding in own:
        if coding.text("code") in OURS:
            return coding.text("code")
    known = [CATEGORIES.get(coding.text("code")) for coding in codings]
    category = next(filter(None, known), None)
    if not category and node.children("category"):
        text = _lt("This code is kept as «other».")
        _warn(found, "code-invalid", text, node.at("category"))
    return category or "other"


def _get_conclusion(node):
    """Return the words of the conclusion, else those of its codes."""
    codes = [get_concept_text(one) for one in node.children("conclusionCode")]
    return node.text("conclusion", CONCLUSION) or "; ".join(filter(None, codes)) or None


def _get_document_status(node):
    """Return our status: that of the document, unless the reference does not count."""
    status = node.code("status", DOCUMENT_STATUSES, required=True)
    return status or node.code("docStatus", DOCUMENT_STATES) or "final"


def _get_title(files):
    titles = (file.text("title", LONG) for file in files)
    return next(filter(None, titles), None)


# when


def _get_report_times(node, zone, status):
    issued = node.moment("issued", zone)
    moment = (
        node.moment("effectiveDateTime", zone)
        or node.child("effectivePeriod").moment("start", zone)
        or issued
    )
    return _check_times(node, "effectiveDateTime", "issued", moment, issued, status)


def _get_document_times(node, context, files, zone, status):
    """Return when what is documented took place, and when it was written down."""
    issued = node.moment("date", zone)
    made = [file.moment("creation", zone) for file in files]
    moment = context.child("period").moment("start", zone) or issued
    moment = moment or next(filter(None, made), None)
    return _check_times(node, "date", "date", moment, issued, status)


def _check_times(node, key, issued_key, moment, issued, status):
    if status != VOID and not moment:
        node.refuse(
            key,
            "required",
            _lt("A report needs the day of the examination."),
        )
    if status != VOID and issued and issued < moment:
        node.refuse(
            issued_key,
            "business-rule",
            _lt("A report cannot be issued before the examination."),
        )
    return {"effective_at": moment, "issued_at": issued}


# who and where


def _get_performers(node):
    """Return who made the report, then who interpreted it."""
    return [*node.children("performer"), *node.children("resultsInterpreter")]


def _get_visit(found, context):
    """Return the Reference to the first visit; a report has one."""
    visits = context.children("encounter")
    for other in visits[1:]:
        _warn(found, "not-supported", _lt("One visit of a report is kept."), other.path)
    return visits[0] if visits else Node({}, context.at("encounter"))


# files


def _read_files(found, nodes):
    files = []
    for node in nodes:
        if "data" in node:
            files.append(_read_file(node))
        elif "url" in node:
            text = _lt(
                "The file is not taken: this server asks no address for files. Send the "
                "content with the report."
            )
            _warn(found, "not-supported", text, node.at("url"))
    return files


def _read_file(node):
    content = _decode(node, "data")
    sent = node.text("hash")
    if sent and base64.b64encode(hashlib.sha1(content).digest()).decode() != sent:
        node.refuse(
            "hash",
            "value",
            _lt("The file was damaged on its way: it has another fingerprint."),
        )
    return {
        "name": node.text("title") or "",
        "content": content,
        "path": node.at("data"),
    }


def _decode(node, key):
    data = node.data[key]
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (AttributeError, ValueError, binascii.Error):
        node.refuse(key, "structure", _lt("Base64 is expected here."), 400)


def _warn(found, code, text, path):
    found.warnings.append(Issue(code, text, path, "warning"))
