"""Words that tell who somebody is, found in any text and taken out of it.

One pattern serves Python and PostgreSQL: both know look-around and ``\\s`` in a set.
"""

import re

from markupsafe import Markup, escape

MARK = "●●●"
# Shorter ones stand in too many texts that speak of something else.
MIN_NAME = 2
MIN_DIGITS = 6
# What people write between the digits of a telephone number.
BETWEEN = r"[\s().+-]*"


def get_pattern(words, numbers):
    """Return the pattern of all that tells an identity; empty when nothing does.

    :param words: names and addresses, some may be empty
    :param numbers: telephone numbers as they are written, some may be empty
    """
    parts = {_get_number(number) for number in numbers}
    for word in words:
        plain = " ".join((word or "").split())
        parts.update({_get_word(plain), _get_word(str(escape(plain)))})
    return "|".join(sorted(parts - {""}, key=lambda part: (-len(part), part)))


def redact(text, pattern):
    """Return the text without what the pattern finds; markup stays markup."""
    if not pattern or not text:
        return text
    cleaned = re.sub(pattern, MARK, text, flags=re.IGNORECASE)
    return Markup(cleaned) if isinstance(text, Markup) else cleaned


def _get_word(word):
    if len(word) < MIN_NAME:
        return ""
    pattern = r"\s+".join(re.escape(part) for part in word.split())
    # “Li” is no part of “living”; Chinese has no spaces between words.
    before = r"(?<![A-Za-z0-9])" if re.match("[A-Za-z0-9]", word) else ""
    after = r"(?![A-Za-z0-9])" if re.search("[A-Za-z0-9]$", word) else ""
    return before + pattern + after


def _get_number(number):
    digits = re.sub(r"\D", "", number or "")
    return BETWEEN.join(digits) if len(digits) >= MIN_DIGITS else ""
