"""Points, total and band of a score from what is known of somebody. No ORM.

A score is a table: each item turns a value into points, the points make a total, the
total falls into a band. Nothing is guessed: what is missing refuses.
"""

import math
from itertools import pairwise
from typing import NamedTuple

NUMBER, CHOICE, YES_NO = "number", "choice", "yes_no"
SUM, HIGHEST = "sum", "highest"
SNOMED = "http://snomed.info/sct"


class Option(NamedTuple):
    """The points of a choice, or of a range of numbers; None is no end."""

    points: int
    code: str | None = None  # of a choice; yes or no
    low: float | None = None
    high: float | None = None
    with_low: bool = True
    with_high: bool = False
    sex: str | None = None  # male, female, or None for everybody

    def holds(self, number):
        """Tell whether a number lies in the range."""
        if self.low is not None and (
            number < self.low or (number == self.low and not self.with_low)
        ):
            return False
        return self.high is None or (
            number < self.high or (number == self.high and self.with_high)
        )


class Item(NamedTuple):
    code: str
    kind: str
    options: tuple  # of Option
    lowest: float | None = None  # permitted numbers, both ends included
    highest: float | None = None
    is_whole: bool = False


class Band(NamedTuple):
    """What totals mean from one to another, both included."""

    code: str
    low: int
    high: int
    sex: str | None = None


class Alert(NamedTuple):
    """An item whose points alone call somebody, whatever the total is."""

    id: int
    item: str
    points: int  # from here
    level: str


class Table(NamedTuple):
    items: tuple
    bands: tuple
    method: str = SUM
    sex_item: str | None = None  # the item that says the sex
    alerts: tuple = ()


class Result(NamedTuple):
    total: int
    band: str  # code
    points: dict  # item code → points, in the order of the items
    alerts: tuple


class InputError(ValueError):
    """What stands in the way of a total: all of it at once.

    :ivar list missing: codes of items without a value
    :ivar list refused: (code, value) of values that the item does not permit
    :ivar list unknown: codes that are no item of the score
    """

    def __init__(self, missing, refused, unknown):
        super().__init__(f"missing {missing}, refused {refused}, unknown {unknown}")
        self.missing, self.refused, self.unknown = missing, refused, unknown


def evaluate(table, inputs):
    """Return the ``Result`` of a dict item code → value.

    Values are numbers for numbers, codes for choices, and True, False, "yes" or "no".

    :raise InputError: if a value is missing or not permitted
    """
    values, missing, refused = {}, [], []
    for item in table.items:
        value = inputs.get(item.code)
        if is_missing(item, value):
            missing.append(item.code)
            continue
        values[item.code] = normalize(item, value)
        if values[item.code] is None:
            refused.append((item.code, value))
    points = {}
    for item in table.items:
        if values.get(item.code) is None:
            continue
        option = choose_option(table, item, values)
        if option:
            points[item.code] = option.points
        elif not _waits_for_sex(table, item, values):
            refused.append((item.code, inputs[item.code]))
    unknown = sorted(set(inputs) - {item.code for item in table.items})
    if missing or refused or unknown:
        raise InputError(missing, refused, unknown)
    total = _get_total(table, points.values())
    band = choose_band(table, total, values.get(table.sex_item))
    return Result(total, band and band.code, points, _get_alerts(table, points))


