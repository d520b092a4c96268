"""Three invented years of values, one story a patient. No ORM.

Every number follows from the patient's place in the list, so the demo hospital looks the
same on each machine; only the dates move with today.
"""

from datetime import timedelta
from typing import NamedTuple

YEARS = 3
QUARTER = timedelta(days=91)
# What a value changes from the first quarter to the last, by story.
STORIES = ("improving", "neglected", "steady")
GAPS = (4, 5, 6, 8, 9)  # quarters in which who is neglected does not come


class Curve(NamedTuple):
    """One indicator of a group: from where to where, by story."""

    code: str
    every: int  # quarters
    improving: tuple
    neglected: tuple
    steady: tuple
    spread: float
    decimals: int = 0


PRESSURE = [
    Curve("systolic", 1, (168, 128), (142, 178), (136, 134), 6),
    Curve("diastolic", 1, (102, 80), (88, 106), (84, 82), 4),
    Curve("pulse", 1, (84, 72), (78, 88), (74, 74), 4),
    Curve("weight", 1, (82, 75), (76, 81), (68, 68), 0.6, 1),
    Curve("creatinine", 4, (92, 84), (88, 131), (78, 79), 3),
]
SUGAR = [
    Curve("glucose_fasting", 1, (10.4, 6.6), (7.4, 13.2), (6.8, 6.9), 0.5, 1),
    Curve("glucose_2h", 2, (15.2, 9.1), (10.2, 18.1), (9.4, 9.6), 0.8, 1),
    Curve("hba1c", 2, (9.6, 6.7), (7.2, 10.8), (6.9, 7.0), 0.2, 1),
    Curve("weight", 1, (86, 77), (79, 85), (70, 70), 0.7, 1),
    Curve("systolic", 1, (146, 130), (138, 158), (132, 131), 5),
    Curve("diastolic", 1, (90, 80), (84, 94), (80, 80), 4),
    Curve("creatinine", 4, (88, 85), (90, 142), (80, 81), 3),
    Curve("ldl", 4, (4.3, 2.4), (3.6, 4.6), (2.9, 2.8), 0.2, 2),
]
CHECK_UP = [
    Curve("systolic", 4, (128, 122), (126, 138), (120, 121), 4),
    Curve("diastolic", 4, (82, 78), (80, 88), (76, 76), 3),
    Curve("weight", 4, (72, 69), (70, 77), (63, 63), 0.5, 1),
    Curve("glucose_fasting", 4, (5.9, 5.3), (5.6, 6.8), (5.1, 5.1), 0.2, 1),
    Curve("cholesterol", 4, (5.6, 4.9), (5.0, 6.4), (4.6, 4.6), 0.3, 2),
    Curve("triglycerides", 4, (2.1, 1.4), (1.6, 2.8), (1.2, 1.2), 0.2, 2),
    Curve("ldl", 4, (3.5, 2.9), (3.1, 4.3), (2.7, 2.7), 0.2, 2),
    Curve("hdl", 4, (1.0, 1.3), (1.2, 0.9), (1.4, 1.4), 0.05, 2),
    Curve("uric_acid", 4, (450, 380), (400, 520), (330, 335), 15),
    Curve("alt", 4, (48, 30), (32, 62), (22, 23), 4),
]
GROUPS = {"I10": PRESSURE, "I25": PRESSURE, "I50": PRESSURE, "E11": SUGAR}


def choose_curves(codes):
    """Return the curves of somebody with diagnoses; a yearly check-up without any."""
    for prefix in ("E11", "I10", "I25", "I50"):
        if any((code or "").startswith(prefix) for code in codes):
            return GROUPS[prefix]
    return CHECK_UP


def draw(curves, number, today):
    """Yield (moment, code, value) of one patient over the years.

    :param int number: the patient's place in the list; it chooses the story
    :param datetime today: the last quarter ends some days before it
    """
    story = STORIES[number % len(STORIES)]
    quarters = YEARS * 4
    for quarter in range(quarters):
        if story == "neglected" and quarter in GAPS:
            continue
        moment = today - QUARTER * (quarters - 1 - quarter)
        moment -= timedelta(days=3 + number * 5 % 40, minutes=number * 37 % 420)
        for curve in curves:
            if quarter % curve.every == 0 or quarter == quarters - 1:
                yield moment, curve.code, _get_value(curve, story, number, quarter)


def _get_value(curve, story, number, quarter):
    begin, end = getattr(curve, story)
    share = quarter / (YEARS * 4 - 1)
    # falls or rises faster in the beginning
    value = begin + (end - begin) * share**0.7
    wave = ((number * 7 + quarter * 13 + len(curve.code) * 5) % 11 - 5) / 5
    return round(value + wave * curve.spread, curve.decimals)
