"""From a FHIR resource to what the record of this hospital will hold.

Pure functions: countries, languages and records are still what the source calls them;
the models look them up for all entries at once.
"""

import re
from datetime import datetime

from fhir.resources.R4B.condition import Condition
from fhir.resources.R4B.diagnosticreport import DiagnosticReport
from fhir.resources.R4B.documentreference import DocumentReference
from fhir.resources.R4B.encounter import Encounter
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.patient import Patient
from pydantic import ValidationError

from odoo.tools.translate import LazyTranslate

from .incoming_common import (
    RESOURCE_IDENTIFIER,
    Incoming,
    get_coding,
    get_concept_text,
    read_identifiers,
)
from .incoming_observation import read_observation
from .incoming_report import read_document, read_report
from .node import LONG, Node
from .outcome import Issue, Problem

_lt = LazyTranslate(__name__)

MODELS = {
    "Patient": Patient,
    "Encounter": Encounter,
    "Condition": Condition,
    "Observation": Observation,
    "DiagnosticReport": DiagnosticReport,
    "DocumentReference": DocumentReference,
}
MAX_ISSUES = 20

GENDERS = {code: code for code in ("male", "female", "other", "unknown")}
STATUSES = {
    code: code.replace("-", "_")
    for code in (
        "planned",
        "arrived",
        "triaged",
        "in-progress",
        "onleave",
        "finished",
        "cancelled",
        "entered-in-error",
        "unknown",
    )
}
# HL7 v3 ActEncounterCode; those that the hospital does not tell apart come together.
CLASSES = {
    "AMB": "AMB",
    "EMER": "EMER",
    "IMP": "IMP",
    "HH": "HH",
    "VR": "VR",
    "ACUTE": "IMP",
    "NONAC": "IMP",
    "FLD": "AMB",
    "OBSENC": "AMB",
    "PRENC": "AMB",
    "SS": "AMB",
}
NUBC = "https://www.nubc.org/CodeSystem/PatDischargeStatus"
DISPOSITIONS = {
    # http://terminology.hl7.org/CodeSystem/discharge-disposition
    "home": "home",
    "alt-home": "home",
    "other-hcf": "other_facility",
    "hosp": "other_facility",
    "psy": "other_facility",
    "rehab": "rehabilitation",
    "long": "long_term",
    "snf": "long_term",
    "aadvice": "against_advice",
    "exp": "died",
    "oth": "other",
    # NUBC patient discharge status
    "01": "home",
    "02": "other_facility",
    "03": "long_term",
    "05": "other_facility",
    "06": "home_health",
    "07": "against_advice",
    "20": "died",
    "62": "rehabilitation",
    "63": "long_term",
    "65": "other_facility",
}
CLINICAL = {
    code: code
    for code in ("active", "recurrence", "relapse", "inactive", "remission", "resolved")
}
VERIFICATION = {
    code: code.replace("-", "_")
    for code in (
        "unconfirmed",
        "provisional",
        "differential",
        "confirmed",
        "refuted",
        "entered-in-error",
    )
}
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def read(node, kind, zone):
    """Return the Incoming of a resource of a kind that is kept here.

    :raise Problem: when the resource is not valid FHIR or cannot be kept
    """
    validate(node, kind)
    return READERS[kind](node, zone)


def validate(node, kind):
    """Check a resource against the model of ``fhir.resources``."""
    try:
        MODELS[kind].model_validate(node.data)
    except ValidationError as error:
        raise Problem(
            400,
            [
                Issue("structure", found["msg"], _join(node.path, found["loc"]))
                for found in error.errors(include_url=False, include_input=False)
            ][:MAX_ISSUES],
        ) from None
    except RecursionError:
        raise Problem.of(
            400, "structure", _lt("The JSON is nested too deeply."), node.path
        ) from None


def _join(path, loc):
    """Return ``Bundle.entry[0].resource`` + ``("name", 0)`` as one FHIRPath."""
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path


# PATIENT


def read_patient(node, zone):
    found = Incoming(identifiers=read_identifiers(node))
    plain = {
        "name": _get_name(node),
        "gender": node.code("gender", GENDERS),
        "birth_date": node.day("birthDate"),
        "phone": _get_telecom(node, "phone"),
        "email": _get_telecom(node, "email"),
        "active": node.flag("active"),
    }
    found.values = {name: value for name, value in plain.items() if value is not None}
    _warn_of_partial_date(found, node, "birthDate", "birth_date")
    _read_death(found, node, zone)
    _read_address(found, node)
    language = _get_language(node)
    if language:
        found.words["language"] = language
    return found


