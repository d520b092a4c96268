"""Working hours inside a span of time; without the ORM."""

from datetime import datetime, time, timedelta

NOTHING, DAY = timedelta(), timedelta(days=1)


class WorkingTime:
    """Measure spans in the hours in which a hospital's office works.

    Days between the ends of a span are counted, not visited.

    :param days: `WorkingDays` of the hospital
    :param shifts: pairs of `datetime.time` (start, end) of a working day; midnight as an
        end is the end of the day. Overlapping shifts count once
    :param tz: pytz zone in which the shifts are meant
    :raise ValueError: on a shift that ends before it begins
    """

    def __init__(self, days, shifts, tz):
        self.days = days
        self.tz = tz
        self.shifts = _merge(shifts)
        self._full = sum((end - start for start, end in self.shifts), NOTHING)

    def hours(self, start, end):
        """Return the working hours (float) between two naive UTC datetimes."""
        return self._measure(start, end) / timedelta(hours=1)

    def at_share(self, start, end, share):
        """Return the naive UTC moment at which a share of a span has passed.

        :param share: share of the working time between start and end, 0 or more. All of
            it (1) is the end itself; more than 1 goes on after it. Without working time
            in the span, plain time is taken
        :raise ValueError: on a negative share
        """
        if share < 0:
            raise ValueError(f"A share cannot be negative: {share}")
        if end <= start or share == 1:
            return end
        working = self._measure(start, end)
        if not working:
            return start + (end - start) * share
        moment = self._add(start, working * share)
        # Rounding never carries a moment over either end of the span.
        return max(moment, end) if share > 1 else min(max(moment, start), end)

    def _measure(self, start, end):
        if end <= start:
            return NOTHING
        first, since = self._localize(start)
        last, until = self._localize(end)
        whole = self.days.count(first - DAY, last - DAY)
        head = self._get_worked(first, since)
        return max(whole * self._full + self._get_worked(last, until) - head, NOTHING)

    def _add(self, start, working):
        """Return the first moment at which an amount of working time has passed."""
        first, since = self._localize(start)
        if not working:
            return start
        wanted = working + self._get_worked(first, since)
        whole, rest = divmod(wanted, self._full)
        if not rest:
            whole, rest = whole - 1, self._full
        day = self.days.add(first - DAY, whole + 1)
        return self._to_utc(day, self._get_clock(rest))

    def _localize(self, moment):
        """Return the hospital's date of a naive UTC datetime, and the clock on it."""
        local = self.tz.fromutc(moment).replace(tzinfo=None)
        return local.date(), local - datetime.combine(local.date(), time.min)

    def _to_utc(self, day, clock):
        local = datetime.combine(day, time.min) + clock
        return local - self.tz.localize(local).utcoffset()

    def _get_worked(self, day, clock):
        """Return the working time of a day until a clock (timedelta since midnight)."""
        if not self.days.is_working(day):
            return NOTHING
        spans = (min(clock, end) - start for start, end in self.shifts if clock > start)
        return sum(spans, NOTHING)

    def _get_clock(self, worked):
        """Return the clock at which an amount of a day's working time is done."""
        for start, end in self.shifts:
            if worked <= end - start:
                return start + worked
            worked -= end - start
        return self.shifts[-1][1]


def _merge(shifts):
    """Return the shifts in their order as pairs of timedelta since midnight."""
    merged = []
    for start, end in sorted((_since(start), _until(end)) for start, end in shifts):
        if end <= start:
            raise ValueError(f"A shift ends before it begins: {start} to {end}")
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _since(clock):
    return datetime.combine(datetime.min, clock) - datetime.min


def _until(clock):
    return _since(clock) or DAY
