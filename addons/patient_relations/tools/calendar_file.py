"""A year's days off and make-up working days, read from a file; without the ORM.

Three forms are understood: a table (CSV: date, is_working, name), the JSON that public
calendars use (`{"year": 2026, "days": [{"name": …, "date": …, "isOffDay": true}]}`), and
the text of the State Council's yearly notice (国务院办公厅关于2026年部分节假日安排的通知).
"""

import csv
import io
import json
import re
import unicodedata
from collections import namedtuple
from datetime import date, timedelta

MAX_BYTES = 256 * 1024
YEARS = range(2000, 2101)
LONGEST_HOLIDAY = 31
ENCODINGS = ("utf-8-sig", "gb18030")
WORKING = {"1", "true", "yes", "y", "是", "上班", "工作日"}
OFF = {"0", "false", "no", "n", "否", "放假", "休息日", "节假日"}
WEEKDAYS = "一二三四五六日"

# One day of the file: date, bool, str, and the number of its line.
CalendarDay = namedtuple("CalendarDay", "date is_working name line")
# What is wrong in which line; `code` is a word from the list in `CalendarFile`, `value`
# the text that is not understood. The whole file has line 0.
Problem = namedtuple("Problem", "line code value")

TABLE = re.compile(r"\s*[\"']?(date\b|日期|\d{4}[-/.]\d)", re.I)
ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
TITLE = re.compile(r"(\d{4})年部分节假日")
YEAR = re.compile(r"(\d{4})年")
ITEM = re.compile(
    r"(?:[一二三四五六七八九十]、|\([一二三四五六七八九十]\))([^:。\d]{1,12}):"
)
DAY = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]{0,40})\))?")
TO = re.compile(r"\s*(?:至|到|-|–|—|~|―)+\s*")
TOTAL = re.compile(r"共(\d{1,3})天")
KINDS = re.compile(r"(放假|上班)")
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")


