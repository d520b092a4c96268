"""Age in years on a day. No ORM."""

DAYS_OF_YEAR = 366


def get_age(birth_date, day):
    """Return years with a fraction, whole on each birthday; None if unknown or unborn.

    Who was born on 29 February is a year older on 1 March of common years.
    """
    if not birth_date or not day or day < birth_date:
        return None
    passed = (day.month, day.day) >= (birth_date.month, birth_date.day)
    years = day.year - birth_date.year - (not passed)
    last = day.year if passed else day.year - 1
    try:
        birthday = birth_date.replace(year=last)
    except ValueError:
        birthday = birth_date.replace(year=last, month=3, day=1)
    return years + (day - birthday).days / DAYS_OF_YEAR
