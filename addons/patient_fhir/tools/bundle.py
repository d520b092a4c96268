"""From the bytes of a request or a file to a Bundle whose shell is sound."""

import json

from odoo.tools.translate import LazyTranslate

from .outcome import Problem

_lt = LazyTranslate(__name__)

MIB = 1024 * 1024
DEFAULT_MAX_BYTES = 64 * MIB
DEFAULT_MAX_ENTRIES = 20_000
# A request must say that it changes things; a file may also be a search result.
REQUEST_TYPES = ("transaction", "batch")
FILE_TYPES = (*REQUEST_TYPES, "collection", "searchset")


def parse(content, max_bytes=DEFAULT_MAX_BYTES):
    """Return the JSON object in some bytes.

    :raise Problem: 413 over the limit, 400 when it is not one JSON object in UTF-8
    """
    if len(content) > max_bytes:
        raise too_large(max_bytes)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem.of(
            400,
            "structure",
            _lt("The content is not UTF-8: byte %(position)s.", position=error.start),
        ) from None
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise Problem.of(
            400, "structure", _lt("The JSON is nested too deeply.")
        ) from None
    except json.JSONDecodeError as error:
        raise Problem.of(
            400,
            "structure",
            _lt(
                "The content is not JSON: line %(line)s, column %(column)s.",
                line=error.lineno,
                column=error.colno,
            ),
        ) from None
    except ValueError:
        raise Problem.of(
            400, "structure", _lt("The JSON holds a wrong number.")
        ) from None
    if not isinstance(found, dict):
        raise Problem.of(400, "structure", _lt("A JSON object is expected."))
    return found


def check_shell(bundle, types=REQUEST_TYPES, max_entries=DEFAULT_MAX_ENTRIES):
    """Check that a JSON object is a Bundle of a wanted type and return its entries."""
    if bundle.get("resourceType") != "Bundle":
        raise Problem.of(
            400, "structure", _lt("A Bundle is expected."), "Bundle.resourceType"
        )
    if bundle.get("type") not in types:
        raise Problem.of(
            400,
            "value",
            _lt(
                "The type of the Bundle is not one of: %(types)s",
                types=", ".join(types),
            ),
            "Bundle.type",
        )
    entries = bundle.get("entry")
    if entries is None:
        return []
    if not isinstance(entries, list):
        raise Problem.of(
            400, "structure", _lt("A list is expected here."), "Bundle.entry"
        )
    if len(entries) > max_entries:
        raise Problem.of(
            413,
            "too-costly",
            _lt("A Bundle may have at most %(limit)s entries.", limit=max_entries),
            "Bundle.entry",
        )
    return entries


def too_large(max_bytes):
    return Problem.of(
        413,
        "too-long",
        _lt("The content is larger than %(limit)s MiB.", limit=f"{max_bytes / MIB:g}"),
    )


def _refuse_constant(name):
    raise ValueError(name)
