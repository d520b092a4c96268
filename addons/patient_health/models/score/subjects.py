"""Whom a score is read for, and what the record says of them."""

from typing import NamedTuple


class Subject(NamedTuple):
    """Somebody to assess, and the moment as of which the record is read."""

    key: int
    patient_id: int
    encounter_id: int | None
    moment: object  # naive UTC datetime
    starts_at: object  # of the visit; the moment where there is none


class Fact(NamedTuple):
    """A value of the record, and where it comes from."""

    value: object  # number, code of a choice, "yes" or "no"
    origin: str  # for people
    model: str | None = None
    res_id: int | None = None
