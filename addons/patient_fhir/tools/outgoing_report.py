"""From a report of an examination to a DiagnosticReport or DocumentReference."""

import base64
import hashlib

from .outgoing import coding, compact, concept, identifier, instant, meta
from .report_codes import (
    OWN_CATEGORIES,
    SECTION_OF,
    SECTIONS,
    STATES_OF_DOCUMENTS,
    VOID,
)

SUBSETTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
}


def diagnosticreport(values):
    """Return a DiagnosticReport; ``values`` is what ``patient.fhir.report`` prepares."""
    return compact(
        {
            **_get_common(values, "DiagnosticReport"),
            "status": values["fhir_status"],
            "code": concept(values["code_system"], values["code"], values["name"]),
            "encounter": values["encounter"],
            "effectiveDateTime": instant(values["effective_at"]),
            "issued": instant(values["issued_at"]),
            "performer": values["performers"],
            "result": values["results"],
            "conclusion": values["conclusion"],
            "presentedForm": [_get_attachment(file) for file in values["files"]],
        }
    )


def documentreference(values):
    """Return a DocumentReference; ``values`` is what ``patient.fhir.report`` prepares."""
    files = [_get_attachment(file) for file in values["files"]]
    return compact(
        {
            **_get_common(values, "DocumentReference"),
            "status": _get_document_status(values["status"]),
            "docStatus": STATES_OF_DOCUMENTS.get(values["status"]),
            "type": concept(values["code_system"], values["code"], values["name"]),
            "date": instant(values["issued_at"] or values["effective_at"]),
            "author": values["performers"],
            "description": values["conclusion"],
            # one at least: FHIR knows no document without content
            "content": [
                {"attachment": file} for file in files or [{"title": values["name"]}]
            ],
            "context": {
                "encounter": [values["encounter"]],
                "period": {"start": instant(values["effective_at"])},
                "related": values["results"],
            },
        }
    )


def _get_document_status(status):
    if status == VOID:
        return "entered-in-error"
    return "superseded" if status == "cancelled" else "current"


def _get_common(values, kind):
    found = meta(values["written_at"])
    if any(file["content"] is None for file in values["files"]):
        found["tag"] = [SUBSETTED]
    category = values["category"]
    return {
        "resourceType": kind,
        "id": values["id"],
        "meta": found,
        "identifier": [identifier(*row) for row in values["identifiers"]],
        "category": [
            {
                "coding": [
                    coding(SECTIONS, SECTION_OF.get(category, "OTH")),
                    coding(OWN_CATEGORIES, category, values["category_name"]),
                ],
            }
        ],
        "subject": values["patient"],
    }


def _get_attachment(file):
    """Return an Attachment; without ``content`` (bytes) it only tells of the file."""
    content = file["content"]
    found = {
        "contentType": file["mimetype"],
        "size": file["size"],
        "title": file["name"],
    }
    if content is not None:
        digest = hashlib.sha1(content).digest()
        found["data"] = base64.b64encode(content).decode()
        found["hash"] = base64.b64encode(digest).decode()
    return found
