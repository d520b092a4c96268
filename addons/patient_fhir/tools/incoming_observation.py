"""From an Observation to the values that it brings: one, or one a component.

A blood pressure is two values of one Observation. What a code or a unit means is looked
up by the models; here it is only read.
"""

from odoo.tools.translate import LazyTranslate

from .incoming_common import Incoming, get_coding, get_concept_text, read_identifiers
from .node import LONG
from .outcome import Issue

_lt = LazyTranslate(__name__)

UNITS_OF_MEASURE = "http://unitsofmeasure.org"
STATUSES = {
    code: code.replace("-", "_")
    for code in (
        "registered",
        "preliminary",
        "final",
        "amended",
        "corrected",
        "cancelled",
        "entered-in-error",
        "unknown",
    )
}
# Of these no value is kept, and one that is known was a mistake.
VOID = ("cancelled", "entered_in_error")


def read_observation(node, zone):
    """Return the Incoming; ``values["parts"]`` is a list of ``read_part``."""
    found = Incoming(identifiers=read_identifiers(node))
    status = node.code("status", STATUSES, required=True)
    parts = _read_parts(found, node)
    found.values = {
        "status": status,
        "effective_at": _get_moment(node, zone, status),
        "panel": _read_code(node, node.child("code")),
        "parts": [] if status in VOID else parts,
    }
    found.places = {
        "patient": node.child("subject"),
        "encounter": node.child("encounter"),
    }
    return found


def _read_parts(found, node):
    """Return the values of the resource itself and of its components."""
    parts = []
    for place in (node, *node.children("component")):
        value = _read_value(place)
        if value:
            parts.append({**_read_code(node, place.child("code")), **value})
        elif place is not node:
            found.warnings.append(
                Issue(
                    "incomplete",
                    _lt("A component without a value is left out."),
                    place.path,
                    "warning",
                )
            )
    return parts


def _get_moment(node, zone, status):
    """Return when it was true of the patient, else when it was made known."""
    moment = (
        node.moment("effectiveDateTime", zone)
        or node.moment("effectiveInstant", zone)
        or node.child("effectivePeriod").moment("start", zone)
        or node.moment("issued", zone)
    )
    if not moment and status not in VOID:
        node.refuse(
            "effectiveDateTime",
            "required",
            _lt("An observation needs the day on which it was made."),
        )
    return moment


def _read_code(node, concept):
    """Return system, code and name of what was observed."""
    coding = get_coding(concept)
    name = get_concept_text(concept) or (coding and coding.text("code"))
    if not name:
        node.refuse("code", "required", _lt("An observation needs a code or a text."))
    return {
        "system": coding and coding.text("system"),
        "code": coding and coding.text("code"),
        "name": name.replace("\u200b", ""),
    }


# values


def _read_value(place):
    """Return kind, value and unit of ``value[x]``, or None when there is none."""
    for reader in (_read_quantity, _read_concept, _read_plain):
        if value := reader(place):
            return value
    return None


def _read_quantity(place):
    quantity = place.child("valueQuantity")
    number = quantity.data.get("value")
    if number is None:
        return _read_integer(place)
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        quantity.refuse("value", "structure", _lt("A number is expected here."), 400)
    unit = quantity.text("code") or quantity.text("unit")
    if comparator := quantity.text("comparator"):
        words = " ".join(filter(None, (comparator, f"{number:g}", unit)))
        return {"kind": "text", "value": words}
    return {"kind": "number", "value": float(number), "unit": unit}


def _read_integer(place):
    number = place.data.get("valueInteger")
    if number is None or isinstance(number, bool):
        return None
    return {"kind": "number", "value": float(number), "unit": None}


def _read_concept(place):
    concept = place.child("valueCodeableConcept")
    words = get_concept_text(concept)
    coding = get_coding(concept)
    if not words and not coding:
        return None
    code = coding.text("code") if coding else words
    return {"kind": "option", "value": code, "label": words or code}


def _read_plain(place):
    flag = place.flag("valueBoolean")
    if flag is not None:
        return {"kind": "yes_no", "value": "yes" if flag else "no"}
    for key in ("valueString", "valueDateTime", "valueTime"):
        if words := place.text(key, LONG):
            return {"kind": "text", "value": words}
    return None
