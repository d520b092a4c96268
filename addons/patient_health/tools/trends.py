"""Courses of numbers over years: bands along a life, and two periods compared. No ORM."""

import math
from datetime import date, timedelta
from typing import NamedTuple

from .ages import DAYS_OF_YEAR, get_age
from .bands import choose_band

OUT_OF_RANGE = frozenset(("abnormal", "act", "critical"))
JUDGED = OUT_OF_RANGE | {"normal"}


class Segment(NamedTuple):
    """The band that is in force between two days, both included."""

    first: date
    last: date
    band: tuple  # a ``Band``


class Summary(NamedTuple):
    """What a period says of one indicator; None where there is nothing to say."""

    count: int
    mean: float | None
    out_share: float | None  # of the values that a range judges, 0 to 1
    distance: float | None  # mean distance from the normal range


def get_segments(bands, sex, birth_date, first, last):
    """Return the bands in force for somebody from one day to another.

    :param bands: of ``Band``, all of one indicator
    :param str sex: male, female, other or None
    :param date birth_date: or None
    :return: list of ``Segment``; days without a band are left out
    """
    segments = []
    starts = [first, *_get_turning_days(bands, birth_date, first, last)]
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        end = following - timedelta(days=1) if following else last
        band = choose_band(bands, sex, get_age(birth_date, start))
        if not band:
            continue
        if segments and segments[-1].band == band and _touch(segments[-1].last, start):
            segments[-1] = segments[-1]._replace(last=end)
        else:
            segments.append(Segment(start, end, band))
    return segments


def summarize(points, band):
    """Return the ``Summary`` of the points of a period.

    :param points: dicts with value (float) and level
    :param band: the ``Band`` at the end of the period, or None
    """
    points = list(points)
    if not points:
        return Summary(0, None, None, None)
    values = [point["value"] for point in points]
    judged = [point["level"] for point in points if point["level"] in JUDGED]
    out = sum(level in OUT_OF_RANGE for level in judged)
    distances = [_get_distance(band, value) for value in values] if band else []
    return Summary(
        count=len(values),
        mean=math.fsum(values) / len(values),
        out_share=out / len(judged) if judged else None,
        distance=math.fsum(distances) / len(distances) if distances else None,
    )


def is_improved(before, after, better, decimals):
    """Tell whether a second period is better than a first.

    A difference that cannot be seen in the way the number is written is none. Where the
    normal range counts, it is the mean distance from it; where no line is drawn, nothing
    is said.

    :param str better: lower, higher or within
    :return: True, False, or None where there is no change or nothing to compare
    """
    pair = (
        (before.distance, after.distance)
        if better == "within"
        else (before.mean, after.mean)
    )
    if None in pair:
        return None
    difference = pair[1] - pair[0]
    if abs(difference) < 0.5 * 10**-decimals:
        return None
    return difference > 0 if better == "higher" else difference < 0


def _get_turning_days(bands, birth_date, first, last):
    """Return the days after the first on which an age begins or ends that matters."""
    if not birth_date:
        return []
    ages = {age for band in bands for age in (band.age_from, band.age_to) if age}
    days = {_get_day_of_age(birth_date, age) for age in ages} | {birth_date}
    return sorted(day for day in days if day and first < day <= last)


def _get_day_of_age(birth_date, age):
    """Return the first day on which ``get_age`` is at least this age; None if too far."""
    whole = math.floor(age)
    birthday = _get_birthday(birth_date, whole)
    if birthday is None or age == whole:
        return birthday
    day = birthday + timedelta(days=math.ceil((age - whole) * DAYS_OF_YEAR))
    return min(day, _get_birthday(birth_date, whole + 1) or day)


def _get_birthday(birth_date, age):
    year = birth_date.year + age
    if year > date.max.year:
        return None
    try:
        return birth_date.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _touch(last, start):
    return start - last == timedelta(days=1)


def _get_distance(band, value):
    if band.normal_low is not None and value < band.normal_low:
        return band.normal_low - value
    if band.normal_high is not None and value > band.normal_high:
        return value - band.normal_high
    return 0.0
