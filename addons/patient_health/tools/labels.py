"""What charts and grids say of an indicator. No ORM."""

from typing import NamedTuple


class IndicatorLabels(NamedTuple):
    """Name and unit of an indicator in the language of the reader."""

    id: int
    name: str
    code: str
    category: str
    unit: str
    decimals: int
    better: str
