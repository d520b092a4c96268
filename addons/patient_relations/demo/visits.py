"""Eighteen months of invented visits. No ORM here: plain values go out.

A generator and not a table, because what makes visits believable are rules: clinics on
weekdays, the emergency department busiest and slowest in the evening, children at the
paediatrician, nobody after death. The seed is fixed: each load gives the same visits,
counted from the day of loading.

All times in this file are on the hospital's clock.
"""

import random
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from .diagnoses import BIRTH, CAESAREAN, DIAGNOSES, ICD10, PRENATAL

# The oldest complaint is 79 weeks old, and follows a stay; visits begin with that month.
WEEKS = 81
# Visits of each department and class since then.
VOLUMES = {
    "cardiology": {"AMB": 130, "IMP": 30, "VR": 10, "HH": 4},
    "respiratory": {"AMB": 70, "IMP": 18, "HH": 4},
    "gastroenterology": {"AMB": 75, "IMP": 10},
    "neurology": {"AMB": 60, "IMP": 12, "VR": 4},
    "endocrinology": {"AMB": 95, "IMP": 6, "VR": 12},
    "general_surgery": {"AMB": 55, "IMP": 26},
    "orthopaedics": {"AMB": 62, "IMP": 18},
    "emergency": {"EMER": 120},
    "obstetrics": {"AMB": 80, "IMP": 8},
    "paediatrics": {"AMB": 95, "IMP": 8},
    "stomatology": {"AMB": 50},
    "checkup": {"AMB": 45},
}
# When the pregnant patients were or are due, in weeks from today, and how they give birth.
PREGNANCIES = {
    "patient_zhang_yating": (-67, BIRTH),
    "patient_liu_jiayi": (-64, CAESAREAN),
    "patient_zhao_xinran": (-50, BIRTH),
    "patient_wu_wanqing": (-40, BIRTH),
    "patient_li_sijia": (11, BIRTH),
    "patient_sato_misaki": (18, BIRTH),
}
# Where those who died in the hospital spent their last days.
LAST_STAYS = {
    "patient_xu_demao": "respiratory",
    "patient_deng_yuee": "neurology",
    "patient_yuan_fuquan": "respiratory",
}
WEEKDAYS = (22, 20, 18, 17, 16, 6, 1)
CLINIC_HOURS = {8: 20, 9: 22, 10: 16, 11: 4, 13: 8, 14: 14, 15: 11, 16: 5}
EMERGENCY_HOURS = dict(
    enumerate(
        (4, 3, 2, 1, 1, 1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 6, 7, 10, 13, 14, 12, 9, 6)
    )
)
EVENING = range(18, 23)
NUMBER_PREFIX = {"AMB": "MZ", "EMER": "JZ", "IMP": "ZY", "HH": "SM", "VR": "HL"}
# What a story is about, by the first of these words that it uses: stay, clinic, stay.
STAY_WORDS = ("住院", "出院")
CLINIC_WORDS = ("门诊", "复查", "复诊", "预约", "检查时")
THEATRE_WORDS = ("手术", "术后", "病房", "查房", "分娩", "临终")


class Person(NamedTuple):
    id: int
    key: str
    gender: str
    birth_date: date | None
    deceased_at: datetime | None

    def age_on(self, day):
        if not self.birth_date or day < self.birth_date:
            return None
        had_birthday = (day.month, day.day) >= (
            self.birth_date.month,
            self.birth_date.day,
        )
        return day.year - self.birth_date.year - (not had_birthday)

    def lives(self, moment):
        return not self.deceased_at or moment < self.deceased_at


class Story(NamedTuple):
    """What a complaint tells about the visit it is about."""

    id: int
    patient_id: int
    department: str
    text: str
    received_at: datetime
    in_person: bool


