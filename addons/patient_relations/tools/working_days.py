"""Working days of a country and the terms that are counted in them; without the ORM.

Sources: Civil Code of China, art. 201 (the day of receipt is not counted), art. 202 (a term
of months ends on the same day number, else on the last day of the month) and art. 203 (a
last day that is a day off moves to the next working day). Holidays, weekends and make-up
working days come from the `holidays` library; a hospital's own rows go before it.
"""

import calendar
from bisect import bisect_left, bisect_right
from datetime import MAXYEAR, MINYEAR, date
from functools import lru_cache

import holidays

# The years the library is asked for when it is to say what a country has published.
PUBLISHED_SPAN = range(1990, 2101)
# A country publishes every year when four of its last five years have make-up days.
YEARLY_SPAN, YEARLY_LEAST = 5, 4


class WorkingDays:
    """Count working days of one country, without a look at each day.

    :param country_code: ISO 3166-1 code; empty or unknown means Monday to Friday
    :param subdivision: code of a part of the country; an unknown one is left out
    :param overrides: mapping date -> bool (is it worked?), stronger than the library
    :param published: years whose make-up days are known beside the library; by default
        those in which there is an override
    """

    def __init__(self, country_code, subdivision=None, overrides=None, published=None):
        self.country_code, self.subdivision = _resolve(country_code, subdivision)
        self._overrides = {}
        for day, is_working in (overrides or {}).items():
            self._overrides.setdefault(day.year, {})[day.toordinal()] = bool(is_working)
        self._published = frozenset(self._overrides if published is None else published)
        self._years = {}

    def is_working(self, day):
        days, ordinal = self._get_year(day.year), day.toordinal()
        position = bisect_left(days, ordinal)
        return position < len(days) and days[position] == ordinal

    def add(self, day, count):
        """Return the date on which a term of working days ends.

        The day itself is not counted. A term of none ends on the day itself, moved on to
        a working day.

        :raise ValueError: on a negative count
        :raise OverflowError: past the year 9999
        """
        _check_count(count)
        year, ordinal = day.year, day.toordinal()
        days = self._get_year(year)
        # of none, the first working day from the day on; of n, the n-th after it
        position = bisect_left(days, ordinal)
        if count:
            position = bisect_right(days, ordinal) + count - 1
        while position >= len(days):
            position -= len(days)
            year += 1
            days = self._get_year(year)
        return date.fromordinal(days[position])

    def add_days(self, day, count):
        """Return the date on which a term of calendar days ends (art. 203).

        :raise ValueError: on a negative count
        """
        _check_count(count)
        return self.add(date.fromordinal(day.toordinal() + count), 0)

    def add_months(self, day, count):
        """Return the date on which a term of months ends (art. 202 and 203).

        :raise ValueError: on a negative count
        """
        _check_count(count)
        years, month = divmod(day.month - 1 + count, 12)
        year, month = day.year + years, month + 1
        if year > MAXYEAR:
            raise OverflowError("date value out of range")
        last = calendar.monthrange(year, month)[1]
        return self.add(date(year, month, min(day.day, last)), 0)

    def count(self, start, end):
        """Return how many working days d there are with start < d <= end."""
        if end <= start:
            return 0
        before = bisect_right(self._get_year(start.year), start.toordinal())
        until = bisect_right(self._get_year(end.year), end.toordinal())
        between = range(start.year, end.year)
        return sum(len(self._get_year(year)) for year in between) + until - before

    def unpublished_years(self, start, end):
        """Return the years from start to end that can be computed provisionally only.

        These are the years of a country with yearly make-up days that are later than the
        last year the library knows, and about which nobody has entered anything.
        """
        last = _get_last_published(self.country_code)
        years = range(max(start.year, last + 1), end.year + 1)
        return [year for year in years if year not in self._published]

    def _get_year(self, year):
        """Return the ordinals of the working days of a year, in their order."""
        days = self._years.get(year)
        if days is None:
            days = self._years[year] = self._make_year(year)
        return days

    def _make_year(self, year):
        days = _get_library_year(self.country_code, self.subdivision, year)
        own = self._overrides.get(year)
        if not own:
            return days
        kept = [day for day in days if own.get(day, True)]
        return tuple(sorted({*kept, *(day for day in own if own[day])}))


def _check_count(count):
    if count < 0:
        raise ValueError(f"A term cannot be negative: {count}")


@lru_cache(maxsize=1024)
def _resolve(country_code, subdivision):
    """Return country and subdivision as the library knows them, None for the unknown."""
    country_code = (country_code or "").strip().upper()
    if country_code not in holidays.list_supported_countries():
        return None, None
    try:
        holidays.country_holidays(country_code, subdiv=subdivision or None)
    except NotImplementedError:
        return country_code, None
    return country_code, subdivision or None


@lru_cache(maxsize=4096)
def _get_library_year(country_code, subdivision, year):
    """Return the ordinals of the working days of a year by the library alone.

    :raise OverflowError: for a year that the calendar does not have
    """
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError("date value out of range")
    first = date(year, 1, 1).toordinal()
    days = range(first, first + 365 + calendar.isleap(year))
    if country_code is None:
        return tuple(day for day in days if (day - 1) % 7 < 5)
    # A neighbouring year may move one of its days into this one.
    around = range(max(year - 1, MINYEAR), min(year + 1, MAXYEAR) + 1)
    known = holidays.country_holidays(country_code, subdiv=subdivision, years=around)
    return tuple(day for day in days if known.is_working_day(date.fromordinal(day)))


@lru_cache(maxsize=256)
def _get_last_published(country_code):
    """Return the last year of which the library knows the make-up working days.

    The last year there is, for a country that has none or does not publish them yearly.
    """
    if country_code is None:
        return MAXYEAR
    known = holidays.country_holidays(country_code, years=PUBLISHED_SPAN)
    years = {day.year for day in known.weekend_workdays}
    last = max(years, default=MAXYEAR)
    recent = years & set(range(last - YEARLY_SPAN + 1, last + 1))
    return last if len(recent) >= YEARLY_LEAST else MAXYEAR
