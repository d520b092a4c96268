"""Reading FHIR JSON with care: every getter knows the place it reads.

``fhir.resources`` checks the shape of a resource; it lets pass wrong codes, numbers
where a date belongs, characters that PostgreSQL refuses and texts of any length.
"""

import re
from datetime import UTC, date, datetime

from odoo.tools.translate import LazyTranslate

from .outcome import Problem

_lt = LazyTranslate(__name__)

SHORT = 255
LONG = 4000
DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII
)
# PostgreSQL reads a year without leading zeros as another year.
FIRST_YEAR = 1000


class Node:
    """One JSON object and its FHIRPath."""

    __slots__ = ("data", "path")

    def __init__(self, data, path):
        if not isinstance(data, dict):
            raise Problem.of(400, "structure", _lt("An object is expected here."), path)
        self.data = data
        self.path = path

    def __contains__(self, key):
        return self.data.get(key) is not None

    def at(self, key):
        return f"{self.path}.{key}"

    def refuse(self, key, code, text, status=422):
        raise Problem.of(status, code, text, self.at(key) if key else self.path)

    # objects

    def child(self, key):
        """Return the object under a key; an empty one when there is none."""
        value = self.data.get(key)
        return Node({} if value is None else value, self.at(key))

    def children(self, key):
        """Return the objects of a list."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(key, "structure", _lt("A list is expected here."), 400)
        return [Node(item, f"{self.at(key)}[{i}]") for i, item in enumerate(value)]

    # values

    def text(self, key, limit=SHORT):
        """Return a text without blanks around it, or None."""
        value = self.data.get(key)
        return None if value is None else self._clean(value, self.at(key), limit)

    def texts(self, key, limit=SHORT):
        """Return the texts of a list; gaps (null) are left out."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(key, "structure", _lt("A list is expected here."), 400)
        cleaned = [
            self._clean(item, f"{self.at(key)}[{i}]", limit)
            for i, item in enumerate(value)
            if item is not None
        ]
        return [item for item in cleaned if item]

    def flag(self, key):
        value = self.data.get(key)
        if value is not None and not isinstance(value, bool):
            self.refuse(key, "structure", _lt("true or false is expected here."), 400)
        return value

    def code(self, key, known, required=False):
        """Return the meaning of a code by a dictionary."""
        value = self.text(key)
        if value is None:
            if required:
                self.refuse(key, "required", _lt("This element is required."), 400)
            return None
        if value not in known:
            self.refuse(
                key,
                "code-invalid",
                _lt("The code is not one of: %(codes)s", codes=", ".join(known)),
            )
        return known[value]

    def day(self, key):
        """Return a full date; None when it is absent or not known to the day."""
        value = self.text(key)
        if value is None:
            return None
        parts = DATE.fullmatch(value)
        return self._day(key, parts) if parts else self._refuse_date(key)

    def moment(self, key, zone, floor=False):
        """Return a naive UTC datetime, or None.

        A date without a time begins at midnight of the hospital's time zone; a date
        that is not known to the day is left out, or with ``floor`` is its first day.
        """
        value = self.text(key)
        if value is None:
            return None
        if parts := DATE.fullmatch(value):
            day = self._day(key, parts, floor)
            return day and self._to_utc(
                key, lambda: zone.localize(datetime(day.year, day.month, day.day))
            )
        parts = MOMENT.fullmatch(value)
        if not parts:
            self._refuse_date(key)
        return self._to_utc(
            key,
            lambda: datetime.fromisoformat(
                parts[1] + ("+00:00" if parts[2] == "Z" else parts[2])
            ),
        )

    # tools

    def _day(self, key, parts, floor=False):
        year, month, day = (int(part or 1) for part in parts.groups())
        try:
            found = date(year, month, day)
        except ValueError:
            self._refuse_date(key)
        if year < FIRST_YEAR:
            self._refuse_date(key)
        return found if parts[3] or floor else None

    def _to_utc(self, key, read):
        try:
            found = read().astimezone(UTC).replace(tzinfo=None)
        except (ValueError, OverflowError):
            self._refuse_date(key)
        if found.year < FIRST_YEAR:
            self._refuse_date(key)
        return found

    def _refuse_date(self, key):
        self.refuse(
            key,
            "value",
            _lt(
                "A date such as 2026-03-09 or a time such as 2026-03-09T08:30:00+08:00 "
                "is expected here."
            ),
            400,
        )

    def _clean(self, value, path, limit):
        if not isinstance(value, str):
            raise Problem.of(400, "structure", _lt("A text is expected here."), path)
        if "\0" in value or not _encodable(value):
            raise Problem.of(
                400,
                "value",
                _lt("The text holds a character that no text may hold."),
                path,
            )
        value = value.strip()
        if len(value) > limit:
            raise Problem.of(
                422,
                "too-long",
                _lt("At most %(limit)s characters can be kept.", limit=limit),
                path,
            )
        return value or None


def _encodable(value):
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
