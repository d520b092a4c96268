"""Reference bands: what a number means for somebody of a sex and an age. No ORM."""

from typing import NamedTuple

LEVELS = ("unknown", "normal", "abnormal", "act", "critical")


class Band(NamedTuple):
    """The lines of one indicator for one group of people; None is no line.

    From ``normal_low`` to ``normal_high`` is normal, both included. At ``act_low`` and
    below, or at ``act_high`` and above, something has to be done; at the critical lines
    at once.
    """

    sex: str | None  # male, female, or None for everybody
    age_from: float  # completed years, included
    age_to: float | None  # years, excluded
    normal_low: float | None = None
    normal_high: float | None = None
    act_low: float | None = None
    act_high: float | None = None
    critical_low: float | None = None
    critical_high: float | None = None

    def fits(self, sex, age):
        """Tell whether the band is for somebody of this sex and age (years or None)."""
        if self.sex and self.sex != sex:
            return False
        if age is None:
            return self.age_from <= 0 and self.age_to is None
        return self.age_from <= age and (self.age_to is None or age < self.age_to)

    @property
    def narrowness(self):
        """Sort key: a band for one sex goes before one for all, a short age before all."""
        span = (self.age_to or 200) - self.age_from
        return (self.sex is None, span)


def choose_band(bands, sex, age):
    """Return the narrowest band for somebody, or None.

    :param str sex: male, female, other or None
    :param float age: in years at the moment of the measurement, or None
    """
    fitting = [band for band in bands if band.fits(sex, age)]
    return min(fitting, key=lambda band: band.narrowness, default=None)


def classify(band, value):
    """Return (level, side) of a number.

    :param band: a ``Band`` or None
    :return: level is one of ``LEVELS``, side is "low", "high" or None
    """
    if band is None:
        return "unknown", None
    for level, low, high in (
        ("critical", band.critical_low, band.critical_high),
        ("act", band.act_low, band.act_high),
    ):
        if low is not None and value <= low:
            return level, "low"
        if high is not None and value >= high:
            return level, "high"
    if band.normal_low is not None and value < band.normal_low:
        return "abnormal", "low"
    if band.normal_high is not None and value > band.normal_high:
        return "abnormal", "high"
    return "normal", None