def _get_name(node):
    names = [name for name in node.children("name") if name.text("use") != "old"]
    names.sort(key=lambda name: _rank(name.text("use"), ("official", "usual", None)))
    for name in names:
        given = " ".join(name.texts("given"))
        family = name.text("family")
        text = name.text("text") or join_name(family, given)
        if text:
            return text
    return None


def join_name(family, given):
    """Return the full name in the order of its script: 张伟, Agustín Fonseca."""
    parts = [part for part in (family, given) if part]
    if all(HAN.search(part) for part in parts):
        return "".join(part.replace(" ", "") for part in parts)
    return " ".join(reversed(parts))


def _get_telecom(node, system):
    """Return the best way to reach the patient by a system; ``old`` ones are not."""
    points = [
        point
        for point in node.children("telecom")
        if point.text("system") == system and point.text("use") != "old"
    ]
    points.sort(key=lambda point: _telecom_rank(point, system))
    return next(filter(None, (point.text("value") for point in points)), None)


def _telecom_rank(point, system):
    rank = point.data.get("rank")
    uses = ("mobile", "home", None, "work") if system == "phone" else ("home", None)
    return (
        rank if isinstance(rank, int) and not isinstance(rank, bool) else 1_000,
        _rank(point.text("use"), uses),
    )


def _rank(use, order):
    return order.index(use) if use in order else len(order)


def _read_death(found, node, zone):
    """deceasedBoolean true without a time is resolved by the model, against the record."""
    if "deceasedBoolean" in node:
        found.words["deceased"] = node.flag("deceasedBoolean")
    died = node.moment("deceasedDateTime", zone)
    born = found.values.get("birth_date")
    if died and born and died.date() < born:
        node.refuse(
            "deceasedDateTime",
            "business-rule",
            _lt("The patient cannot have died before being born."),
        )
    if "deceasedDateTime" in node and not died:
        died = node.moment("deceasedDateTime", zone, floor=True)
        if born and died.date() < born:
            died = datetime(born.year, born.month, born.day)
        found.warnings.append(
            Issue(
                "value",
                _lt("The first day of the period is kept as the day of death."),
                node.at("deceasedDateTime"),
                "warning",
            )
        )
    if died:
        found.values["deceased_at"] = died


def _read_address(found, node):
    places = [item for item in node.children("address") if item.text("use") != "old"]
    places.sort(key=lambda item: _rank(item.text("use"), ("home", None, "temp")))
    if not places:
        return
    place = places[0]
    lines = place.texts("line") or [place.text("text", LONG)]
    rest = ", ".join(part for part in (*lines[1:], place.text("district")) if part)
    found.values.update(
        street=lines[0] or False,
        street2=rest or False,
        city=place.text("city") or False,
        zip=place.text("postalCode") or False,
    )
    found.words["country"] = place.text("country")
    found.words["state"] = place.text("state")


def _get_language(node):
    """Return the BCP 47 code of the language to speak."""
    spoken = node.children("communication")
    spoken.sort(key=lambda item: item.flag("preferred") is not True)
    for item in spoken:
        for coding in item.child("language").children("coding"):
            if coding.text("code"):
                return coding.text("code")
    return None


def _warn_of_partial_date(found, node, key, name):
    if key in node and name not in found.values:
        found.warnings.append(
            Issue(
                "value",
                _lt("A date that is not known to the day is left out."),
                node.at(key),
                "warning",
            )
        )


# ENCOUNTER


def read_encounter(node, zone):
    found = Incoming(identifiers=read_identifiers(node))
    status = node.code("status", STATUSES, required=True)
    hospitalization = node.child("hospitalization")
    found.values = {
        "status": status,
        "encounter_class": node.child("class").code("code", CLASSES, required=True),
        "reason": _get_reason(node),
        "disposition": _get_disposition(found, hospitalization),
        **_get_times(node, status, zone),
    }
    number = _get_visit_number(node, found.identifiers)
    if number:
        found.values["name"] = number
    found.places = {
        "patient": node.child("subject"),
        "department": _get_place(node),
        "practitioner": _get_practitioner(node),
    }
    return found


def _get_times(node, status, zone):
    """Return the four times of a visit.

    ``period`` is the visit itself; the history of states tells arrival from start. Of a
    visit that has not begun the period is its plan, or its arrival.
    """
    period = node.child("period")
    begin, end = period.moment("start", zone), period.moment("end", zone)
    if begin and end and end < begin:
        period.refuse(
            "end", "business-rule", _lt("A visit cannot end before it starts.")
        )
    history = _get_history(node, zone)
    times = {
        "planned_at": history.get("planned"),
        "arrived_at": history.get("arrived"),
        "started_at": history.get("in-progress"),
        "ended_at": end,
    }
    first = {
        "planned": "planned_at",
        "cancelled": "planned_at",
        "arrived": "arrived_at",
        "triaged": "arrived_at",
    }.get(status, "started_at")
    times[first] = times[first] or begin
    if first != "started_at":
        times["ended_at"] = None
    elif times["started_at"] and end and end < times["started_at"]:
        times["started_at"] = begin
    return times


