"""Whom a score is read for, and what the record says of them. No ORM."""

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


class Cohort(NamedTuple):
    """What came of assessing a cohort."""

    assessments: object  # recordset of patient.assessment
    missing: dict  # record → what stands in the way, for people


class Filled(NamedTuple):
    """The inputs of one subject, with where each came from."""

    inputs: dict  # item code → value
    origins: dict  # item code → Fact, or None of what was asked
    overruled: dict  # item code → Fact that an answer contradicts
