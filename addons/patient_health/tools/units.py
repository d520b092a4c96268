"""Units of measurement by UCUM, converted with pint. No ORM."""

from functools import cache, lru_cache

import pint
from ucumvert import PintUcumRegistry

# What other systems write and UCUM spells otherwise.
SPELLINGS = {
    "mmHg": "mm[Hg]",
    "℃": "Cel",
    "°C": "Cel",
    "bpm": "/min",
    "次/分": "/min",
    "mL/min/1.73m2": "mL/min/{1.73_m2}",
    "μmol/L": "umol/L",
    "µmol/L": "umol/L",
    "10^9/L": "10*9/L",
    "10^12/L": "10*12/L",
    "g/l": "g/L",
    "mmol/l": "mmol/L",
    "mg/dl": "mg/dL",
    "％": "%",
    "pH": "{pH}",  # a logarithm, to which nothing else converts
    "[pH]": "{pH}",
    "(score)": "{score}",
}


class UnitError(ValueError):
    """A unit that is not UCUM, or that cannot become the other one."""


@cache
def _get_registry():
    return PintUcumRegistry(cache_folder=None)


@lru_cache(maxsize=2048)
def _parse(code):
    registry = _get_registry()
    try:
        quantity = registry.from_ucum(code)
    except Exception as error:  # the parser raises its own grammar's errors
        raise UnitError(code) from error
    if not isinstance(quantity, pint.Quantity):
        return registry.Quantity(1)  # nothing but a remark, as in {score}
    return quantity


def is_unit(code):
    """Tell whether UCUM knows a unit."""
    try:
        _parse(SPELLINGS.get(code, code))
    except UnitError:
        return False
    return True


@lru_cache(maxsize=2048)
def get_conversion(source, target, molar_mass=None):
    """Return (factor, offset) so that value × factor + offset is in the target unit.

    :param str source: UCUM code of the value
    :param str target: UCUM code wanted
    :param float molar_mass: g/mol of the substance, between mass and amount
    :raise UnitError: where there is no way between the two
    """
    source, target = SPELLINGS.get(source, source), SPELLINGS.get(target, target)
    if source == target:
        return 1.0, 0.0
    start, end = _parse(source), _parse(target)
    zero, one = (_convert(number, start, end, molar_mass) for number in (0.0, 1.0))
    return one - zero, zero


def _convert(number, start, end, molar_mass):
    registry = _get_registry()
    quantity = registry.Quantity(number * start.magnitude, start.units)
    try:
        result = quantity.to(end.units)
    except pint.DimensionalityError as error:
        result = _convert_by_mass(quantity, end, molar_mass, error)
    return result.magnitude / end.magnitude


def _convert_by_mass(quantity, end, molar_mass, error):
    """Go from mass to amount of substance, or back."""
    if not molar_mass:
        raise UnitError(str(error)) from error
    mass = molar_mass * _get_registry()("g/mol")
    for way in (quantity / mass, quantity * mass):
        try:
            return way.to(end.units)
        except pint.DimensionalityError:
            continue
    raise UnitError(str(error)) from error
