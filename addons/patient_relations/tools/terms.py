"""When a term ends, and when a share of it has passed; without the ORM.

Civil Code of China, articles 201 to 203: the day of the event does not count, hours
count from the moment; a term by months ends on the same day number; a last day that is
no working day moves on; a term by days ends at midnight. Other countries' rules that
differ are a matter of their working days.

The end of the day is a rule of hospitals: what must be done on the same day, with some
hours at least for whoever hears of it late in the evening.
"""

from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

import pytz

LAST_MOMENT = time(23, 59, 59)
PLAIN_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
# What runs by the clock, at night and on days off too.
CLOCK_UNITS = (*PLAIN_UNITS, "end_of_day")


def hours_between(start, end):
    return (end - start).total_seconds() / 3600


class Calendar(NamedTuple):
    """How a hospital counts: its ``WorkingDays``, ``WorkingTime`` and pytz zone."""

    days: object
    time: object
    zone: object


class RuleFacts(NamedTuple):
    """What the engine asks of a rule for each record."""

    regime_id: int
    step: str
    domain: list
    unit: str
    amount: int
    steps: tuple  # of the ladder: (id, percent, role), ascending
    is_urgent: bool

    @property
    def percents(self):
        """The percentages of the ladder, ascending, each once."""
        return tuple(dict.fromkeys(percent for _id, percent, _role in self.steps))


class Term:
    """The span from an event to the last moment in time.

    :param Calendar calendar: how the hospital counts
    :param str unit: minute, hour, end_of_day, day, working_day or month
    :param int amount: how many of them; until the end of the day, the least hours
    :param datetime started_at: naive UTC
    :param pauses: (start, end) of naive UTC datetimes, in order and apart
    """

    def __init__(self, calendar, unit, amount, started_at, pauses=()):
        self.days, working_time, self.zone = calendar
        self.time = None if unit in CLOCK_UNITS else working_time
        self.unit = unit
        self.amount = amount
        self.started_at = started_at
        self.pauses = [
            (max(start, started_at), end) for start, end in pauses if end > started_at
        ]
        self.start_day = self._get_day(started_at)
        self.due_at = self._get_due_at()

    @property
    def is_provisional(self):
        """Whether it runs through a year whose working days are not published yet."""
        if self.unit in CLOCK_UNITS:
            return False
        return bool(self.days.unpublished_years(self.start_day, self.due_day))

    @property
    def due_day(self):
        return self._get_day(self.due_at)

    def at_share(self, share):
        """Return the moment at which a share of the time has passed, pauses left out.

        Working time counts, unless the term runs by the clock.

        :param float share: 1 is the due date; more goes on behind it
        """
        if share == 1:
            return self.due_at
        if share > 1 or not self.pauses:
            return self._pass(self.started_at, self.due_at, share)
        return self._walk(share)

    def _walk(self, share):
        """Let the share of the net time pass from the start on, over the pauses."""
        spans = self._get_spans()
        lengths = [self._measure(start, end) for start, end in spans]
        left = share * sum(lengths)
        for (start, end), length in zip(spans, lengths, strict=True):
            if length and left <= length:
                return self._pass(start, end, left / length)
            left -= length
        return self.due_at

    def _get_spans(self):
        """Return the spans between the pauses, from the start to the due date."""
        spans, start = [], self.started_at
        for pause_start, pause_end in self.pauses:
            if pause_start > start:
                spans.append((start, min(pause_start, self.due_at)))
            start = max(start, pause_end)
        if start < self.due_at:
            spans.append((start, self.due_at))
        return spans

    def _measure(self, start, end):
        return (self.time.hours if self.time else hours_between)(start, end)

    def _pass(self, start, end, share):
        moment = (
            self.time.at_share(start, end, share)
            if self.time
            else start + (end - start) * share
        )
        return moment.replace(microsecond=0)

    def _get_due_at(self):
        if self.unit in CLOCK_UNITS:
            paused = sum((end - start for start, end in self.pauses), timedelta())
            return self._get_clock_end() + paused
        return _get_end_of_day(self.zone, self._get_last_day())

    def _get_clock_end(self):
        """Return when a term that runs by the clock ends, pauses left out."""
        if self.unit == "end_of_day":
            least = self.started_at + PLAIN_UNITS["hour"] * self.amount
            return max(_get_end_of_day(self.zone, self.start_day), least)
        return self.started_at + PLAIN_UNITS[self.unit] * self.amount

    def _get_last_day(self):
        if self.unit == "working_day":
            paused = sum(self.days.count(*span) for span in self._get_paused_days())
            return self.days.add(self.start_day, self.amount + paused)
        paused = sum((end - start).days for start, end in self._get_paused_days())
        if self.unit == "day":
            return self.days.add_days(self.start_day, self.amount + paused)
        last = self.days.add_months(self.start_day, self.amount)
        return self.days.add_days(last, paused)

    def _get_paused_days(self):
        return [
            (self._get_day(start), self._get_day(end)) for start, end in self.pauses
        ]

    def _get_day(self, moment):
        """Return the hospital's date of a naive UTC datetime."""
        return self.zone.fromutc(moment).date()


@lru_cache(maxsize=4096)
def _get_end_of_day(zone, day):
    """Return the last second of a day as naive UTC; many terms end on the same day."""
    local = zone.localize(datetime.combine(day, LAST_MOMENT))
    return local.astimezone(pytz.utc).replace(tzinfo=None)
