"""A birth date as people type it. No ORM."""

import re
import unicodedata
from datetime import date

# Nobody types more; what is longer is not read.
MAX_LENGTH = 40
PARTED = re.compile(
    r"(\d{4})\s*[-/.年\s]\s*(\d{1,2})\s*[-/.月\s]\s*(\d{1,2})\s*[日号]?"
)
JOINED = re.compile(r"(\d{4})(\d{2})(\d{2})")


def parse_birth_date(text):
    """Return the date that somebody typed, or None.

    The year comes first, as on Chinese papers and in ISO 8601: 1980-02-03, 1980/2/3,
    1980.2.3, 19800203, 1980年2月3日, also in wide signs. Forms that begin with the day or
    the month are not read: nobody can tell one from the other.
    """
    signs = unicodedata.normalize("NFKC", (text or "")[:MAX_LENGTH]).strip()
    found = PARTED.fullmatch(signs) or JOINED.fullmatch(signs)
    if not found:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
