"""The Chinese resident identity number (GB 11643): without the ORM."""

import re

from stdnum.cn import ric
from stdnum.exceptions import ValidationError


def compact(number):
    """Return a number as it is compared: no spaces or hyphens, a capital X."""
    return re.sub(r"[\s-]", "", number or "").upper()


def is_valid(number):
    """Tell whether length, check digit and date of birth are right.

    The place of birth is not looked up. Its codes change with the districts, and the
    file of ``stdnum`` cannot be opened under Odoo, whose import hook gives that package
    a loader without resources.
    """
    number = compact(number)
    return (
        len(number) == 18
        and number.isascii()
        and number[:17].isdigit()
        and number[17] == ric.calc_check_digit(number)
        and get_birth_date(number) is not None
    )


def get_birth_date(number):
    """Return the date of birth in a number, or None when there is no such day."""
    try:
        return ric.get_birth_date(compact(number))
    except ValidationError:
        return None


def get_gender(number):
    """Return ``male`` or ``female``: the digit before the last is odd for men."""
    return "male" if int(compact(number)[16]) % 2 else "female"