def _get_history(node, zone):
    """Return state → when it began, for the first time of each state."""
    found = {}
    for item in node.children("statusHistory"):
        begin = item.child("period").moment("start", zone)
        if begin:
            found.setdefault(item.text("status"), begin)
    return found


def _get_reason(node):
    reasons = [get_concept_text(item) for item in node.children("reasonCode")]
    return ", ".join(filter(None, reasons))[:LONG] or None


def _get_disposition(found, hospitalization):
    place = hospitalization.child("dischargeDisposition")
    codes = [coding.text("code") for coding in place.children("coding")]
    known = [DISPOSITIONS[code] for code in codes if code in DISPOSITIONS]
    if not known and any(codes):
        found.warnings.append(
            Issue(
                "code-invalid",
                _lt("This code is kept as «other»."),
                place.path,
                "warning",
            )
        )
    return known[0] if known else ("other" if any(codes) else None)


def _get_visit_number(node, identifiers):
    """Return the identifier of type VN, else the first that is no mere name of a record."""
    for item in node.children("identifier"):
        kinds = [kind.text("code") for kind in item.child("type").children("coding")]
        if "VN" in kinds and item.text("value"):
            return item.text("value")
    numbers = (row[1] for row in identifiers if row[2] != RESOURCE_IDENTIFIER)
    return next(numbers, None)


def _get_place(node):
    """Return the Reference to the department: who provides the service, else where."""
    provider = node.child("serviceProvider")
    if provider.data:
        return provider
    places = [item.child("location") for item in node.children("location")]
    return next((place for place in places if place.data), provider)


def _get_practitioner(node):
    """Return the Reference to the doctor: attending, primary performer, else the first."""
    found = []
    for item in node.children("participant"):
        roles = [
            coding.text("code")
            for kind in item.children("type")
            for coding in kind.children("coding")
        ]
        if item.child("individual").data:
            rank = min((_rank(role, ("ATND", "PPRF")) for role in roles), default=3)
            found.append((rank, len(found), item.child("individual")))
    return min(found)[2] if found else Node({}, node.at("participant"))


# CONDITION


def read_condition(node, zone):
    found = Incoming(identifiers=read_identifiers(node))
    concept = node.child("code")
    coding = get_coding(concept)
    name = get_concept_text(concept) or (coding and coding.text("code"))
    if not name:
        node.refuse("code", "required", _lt("A diagnosis needs a code or a text."))
    found.values = {
        "name": name,
        "code_system": coding and coding.text("system"),
        "code": coding and coding.text("code"),
        "clinical_status": _get_status(node, "clinicalStatus", CLINICAL),
        "verification_status": _get_status(node, "verificationStatus", VERIFICATION),
        "recorded_on": _get_recorded_on(node, zone),
        "onset_at": _get_begin(node, "onset", "start", zone),
        "abated_at": _get_begin(node, "abatement", "end", zone),
    }
    _check_order(node, found.values)
    found.places = {
        "patient": node.child("subject"),
        "encounter": node.child("encounter"),
    }
    return found


def _get_status(node, key, known):
    codings = node.child(key).children("coding")
    return codings[0].code("code", known) if codings else None


def _get_recorded_on(node, zone):
    """Return the day on which it was recorded, on the hospital's calendar."""
    if len(node.text("recordedDate") or "") <= 10:
        return node.day("recordedDate")
    moment = node.moment("recordedDate", zone)
    return zone.fromutc(moment).date()


def _get_begin(node, element, edge, zone):
    """Return the time of ``onset[x]`` or ``abatement[x]``; an age or a text is no time."""
    if f"{element}Period" in node:
        return node.child(f"{element}Period").moment(edge, zone)
    return node.moment(f"{element}DateTime", zone)


def _check_order(node, values):
    begin, end = values["onset_at"], values["abated_at"]
    if begin and end and end < begin:
        node.refuse(
            "abatementDateTime" if "abatementDateTime" in node else "abatementPeriod",
            "business-rule",
            _lt("A diagnosis cannot end before it begins."),
        )


READERS = {
    "Patient": read_patient,
    "Encounter": read_encounter,
    "Condition": read_condition,
    "Observation": read_observation,
    "DiagnosticReport": read_report,
    "DocumentReference": read_document,
}
