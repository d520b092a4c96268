"""Parameters of a FHIR search, before they become domains."""

import re
from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from .node import Node
from .outcome import Problem

_lt = LazyTranslate(__name__)

DEFAULT_COUNT = 50
MAX_COUNT = 500
# Parameters of the answer, not of what is looked for.
CONTROLS = (
    "_count",
    "_after",
    "_total",
    "_totalMethod",
    "_summary",
    "_format",
    "_pretty",
)
PREFIX = re.compile(r"(eq|ne|gt|ge|lt|le|sa|eb)?(\d.*)", re.ASCII)
PARTIAL = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


def refuse(name, text, code="value"):
    raise Problem.of(400, code, text, f"http.{name}")


def split(value):
    """Return the alternatives of a value: ``a\\,b,c`` → ``["a,b", "c"]``."""
    parts = re.split(r"(?<!\\),", value)
    return [re.sub(r"\\([,|$\\])", r"\1", part) for part in parts]


def clean(name, value):
    """Return a value without characters that the database refuses."""
    try:
        return Node({"value": value}, "http").text("value") or ""
    except Problem:
        refuse(name, _lt("The value cannot be searched."))


def number(name, value, low, high):
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        refuse(name, _lt("A number is expected here."))
    return max(low, min(high, int(value)))


def token(value):
    """Return (system, value) of a token; system is None when any will do."""
    system, mark, found = value.rpartition("|")
    return (system if mark else None), found


def coding_domain(value):
    """Return the domain of a token, of records with ``code`` and ``code_system``."""
    system, code = token(value)
    found = Domain("code", "=", code) if code else Domain.TRUE
    return found & Domain("code_system", "=", system) if system else found


def period(name, value, zone):
    """Return (prefix, first moment, first moment after) of a date parameter, in UTC."""
    found = PREFIX.fullmatch(value)
    if not found:
        refuse(name, _lt("A date such as ge2026-03-09 is expected here."))
    prefix, text = found[1] or "eq", found[2].replace(" ", "+")
    try:
        begin, end = _days(text, zone) or _seconds(text, zone)
    except (ValueError, OverflowError):
        refuse(name, _lt("A date such as ge2026-03-09 is expected here."))
    return prefix, begin, end


def days(name, value):
    """Return (prefix, first day, first day after) of a date parameter."""
    found = PREFIX.fullmatch(value)
    parts = found and PARTIAL.fullmatch(found[2])
    if not parts:
        refuse(name, _lt("A date such as ge2026-03-09 is expected here."))
    try:
        begin, end = _edges(parts)
    except (ValueError, OverflowError):
        refuse(name, _lt("A date such as ge2026-03-09 is expected here."))
    return found[1] or "eq", begin.date(), end.date()


def instant_domain(field, prefix, begin, end):
    """Return the domain of a field that holds one moment."""
    inside = Domain(field, ">=", begin) & Domain(field, "<", end)
    return {
        "eq": inside,
        "ne": Domain(field, "!=", False) & ~inside,
        "gt": Domain(field, ">=", end),
        "sa": Domain(field, ">=", end),
        "ge": Domain(field, ">=", begin),
        "lt": Domain(field, "<", begin),
        "eb": Domain(field, "<", begin),
        "le": Domain(field, "<", end),
    }[prefix]


def period_domain(first, last, prefix, begin, end):
    """Return the domain of a span of two fields; without an end it goes on."""
    inside = Domain(first, ">=", begin) & Domain(last, "<", end)
    going = Domain(first, "!=", False) & Domain(last, "=", False)
    return {
        "eq": inside,
        "ne": Domain(first, "!=", False) & ~inside,
        "gt": going | Domain(last, ">=", end),
        "ge": going | Domain(last, ">=", begin),
        "lt": Domain(first, "<", begin),
        "le": Domain(first, "<", end),
        "sa": Domain(first, ">=", end),
        "eb": Domain(last, "<", begin),
    }[prefix]


def _edges(parts):
    year, month, day = (part and int(part) for part in parts.groups())
    if year < 1000:
        raise ValueError(year)
    begin = datetime(year, month or 1, day or 1)
    step = {"days": 1} if day else {"months": 1} if month else {"years": 1}
    return begin, begin + relativedelta(**step)


def _days(text, zone):
    parts = PARTIAL.fullmatch(text)
    return parts and tuple(
        zone.localize(datetime.combine(day, time()))
        .astimezone(pytz.utc)
        .replace(tzinfo=None)
        for day in _edges(parts)
    )


def _seconds(text, zone):
    moment = datetime.fromisoformat(text)
    if not moment.tzinfo:
        moment = zone.localize(moment)
    begin = moment.astimezone(pytz.utc).replace(tzinfo=None, microsecond=0)
    if begin.year < 1000:
        raise ValueError(begin.year)
    return begin, begin + timedelta(seconds=1)
