"""What the intake of measurements asks of an indicator. No ORM."""

from typing import NamedTuple

from . import units
from .ages import get_age
from .bands import choose_band


class IndicatorFacts(NamedTuple):
    """What the intake of measurements asks of an indicator for each row."""

    id: int
    name: str
    code: str
    kind: str
    unit: str
    decimals: int
    plausible: tuple  # (lowest, highest) of a number, each may be None
    molar_mass: float | None
    is_sensitive: bool
    bands: tuple  # of Band
    options: dict  # option id → level
    conversions: dict  # unit → (factor, offset), before UCUM

    def choose_band(self, sex, birth_date, day):
        """Return the ``Band`` for somebody on a day, or None."""
        if not self.bands:
            return None
        return choose_band(self.bands, sex, get_age(birth_date, day))

    def is_plausible(self, number):
        """Tell whether a number, in the unit of the indicator, may be true."""
        low, high = self.plausible
        return (low is None or number >= low) and (high is None or number <= high)


def convert_by_facts(facts, value, unit):
    """Return a number in the unit of an indicator, given its ``IndicatorFacts``.

    :param str unit: UCUM code; empty means the indicator's own
    :raise UnitError: where there is no way between the two
    """
    if not unit or unit == facts.unit:
        return value
    if unit in facts.conversions:
        factor, offset = facts.conversions[unit]
    else:
        factor, offset = units.get_conversion(unit, facts.unit or "1", facts.molar_mass)
    return value * factor + offset