def is_missing(item, value):
    """Tell whether there is no value; no is an answer, 0 is a number."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    return value is False and item.kind != YES_NO


def normalize(item, value):
    """Return the value as the table knows it, or None where it is not permitted."""
    if item.kind == NUMBER:
        return _normalize_number(item, value)
    if item.kind == YES_NO and isinstance(value, bool | int) and value in (0, 1):
        return "yes" if value else "no"
    code = str(value).strip()
    return code if any(option.code == code for option in item.options) else None


def _normalize_number(item, value):
    if isinstance(value, bool):
        return None
    try:
        number = round(float(value), 6)
    except (TypeError, ValueError):
        return None
    if not math.isfinite(number) or (item.is_whole and not number.is_integer()):
        return None
    if item.lowest is not None and number < item.lowest:
        return None
    if item.highest is not None and number > item.highest:
        return None
    return number


def choose_option(table, item, values):
    """Return the ``Option`` of a value that has been normalized, or None."""
    value, sex = values[item.code], values.get(table.sex_item)
    for option in item.options:
        if option.sex and option.sex != sex:
            continue
        if option.holds(value) if item.kind == NUMBER else option.code == value:
            return option
    return None


def choose_band(table, total, sex):
    """Return the ``Band`` of a total, or None."""
    for band in table.bands:
        if band.low <= total <= band.high and (not band.sex or band.sex == sex):
            return band
    return None


def _waits_for_sex(table, item, values):
    return values.get(table.sex_item) is None and any(
        option.sex for option in item.options
    )


def _get_total(table, points):
    points = list(points)
    if table.method == HIGHEST:
        return max(points)
    return sum(points)


def _get_alerts(table, points):
    return tuple(
        alert for alert in table.alerts if points.get(alert.item, 0) >= alert.points
    )


# The table itself


def get_sexes(table):
    """Return the sexes for which the table is read: (None,) where it asks for none."""
    for item in table.items:
        if item.code == table.sex_item:
            return tuple(option.code for option in item.options)
    return (None,)


def get_extremes(table, sex=None):
    """Return (lowest, highest) total that somebody of a sex can have."""
    lows, highs = [], []
    for item in table.items:
        found = [
            option.points
            for option in _get_options(item, sex)
            if item.code != table.sex_item or option.code == sex
        ]
        if found:
            lows.append(min(found))
            highs.append(max(found))
    if not lows:
        return 0, 0
    return _get_total(table, lows), _get_total(table, highs)


def find_faults(table):
    """Return what is wrong with a table, as list of (what, code).

    ``what`` is one of ``empty`` (an item without points), ``choices`` (an answer of yes
    and no is missing), ``overlap`` and ``gap`` (of the ranges of an item), ``bands`` (a
    total without a band, or with two).
    """
    faults = [("empty", item.code) for item in table.items if not item.options]
    for item in table.items:
        if item.kind == YES_NO and {o.code for o in item.options} != {"yes", "no"}:
            faults.append(("choices", item.code))
        for sex in get_sexes(table):
            faults += [(what, item.code) for what in _find_range_faults(item, sex)]
    for sex in get_sexes(table):
        faults += [("bands", code) for code in _find_band_faults(table, sex)]
    return list(dict.fromkeys(faults))


def _get_options(item, sex):
    return [option for option in item.options if option.sex in (None, sex)]


def _find_range_faults(item, sex):
    if item.kind != NUMBER or not item.options:
        return []
    ranges = sorted(
        _get_options(item, sex),
        key=lambda option: (
            -math.inf if option.low is None else option.low,
            not option.with_low,
        ),
    )
    faults = []
    for former, latter in pairwise(ranges):
        if former.high is None or latter.low is None or former.high > latter.low:
            faults.append("overlap")
        elif former.high < latter.low or not (former.with_high or latter.with_low):
            faults.append("gap")
        elif former.with_high and latter.with_low:
            faults.append("overlap")
    return faults


def _find_band_faults(table, sex):
    low, high = get_extremes(table, sex)
    for total in range(low, high + 1):
        fitting = [
            band
            for band in table.bands
            if band.low <= total <= band.high and band.sex in (None, sex)
        ]
        if len(fitting) != 1:
            return [str(total)]
    return []


# Diagnoses


class Code(NamedTuple):
    """A row of codes: a prefix of ICD-10, a range of prefixes, or one SNOMED code."""

    system: str  # icd10 or snomed
    code: str
    code_to: str | None = None


def match_code(rows, system, code):
    """Tell whether a diagnosis is among rows of ``Code``.

    Codes of ICD-10 are compared without dots, by their first characters. A diagnosis
    without a code system is taken for ICD-10, which is what is typed by hand.

    :param str system: URI of the code system of the diagnosis, or None
    """
    if not code:
        return False
    if system == SNOMED:
        return any(row.system == "snomed" and row.code == code for row in rows)
    if system and ("icd-9" in system.lower() or "loinc" in system.lower()):
        return False
    plain = _strip(code)
    return any(row.system == "icd10" and _in_range(plain, row) for row in rows)


def _in_range(plain, row):
    low, high = _strip(row.code), _strip(row.code_to or row.code)
    return plain[: len(low)] >= low and plain[: len(high)] <= high


def _strip(code):
    return code.replace(".", "").strip().upper()


class Comorbidity(NamedTuple):
    id: int
    weight: int
    family: str | None  # of one family, the heaviest counts
    rows: tuple  # of Code


def count_comorbidities(found):
    """Return (index, those that count) of a list of ``Comorbidity``."""
    heaviest = {}
    for disease in found:
        key = disease.family or disease.id
        if key not in heaviest or disease.weight > heaviest[key].weight:
            heaviest[key] = disease
    counting = sorted(heaviest.values(), key=lambda one: (-one.weight, one.id))
    return sum(disease.weight for disease in counting), counting
