"""Numbers of reports that carry how many facts they rest on."""

from typing import NamedTuple

# From fewer facts no share, mean or median is shown.
MIN_FACTS = 5


class Figure(NamedTuple):
    """A number, and of how many facts it is (n); a plain count has no n."""

    value: float | None
    n: int | None = None

    @property
    def is_known(self):
        """Tell whether there are enough facts to show the number."""
        enough = self.n is None or self.n >= MIN_FACTS
        return enough and self.value is not None

    def get_change(self, before):
        """Return the difference from another figure; None where one is not known."""
        if not (self.is_known and before.is_known):
            return None
        return self.value - before.value


class DepartmentRow(NamedTuple):
    """What the report says of one department in the month."""

    name: str
    problems: int
    rate: Figure
    on_time: Figure
    founded: Figure
    severity: Figure


def get_share(part, n):
    """Return a share in percent as a ``Figure``."""
    return Figure(100.0 * part / n if n else None, n)


def get_rate(number, n):
    """Return how many there are of each thousand, as a ``Figure``."""
    return Figure(1000.0 * number / n if n else None, n)