class Visits:
    """The visits of a hospital; ``rows`` are values of ``patient.encounter``.

    Patients, complaints and departments are named in them by id or key; the caller
    gives them the ids of this database.
    """

    def __init__(self, people, now):
        self.people = people
        self.by_id = {person.id: person for person in people}
        self.now = now.replace(microsecond=0)
        self.today = datetime.combine(now.date(), time())
        self.first_day = (self.today - timedelta(weeks=WEEKS)).replace(day=1)
        self.random = random.Random(20190410)
        self.rows = []
        self.busy = {}
        self.habits = {}

    def plan(self, stories):
        """Fill ``rows``; what happened for certain first, then ordinary days."""
        self._add_pregnancies()
        self._add_last_days()
        self._add_stories(stories)
        self._add_now()
        self._add_ordinary()
        self._number()
        return self.rows

    # What happened for certain

    def _add_pregnancies(self):
        for person in self.people:
            if person.key not in PREGNANCIES:
                continue
            weeks, kind = PREGNANCIES[person.key]
            due = self.today + timedelta(weeks=weeks, days=2)
            for week in range(28, 0, -4):
                day = self._to_weekday(due - timedelta(weeks=week))
                if self.first_day < day < self.today:
                    begin = self._at_clinic(day)
                    self._add(person, "obstetrics", PRENATAL, "AMB", begin)
            if due < self.today:
                self._add(
                    person, "obstetrics", kind, "IMP", due + timedelta(hours=9), 4
                )

    def _add_last_days(self):
        """Those who died in the hospital died at the end of a stay."""
        for person in self.people:
            if person.key not in LAST_STAYS:
                continue
            department = LAST_STAYS[person.key]
            last_days = person.deceased_at - timedelta(days=11)
            begin = last_days.replace(hour=10, minute=20)
            kind = self._choose_diagnosis(person, department, "IMP", begin)
            row = self._add(person, department, kind, "IMP", begin, 1)
            row.update(ended_at=person.deceased_at, disposition="died")

    def _add_stories(self, stories):
        for story in stories:
            person = self.by_id[story.patient_id]
            row = self._find_told(story) or self._add_told(person, story)
            if row:
                row["stories"].append(story.id)

    def _find_told(self, story):
        near = [
            row
            for row in self.rows
            if row["patient_id"] == story.patient_id
            and row["department"] == story.department
            and timedelta()
            <= story.received_at - row["started_at"]
            < timedelta(days=30)
        ]
        return near[-1] if near else None

    def _add_told(self, person, story):
        department = story.department
        if department not in DIAGNOSES:
            department = self._guess_department(person, story)
        encounter_class = self._guess_class(department, story.text)
        begin, days = self._guess_begin(encounter_class, story)
        if not person.lives(begin):
            return None
        kind = self._choose_diagnosis(
            person, department, encounter_class, begin, story.text
        )
        if department == "obstetrics" and PRENATAL.is_told_in(story.text):
            kind = PRENATAL
        if not kind:
            return None
        waited = "等" in story.text and encounter_class != "IMP"
        return self._add(
            person, department, kind, encounter_class, begin, days, waited=waited
        )

    def _guess_department(self, person, story):
        """Return the clinic whose patient it was that a service annoyed."""
        day = story.received_at.date()
        told = [
            department
            for department, kinds in DIAGNOSES.items()
            for kind in kinds
            if department != "emergency"
            and kind.is_told_in(story.text)
            and kind.fits(person, day, kind.classes.split()[0])
        ]
        return told[0] if told else "cardiology"

    def _guess_class(self, department, text):
        if department == "emergency":
            return "EMER"
        if not any("IMP" in kind.classes for kind in DIAGNOSES[department]):
            return "AMB"
        meanings = ((STAY_WORDS, "IMP"), (CLINIC_WORDS, "AMB"), (THEATRE_WORDS, "IMP"))
        for words, encounter_class in meanings:
            if any(word in text for word in words):
                return encounter_class
        return "AMB"

    def _guess_begin(self, encounter_class, story):
        """Return when the visit before a complaint began, and the days of a stay."""
        told = story.received_at
        if encounter_class == "IMP":
            days = self.random.randint(4, 8)
            left = self.random.randint(1, 4) if "出院" in story.text else -1
            begin = self._to_weekday(told - timedelta(days=days + left))
            return begin.replace(hour=self.random.randint(9, 10), minute=20), days
        if story.in_person:
            before = told - timedelta(minutes=self.random.randint(150, 190))
            return max(before, told.replace(hour=7, minute=40)), 0
        before = told - timedelta(days=1)
        if encounter_class == "EMER":
            evening = self.random.choice((18, 19, 20, 21))
            return before.replace(hour=evening, minute=self.random.randint(0, 59)), 0
        return self._at_clinic(self._to_weekday(before)), 0

    # Now

    def _add_now(self):
        minutes = {"arrived": 4, "triaged": 16, "in_progress": 75}
        for status, ago in minutes.items():
            person, kind = self._choose_patient("emergency", "EMER", self.now)
            arrived = self.now - timedelta(minutes=ago)
            self._add(person, "emergency", kind, "EMER", arrived, status=status)
        self._add_unknown_person()
        for department in (
            "cardiology",
            "general_surgery",
            "orthopaedics",
            "neurology",
        ):
            begin = self._to_weekday(
                self.today - timedelta(days=self.random.randint(2, 5))
            )
            person, kind = self._choose_patient(department, "IMP", begin)
            begin += timedelta(hours=9, minutes=self.random.randint(0, 90))
            self._add(person, department, kind, "IMP", begin, 30, status="in_progress")
        self._add_clinic_of_today()
        self._add_planned()

    def _add_unknown_person(self):
        unknown = [person for person in self.people if not person.birth_date]
        kind = next(kind for kind in DIAGNOSES["emergency"] if kind.code == "S01.9")
        for person in unknown:
            arrived = self.now - timedelta(hours=7)
            self._add(person, "emergency", kind, "EMER", arrived, status="in_progress")

    def _add_clinic_of_today(self):
        """Who has been, is, and will be there today depends on the hour of loading."""
        departments = ("cardiology", "endocrinology", "paediatrics", "gastroenterology")
        for number in range(8 if self.today.weekday() < 5 else 4):
            department = departments[number % 4]
            arrived = self.today + timedelta(hours=8, minutes=13 + 55 * number)
            person, kind = self._choose_patient(department, "AMB", arrived)
            status = self._get_status_by_now(arrived)
            row = self._add(person, department, kind, "AMB", arrived, status=status)
            row["planned_at"] = arrived + timedelta(minutes=17)

    def _get_status_by_now(self, arrived):
        passed = self.now - arrived
        if passed < timedelta():
            return "planned"
        if passed < timedelta(minutes=20):
            return "arrived"
        return "in_progress" if passed < timedelta(minutes=60) else "finished"

    def _add_planned(self):
        departments = [name for name in VOLUMES if name != "emergency"]
        for number in range(18):
            department = departments[number % len(departments)]
            day = self._to_weekday(
                self.today + timedelta(days=1 + number % 9), ahead=True
            )
            begin = self._at_clinic(day)
            person, kind = self._choose_patient(department, "AMB", begin)
            row = self._add(person, department, kind, "AMB", begin, status="planned")
            row["planned_at"] = begin.replace(minute=begin.minute // 15 * 15)

    # Ordinary days

    def _add_ordinary(self):
        for department, volumes in VOLUMES.items():
            for encounter_class, volume in volumes.items():
                there = sum(
                    row["department"] == department
                    and row["encounter_class"] == encounter_class
                    for row in self.rows
                )
                for _number in range(volume - there):
                    self._add_one_ordinary(department, encounter_class)

    def _add_one_ordinary(self, department, encounter_class):
        for _attempt in range(50):
            begin = self._choose_moment(encounter_class)
            found = self._choose_patient(department, encounter_class, begin)
            if not found:
                continue
            person, kind = found
            days = self._choose_days(department) if encounter_class == "IMP" else 0
            if not self._is_free(person, begin, days):
                continue
            cancelled = encounter_class == "AMB" and self.random.random() < 0.03
            status = "cancelled" if cancelled else None
            self._add(person, department, kind, encounter_class, begin, days, status)
            return

    def _choose_moment(self, encounter_class):
        # the hospital grows: recent days are a little likelier
        days = (self.today - self.first_day).days - 2
        day = self.today - timedelta(days=2 + int(days * self.random.random() ** 1.25))
        if encounter_class == "EMER":
            return self._at(day, EMERGENCY_HOURS)
        while self.random.random() > WEEKDAYS[day.weekday()] / max(WEEKDAYS):
            day -= timedelta(days=1)
        return self._at_clinic(max(day, self.first_day))

    def _choose_days(self, department):
        longest = 9 if department in ("paediatrics", "gastroenterology") else 15
        return round(self.random.triangular(2, longest, 6))

    def _choose_patient(self, department, encounter_class, moment):
        """Return a person and their diagnosis; three in four times a regular patient."""
        fits = [
            person
            for person in self.people
            if person.lives(moment)
            and self._list_diagnoses(person, department, encounter_class, moment)
            and self._is_free(person, moment, 1)
        ]
        if not fits:
            return None
        regular = [person for person in fits if (person.id, department) in self.habits]
        many = len(regular) >= 3 + VOLUMES[department].get(encounter_class, 0) // 8
        if regular and many and self.random.random() < 0.75:
            fits = regular
        person = self.random.choice(fits)
        kind = self._choose_diagnosis(person, department, encounter_class, moment)
        return person, kind

    def _list_diagnoses(self, person, department, encounter_class, moment):
        if department == "obstetrics" and person.key in PREGNANCIES:
            return []  # see _add_pregnancies
        day = moment.date()
        return [
            kind
            for kind in DIAGNOSES[department]
            if kind.fits(person, day, encounter_class)
        ]

    def _choose_diagnosis(self, person, department, encounter_class, moment, text=""):
        kinds = self._list_diagnoses(person, department, encounter_class, moment)
        told = [kind for kind in kinds if kind.is_told_in(text)]
        habit = self.habits.get((person.id, department))
        if told:
            return told[0]
        if habit in kinds and habit.chronic:
            return habit
        return self.random.choice(kinds) if kinds else None

    # One visit

    def _add(
        self,
        person,
        department,
        kind,
        encounter_class,
        arrived,
        days=0,
        status=None,
        waited=False,
    ):
        """Add a visit that begins at a moment; return its values.

        :param bool waited: whether the wait was long enough for a complaint
        """
        row = {
            "patient_id": person.id,
            "department": department,
            "encounter_class": encounter_class,
            "status": status or "finished",
            "reason": self.random.choice(kind.words.split("、")),
            "stories": [],
            "planned_at": arrived,
            "started_at": arrived,
        }
        if row["status"] not in ("planned", "cancelled"):
            self._set_times(row, arrived, days, waited)
            self.busy.setdefault(person.id, []).append(
                (arrived.date(), (row.get("ended_at") or self.now).date())
            )
            row["condition"] = self._prepare_condition(person, department, kind, row)
        elif encounter_class == "AMB":
            self.busy.setdefault(person.id, []).append((arrived.date(), arrived.date()))
        self.habits.setdefault((person.id, department), kind)
        self.rows.append(row)
        return row

    def _set_times(self, row, arrived, days, waited):
        """Set arrival, call, start and end, as far as they have come."""
        encounter_class, status = row["encounter_class"], row["status"]
        called = arrived + self._choose_wait(encounter_class, arrived.hour, waited)
        started = called + timedelta(minutes=self.random.randint(1, 4))
        row.update(arrived_at=arrived, called_at=called, started_at=started)
        if encounter_class == "IMP":
            ended = started.replace(hour=9, minute=40) + timedelta(days=max(days, 1))
        elif encounter_class == "EMER":
            ended = started + timedelta(minutes=self.random.randint(30, 240))
        else:
            ended = started + timedelta(minutes=self.random.randint(6, 22))
        if status in ("arrived", "triaged"):
            row.update(called_at=None, started_at=None)
        elif status == "in_progress" or ended > self.now:
            row["status"] = "in_progress"
            row["called_at"] = row["started_at"] = min(started, self.now)
        else:
            row["ended_at"] = ended
            row["disposition"] = self._choose_disposition(encounter_class)
        if encounter_class in ("HH", "VR", "IMP"):
            row["called_at"] = None
        row["planned_at"] = None

    def _choose_wait(self, encounter_class, hour, waited):
        """In the emergency department evenings are long: the story of the hospital."""
        if waited:
            return timedelta(minutes=self.random.randint(85, 140))
        low, high, often = {
            "EMER": (30, 150, 70) if hour in EVENING else (3, 50, 14),
            "IMP": (15, 120, 40),
            "HH": (1, 2, 1),
            "VR": (1, 10, 3),
        }.get(encounter_class, (8, 80, 26))
        return timedelta(minutes=round(self.random.triangular(low, high, often)))

    def _choose_disposition(self, encounter_class):
        if encounter_class == "IMP":
            ends = ("home", "home_health", "rehabilitation", "other_facility")
            ends += ("long_term", "against_advice")
            return self.random.choices(ends, (80, 6, 6, 3, 2, 3))[0]
        if encounter_class == "EMER":
            ends = ("home", "other_facility", "against_advice")
            return self.random.choices(ends, (90, 5, 5))[0]
        return None

    def _prepare_condition(self, person, department, kind, row):
        """Return the diagnosis of a visit, as values of ``patient.condition``."""
        moment = row["started_at"] or row["arrived_at"]
        healed = moment + timedelta(days=14)
        over = not kind.chronic and healed < self.now and person.lives(healed)
        return {
            "patient_id": person.id,
            "code_system": ICD10,
            "code": kind.code,
            "name": kind.name,
            "clinical_status": "resolved" if over else "active",
            "onset_at": moment,
            "abated_at": healed if over else None,
            "recorded_on": moment.date(),
        }

    def _number(self):
        """Give each visit the number of the hospital's own system."""
        self.rows.sort(key=lambda row: row.get("arrived_at") or row["planned_at"])
        counts = {}
        for row in self.rows:
            day = (row.get("arrived_at") or row["planned_at"]).strftime("%y%m%d")
            head = NUMBER_PREFIX[row["encounter_class"]] + day
            counts[head] = counts.get(head, 0) + 1
            row["name"] = f"{head}{counts[head]:03d}"
            if row["status"] in ("planned", "cancelled"):
                row["started_at"] = None

    # Days and hours

    def _at(self, day, hours):
        hour = self.random.choices(list(hours), list(hours.values()))[0]
        minutes = self.random.randint(0, 59)
        return datetime.combine(day, time(hour, minutes))

    def _at_clinic(self, day):
        return self._at(day, CLINIC_HOURS)

    def _to_weekday(self, moment, ahead=False):
        while moment.weekday() > 4:
            moment += timedelta(days=1 if ahead else -1)
        return moment

    def _is_free(self, person, begin, days):
        """Tell whether a person has no other visit in these days."""
        first, last = begin.date(), begin.date() + timedelta(days=days)
        return all(
            last < other_first or first > other_last
            for other_first, other_last in self.busy.get(person.id, ())
        )
