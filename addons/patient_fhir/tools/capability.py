"""The CapabilityStatement: what this server can do, for other systems to read."""

VERSION = "19.0.1.0.0"
CHANGED = "2026-11-24"
SEARCHES = {
    "Patient": [
        ("_id", "token"),
        ("identifier", "token"),
        ("name", "string"),
        ("birthdate", "date"),
        ("phone", "token"),
        ("telecom", "token"),
        ("gender", "token"),
    ],
    "Encounter": [
        ("_id", "token"),
        ("identifier", "token"),
        ("patient", "reference"),
        ("subject", "reference"),
        ("date", "date"),
        ("status", "token"),
        ("class", "token"),
    ],
    "Condition": [
        ("_id", "token"),
        ("identifier", "token"),
        ("patient", "reference"),
        ("subject", "reference"),
        ("encounter", "reference"),
        ("code", "token"),
        ("date", "date"),
        ("onset-date", "date"),
        ("recorded-date", "date"),
    ],
    "Observation": [
        ("_id", "token"),
        ("identifier", "token"),
        ("patient", "reference"),
        ("subject", "reference"),
        ("encounter", "reference"),
        ("code", "token"),
        ("category", "token"),
        ("date", "date"),
    ],
    "DiagnosticReport": [
        ("_id", "token"),
        ("identifier", "token"),
        ("patient", "reference"),
        ("subject", "reference"),
        ("encounter", "reference"),
        ("code", "token"),
        ("category", "token"),
        ("status", "token"),
        ("date", "date"),
        ("issued", "date"),
    ],
    "DocumentReference": [
        ("_id", "token"),
        ("identifier", "token"),
        ("patient", "reference"),
        ("subject", "reference"),
        ("encounter", "reference"),
        ("type", "token"),
        ("category", "token"),
        ("status", "token"),
        ("date", "date"),
    ],
}


def statement(base):
    """Return the CapabilityStatement (dict) of the server at ``base``."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": CHANGED,
        "kind": "instance",
        "software": {"name": "Patient Relations", "version": VERSION},
        "implementation": {"description": "Patient relations", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "cors": False,
                    "description": "Authorization: Bearer with the API key of an account "
                    "of the group «FHIR Exchange». No session, no cookie.",
                },
                "resource": [_resource(kind) for kind in SEARCHES],
                "interaction": [{"code": "transaction"}, {"code": "batch"}],
            }
        ],
    }


def _resource(kind):
    return {
        "type": kind,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "versioned",
        "readHistory": False,
        "updateCreate": True,
        "conditionalCreate": True,
        "conditionalUpdate": True,
        "referencePolicy": ["literal", "logical", "local"],
        "searchParam": [
            {"name": name, "type": type_} for name, type_ in SEARCHES[kind]
        ],
    }
