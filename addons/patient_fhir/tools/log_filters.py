"""Keep what patients are called out of the server's log.

Odoo's server writes the address of each request, and a failed SQL statement with its
values, to its log. A FHIR search has names in its address, a FHIR statement in its values.
"""

import logging
import threading
from contextlib import contextmanager

ROOT = "/fhir/"
_here = threading.local()


class HideQuery(logging.Filter):
    """Cut the query of a FHIR address in the lines of the HTTP server."""

    def filter(self, record):
        if record.args and isinstance(record.args, tuple):
            record.args = tuple(self._cut(part) for part in record.args)
        return True

    def _cut(self, part):
        if not isinstance(part, str) or ROOT not in part:
            return part
        head, mark, tail = part.partition("?")
        return f"{head}?… {tail.rpartition(' ')[2]}" if mark else part


class HideStatement(logging.Filter):
    """Drop failed statements of an intake: the entry's outcome tells what failed."""

    def filter(self, record):
        return not getattr(_here, "quiet", False)


@contextmanager
def quiet_statements():
    before = getattr(_here, "quiet", False)
    _here.quiet = True
    try:
        yield
    finally:
        _here.quiet = before


def install():
    _add("werkzeug", HideQuery)
    _add("odoo.sql_db", HideStatement)


def _add(name, filter_class):
    logger = logging.getLogger(name)
    if not any(
        type(found).__name__ == filter_class.__name__ for found in logger.filters
    ):
        logger.addFilter(filter_class())
