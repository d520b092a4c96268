"""What the readers of all resource types share."""

from dataclasses import dataclass, field

from .node import LONG

# HL7 table 0203: the name that a system gives a record
RESOURCE_IDENTIFIER = "RI"


@dataclass(slots=True)
class Incoming:
    """What one resource says.

    :param dict values: field → value of those fields that need no look-up
    :param list identifiers: (system, value, type code)
    :param dict words: names that the models look up: country, state, language, …
    :param dict places: what the resource points to: name → Node of a Reference, or a
        list of them
    :param list warnings: issues that do not stop the entry
    """

    values: dict = field(default_factory=dict)
    identifiers: list = field(default_factory=list)
    words: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)
    warnings: list = field(default_factory=list)


def read_identifiers(node):
    """Return (system, value, type code) of each identifier that identifies."""
    rows = []
    for item in node.children("identifier"):
        system, value = item.text("system"), item.text("value")
        if system and value:
            kinds = [
                kind.text("code") for kind in item.child("type").children("coding")
            ]
            rows.append((system, value, next(filter(None, kinds), None)))
    return list({row[:2]: row for row in rows}.values())


def get_concept_text(node):
    """Return the words of a CodeableConcept: its text, else its first display."""
    displays = [coding.text("display", LONG) for coding in node.children("coding")]
    return node.text("text", LONG) or next(filter(None, displays), None)


def get_coding(concept):
    """Return the coding that a person chose, else the first with a code."""
    codings = [coding for coding in concept.children("coding") if coding.text("code")]
    codings.sort(key=lambda coding: coding.flag("userSelected") is not True)
    return codings[0] if codings else None