class CalendarFile:
    """Read one file; `days` and `problems` say what is in it and what is wrong with it.

    Codes of problems: `size`, `encoding`, `empty`, `format` (of the whole file); `json`,
    `columns`, `date`, `year` (outside 2000 to 2100), `working`, `conflict` (a day said to
    be worked and not), `no_year`, `weekday` (does not fall on it), `range`, `total` (the
    number of days does not agree), `no_days` (of an item of the notice).
    A file with problems must not be used at all.
    """

    def __init__(self, content):
        self.days = []
        self.problems = []
        self._known = {}
        text = self._decode(content)
        if text is not None:
            self._read(text)
        if not self.days and not self.problems:
            self._complain(0, "empty")
        self.days.sort()

    def _decode(self, content):
        """Return the text of the bytes, or None with a problem."""
        if len(content) > MAX_BYTES:
            return self._complain(0, "size")
        for encoding in ENCODINGS:
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return text
        return self._complain(0, "encoding")

    def _read(self, text):
        start = text.lstrip()
        if not start:
            return
        if start[0] in "{[":
            self._read_json(text)
        elif TABLE.match(start):
            self._read_table(text)
        elif KINDS.search(start) or TITLE.search(start):
            self._read_notice(text)
        else:
            self._complain(0, "format", start.splitlines()[0][:40])

    def _complain(self, line, code, value=""):
        self.problems.append(Problem(line, code, value))

    def _add(self, day, is_working, name, line):
        """Keep a day once; complain when the file has said the contrary before."""
        if day.year not in YEARS:
            self._complain(line, "year", str(day.year))
        elif day not in self._known:
            self._known[day] = is_working
            self.days.append(CalendarDay(day, is_working, name, line))
        elif self._known[day] != is_working:
            self._complain(line, "conflict", day.isoformat())

    def _get_date(self, line, value):
        """Return the date that a text spells, or None with a problem."""
        found = ISO.fullmatch(str(value).strip())
        if found:
            return self._make_date(line, found[1], found[3], found[4], value)
        return self._complain(line, "date", str(value))

    def _make_date(self, line, year, month, day, value):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            return self._complain(line, "date", str(value))

    # table

    def _read_table(self, text):
        first = text.lstrip().splitlines()[0]
        delimiter = max(",;\t", key=first.count)
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            for row in rows:
                if any(cell.strip() for cell in row):
                    self._read_row(rows.line_num, [cell.strip() for cell in row])
        except csv.Error as error:
            self._complain(rows.line_num, "columns", str(error))

    def _read_row(self, line, cells):
        if cells[0].lower() in ("date", "日期"):
            return
        if len(cells) < 2:
            self._complain(line, "columns", cells[0])
            return
        day = self._get_date(line, cells[0])
        word = cells[1].lower()
        if word not in WORKING | OFF:
            self._complain(line, "working", cells[1])
        elif day:
            name = cells[2] if len(cells) > 2 else ""
            self._add(day, word in WORKING, name, line)

    # JSON

    def _read_json(self, text):
        try:
            parts = json.loads(text)
        except (ValueError, RecursionError) as error:
            self._complain(getattr(error, "lineno", 0), "json", str(error)[:80])
            return
        for part in parts if isinstance(parts, list) else [parts]:
            days = part.get("days") if isinstance(part, dict) else None
            if not isinstance(days, list):
                self._complain(0, "json", "days")
                return
            lines = _get_lines(text, r'"date"\s*:')
            for entry in days:
                self._read_entry(next(lines, 0), entry)

    def _read_entry(self, line, entry):
        is_off = entry.get("isOffDay") if isinstance(entry, dict) else None
        if not isinstance(is_off, bool):
            self._complain(line, "working", str(is_off))
            return
        day = self._get_date(line, entry.get("date", ""))
        if day:
            self._add(day, not is_off, str(entry.get("name") or ""), line)

    # notice

    def _read_notice(self, text):
        # Full-width digits, brackets and colons become plain ones.
        text = unicodedata.normalize("NFKC", text)
        found = TITLE.search(text) or YEAR.search(text)
        if not found:
            self._complain(0, "no_year")
            return
        items = list(_get_items(text))
        if not items:
            self._complain(0, "format", text.strip().splitlines()[0][:40])
        for line, name, sentences in items:
            count = len(self.days) + len(self.problems)
            for place, sentence in sentences:
                self._read_sentence(place, name, sentence, int(found[1]))
            if count == len(self.days) + len(self.problems):
                self._complain(line, "no_days", name)

    def _read_sentence(self, line, name, sentence, year):
        """Read what stands before each 放假 (off) and 上班 (worked)."""
        parts = KINDS.split(sentence)
        for said, kind, after in zip(
            parts[0::2], parts[1::2], parts[2::2], strict=False
        ):
            days = self._get_days(line, said, year)
            for day in days:
                self._add(day, kind == "上班", name, line)
            total = TOTAL.match(after.lstrip("调休,"))
            if total and days and int(total[1]) != len(days):
                self._complain(line, "total", total[0])

    def _get_days(self, line, text, year):
        """Return the days and ranges of days that a piece of the notice names."""
        days, previous, month = [], None, None
        for found in DAY.finditer(text):
            month = found[2] or month
            day = self._make_day(line, found, month, year)
            if not day:
                return []
            is_end = previous and TO.fullmatch(text, previous[1].end(), found.start())
            if is_end:
                days += self._get_range(line, previous[0], day, text[: found.end()])
            else:
                days.append(day)
            previous = (day, found)
        return days

    def _make_day(self, line, found, month, year):
        if not month:
            return self._complain(line, "date", found[0])
        day = self._make_date(line, found[1] or year, month, found[3], found[0])
        said = WEEKDAY.search(found[4] or "")
        if day and said and WEEKDAYS[day.weekday()] != said[1].replace("天", "日"):
            return self._complain(line, "weekday", found[0])
        return day

    def _get_range(self, line, start, end, text):
        """Return the days after start until end."""
        count = (end - start).days
        if 0 < count <= LONGEST_HOLIDAY:
            return [start + timedelta(days=step + 1) for step in range(count)]
        self._complain(line, "range", text.rsplit(":", 1)[-1])
        return []


def _get_lines(text, pattern):
    """Yield the number of the line of each match."""
    line, place = 1, 0
    for found in re.finditer(pattern, text):
        line += text.count("\n", place, found.start())
        place = found.start()
        yield line


def _get_items(text):
    """Yield (line, name, [(line, sentence)]) of each numbered item of the notice."""
    heads = list(ITEM.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    # Without a heading there is an end too many.
    for head, end in zip(heads, ends, strict=False):
        first = text.count("\n", 0, head.start()) + 1
        sentences = []
        for part in re.finditer(r"[^。]+", text[head.end() : end]):
            begin = len(part[0]) - len(part[0].lstrip())
            place = head.end() + part.start() + begin
            line = text.count("\n", 0, place) + 1
            sentences.append((line, re.sub(r"\s+", "", part[0])))
        yield first, head[1].strip(), sentences
