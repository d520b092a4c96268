"""Proportion of days covered by medicines that were handed out. No ORM.

As the Pharmacy Quality Alliance defines it: a day is covered when there is medicine for
it at hand. Where a supply of the same medicine is handed out before the former is used
up, its days begin after those of the former.

Days in hospital, where the hospital gives the medicine, are left out of numerator and
denominator, and medicine at home is not used up on them (the adjustment of the Centers
for Medicare and Medicaid Services). They are returned beside the figure.

The figure is a ratio and stays one: a line such as 80 % is for the reader to draw.
"""

from datetime import timedelta
from typing import NamedTuple

ONE_DAY = timedelta(days=1)


class Coverage(NamedTuple):
    """Days of a period, and how many of them are covered."""

    covered: int
    days: int  # of the period, without those in hospital
    stay_days: int

    @property
    def ratio(self):
        """Covered days of all days, from 0 to 1; None where there are no days."""
        return self.covered / self.days if self.days else None


def get_days(start, end):
    """Return the set of days from one date to another, both included."""
    return {start + number * ONE_DAY for number in range((end - start).days + 1)}


def get_coverage(supplies, start, end, stays=()):
    """Return the ``Coverage`` of a period by supplies of one medicine.

    :param supplies: (date handed out, number of days it lasts), in any order; those from
        before the period count as far as they reach into it
    :param date start: first day of the period, included
    :param date end: last day of the period, included
    :param stays: (first, last) days in hospital, both included; they may overlap
    """
    away = set().union(*(get_days(*stay) for stay in stays))
    period = get_days(start, end)
    covered = _get_covered_days(supplies, end, away)
    return Coverage(
        covered=len(covered & period - away),
        days=len(period - away),
        stay_days=len(period & away),
    )


def _get_covered_days(supplies, end, away):
    """Return the days for which there is medicine at home, until the end."""
    covered, free = set(), None
    for dispensed, days in sorted(supplies):
        day = dispensed if free is None else max(dispensed, free)
        while days > 0 and day <= end:
            if day not in away:
                covered.add(day)
                days -= 1
            day += ONE_DAY
        free = day if free is None else max(free, day)
    return covered
