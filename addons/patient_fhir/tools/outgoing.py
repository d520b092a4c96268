"""From what the record holds to FHIR resources (dicts); pure functions.

``compact`` leaves out what is empty: FHIR knows no empty elements.
"""

from datetime import UTC

from .incoming import NUBC

MIME = "application/fhir+json"
V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
DISCHARGE = "http://terminology.hl7.org/CodeSystem/discharge-disposition"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
CLASS_NAMES = {
    "AMB": "ambulatory",
    "EMER": "emergency",
    "IMP": "inpatient encounter",
    "HH": "home health",
    "VR": "virtual",
}
DISPOSITIONS = {
    "home": (DISCHARGE, "home"),
    "home_health": (NUBC, "06"),
    "other_facility": (DISCHARGE, "other-hcf"),
    "rehabilitation": (DISCHARGE, "rehab"),
    "long_term": (DISCHARGE, "long"),
    "against_advice": (DISCHARGE, "aadvice"),
    "died": (DISCHARGE, "exp"),
    "other": (DISCHARGE, "oth"),
}


def compact(value):
    """Return a copy without empty texts, lists and objects; None when nothing is left.

    ``False`` is Odoo's empty value and goes too: a flag that is false is set by the
    caller as ``no``.
    """
    if isinstance(value, dict):
        found = {key: compact(item) for key, item in value.items()}
        return {key: item for key, item in found.items() if item is not None} or None
    if isinstance(value, list):
        return [item for item in map(compact, value) if item is not None] or None
    return None if value is False or value == "" else value


def instant(moment):
    """Return a naive UTC datetime as FHIR writes it."""
    return moment and moment.replace(tzinfo=UTC, microsecond=0).isoformat()


def version(moment):
    """Return the version of a record that was last written at ``moment``."""
    return str(int(moment.replace(tzinfo=UTC).timestamp() * 1_000_000))


def meta(moment):
    return {"versionId": version(moment), "lastUpdated": instant(moment)}


def coding(system, code, display=None):
    return {"system": system, "code": code, "display": display} if code else None


def concept(system, code, text=None):
    return {"coding": [coding(system, code)], "text": text}


def identifier(system, value, type_code=None):
    kind = {"coding": [coding(V2_0203, type_code)]} if type_code else None
    return {"type": kind, "system": system, "value": value} if value else None


def patient(values):
    """Return a Patient; ``values`` is what ``patient.fhir.patient`` prepares."""
    found = compact(
        {
            "resourceType": "Patient",
            "id": values["id"],
            "meta": meta(values["written_at"]),
            "identifier": [identifier(*row) for row in values["identifiers"]],
            "name": [{"use": "official", "text": values["name"]}]
            if values["name"]
            else [],
            "telecom": [
                {"system": system, "value": values[system]} if values[system] else None
                for system in ("phone", "email")
            ],
            "gender": values["gender"],
            "birthDate": values["birth_date"] and values["birth_date"].isoformat(),
            "deceasedDateTime": instant(values["deceased_at"]),
            "address": [
                {
                    "line": [values["street"], values["street2"]],
                    "city": values["city"],
                    "state": values["state"],
                    "postalCode": values["zip"],
                    "country": values["country"],
                }
            ],
            "communication": [
                {"language": concept("urn:ietf:bcp:47", values["language"])}
            ]
            if values["language"]
            else [],
        }
    )
    found["active"] = bool(values["active"])
    return found


def encounter(values):
    """Return an Encounter; ``values`` is what ``patient.fhir.encounter`` prepares."""
    disposition = DISPOSITIONS.get(values["disposition"])
    begin = values["started_at"] or values["arrived_at"] or values["planned_at"]
    return compact(
        {
            "resourceType": "Encounter",
            "id": values["id"],
            "meta": meta(values["written_at"]),
            "identifier": [identifier(*row) for row in values["identifiers"]],
            "status": values["status"].replace("_", "-"),
            "statusHistory": _get_history(values),
            "class": coding(
                ACT_CODE,
                values["encounter_class"],
                CLASS_NAMES[values["encounter_class"]],
            ),
            "subject": values["patient"],
            "participant": [{"individual": values["practitioner"]}]
            if values["practitioner"]
            else [],
            "period": {"start": instant(begin), "end": instant(values["ended_at"])},
            "reasonCode": [{"text": values["reason"]}],
            "hospitalization": {
                "dischargeDisposition": disposition and concept(*disposition),
            },
            "serviceProvider": values["department"],
        }
    )


def _get_history(values):
    """Tell plan, arrival and start apart, where more than the start is known."""
    known = [
        (status, values[name])
        for status, name in (
            ("planned", "planned_at"),
            ("arrived", "arrived_at"),
            ("in-progress", "started_at"),
        )
        if values[name]
    ]
    if [status for status, _moment in known] in ([], ["in-progress"]):
        return []
    ends = [moment for _status, moment in known[1:]] + [values["ended_at"]]
    return [
        {
            "status": status,
            "period": {
                "start": instant(begin),
                "end": instant(end and max(begin, end)),
            },
        }
        for (status, begin), end in zip(known, ends, strict=True)
    ]


def condition(values):
    """Return a Condition; ``values`` is what ``patient.fhir.condition`` prepares."""
    verification = values["verification_status"]
    return compact(
        {
            "resourceType": "Condition",
            "id": values["id"],
            "meta": meta(values["written_at"]),
            "identifier": [identifier(*row) for row in values["identifiers"]],
            "clinicalStatus": values["clinical_status"]
            and concept(CLINICAL, values["clinical_status"]),
            "verificationStatus": verification
            and concept(VERIFICATION, verification.replace("_", "-")),
            "code": {
                "coding": [coding(values["code_system"], values["code"])],
                "text": values["name"],
            },
            "subject": values["patient"],
            "encounter": values["encounter"],
            "onsetDateTime": instant(values["onset_at"]),
            "abatementDateTime": instant(values["abated_at"]),
            "recordedDate": values["recorded_on"] and values["recorded_on"].isoformat(),
        }
    )


def observation(values):
    """Return an Observation; ``values`` is what ``patient.fhir.observation`` prepares.

    One part without a panel is the value of the resource; others are its components.
    """
    parts = [_get_part(part) for part in values["parts"]]
    code = values["panel"] or values["parts"][0]["code"]
    single = len(parts) == 1 and not values["panel"]
    found = compact(
        {
            "resourceType": "Observation",
            "id": values["id"],
            "meta": meta(values["written_at"]),
            "identifier": [identifier(*row) for row in values["identifiers"]],
            "status": values["status"].replace("_", "-"),
            "category": [
                {"coding": [coding(CATEGORY, category)]}
                for category in values["categories"]
            ],
            "code": concept(*code),
            "subject": values["patient"],
            "encounter": values["encounter"],
            "effectiveDateTime": instant(values["effective_at"]),
            "component": [] if single else parts,
        }
    )
    if single:
        found.update({key: item for key, item in parts[0].items() if key != "code"})
    return found


def _get_part(part):
    """Return code, value and interpretation of one value, ready to be sent."""
    found = compact(
        {
            "code": concept(*part["code"]),
            "interpretation": [
                {"coding": [coding(INTERPRETATION, part["interpretation"])]}
            ]
            if part["interpretation"]
            else [],
        }
    )
    # not compacted: 0 and false are values
    return {**found, **part["value"]}
