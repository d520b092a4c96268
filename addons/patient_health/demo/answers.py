"""What invented patients answer where the record does not know. No ORM.

Each answer follows from the patient's place in the list and the year, as the values do.
"""

from .curves import STORIES

# Answers (0 to 3) to questions of the mind at the first and the last year, by story.
MOODS = {"improving": (2, 0), "neglected": (0, 2), "steady": (0, 0)}
PHQ9, GAD7 = 9, 7
# One of so many neglected patients tells of thoughts that call a human at once.
WORRYING = 12


def get_story(number):
    return STORIES[number % len(STORIES)]


def answer_mind(number, share, count):
    """Return q1 … of a questionnaire; ``share`` is 0 at the begin and 1 at the end."""
    begin, end = MOODS[get_story(number)]
    mood = begin + (end - begin) * share
    answers = {}
    for question in range(1, count + 1):
        wave = (number * 5 + question * 7) % 5 / 4 - 0.5
        answers[f"q{question}"] = str(min(3, max(0, round(mood + wave * 0.9))))
    if count == PHQ9:
        answers["q9"] = "1" if is_worrying(number, share) else "0"
    return answers


def is_worrying(number, share):
    neglected = get_story(number) == "neglected"
    return neglected and share == 1 and number // len(STORIES) % WORRYING == 3


def answer_diabetes(number, share, gender):
    """Return what the diabetes scores ask for: waist, habits, relatives."""
    story = get_story(number)
    change = {"improving": -6, "neglected": 7, "steady": 0}[story] * share
    base = (80 if gender == "male" else 73) + number * 7 % 18
    return {"waist": round(base + change), "family": number % 5 == 0, "story": story}


def answer_findrisc(number, share, gender):
    found = answer_diabetes(number, share, gender)
    lives_well = found["story"] == "improving" and share > 0.3 or number % 4 == 0
    return {
        "waist": found["waist"],
        "active": _say(lives_well),
        "vegetables": _say(lives_well or number % 2 == 0),
        "pressure_drug": _say(number % 6 == 0),
        "high_glucose": _say(number % 7 == 3),
        "family": "first" if found["family"] else "none",
    }


def answer_china_diabetes(number, share, gender):
    found = answer_diabetes(number, share, gender)
    return {"waist": found["waist"], "family": _say(found["family"])}


def answer_hospital(number):
    """Return what the HOSPITAL score asks for at a discharge."""
    return {
        "haemoglobin": round(10.4 + number * 7 % 43 / 10, 1),
        "sodium": 132 + number * 5 % 12,
        "oncology": _say(number % 17 == 0),
        "procedure": _say(number % 3 == 0),
    }


def _say(answer):
    return "yes" if answer else "no"
