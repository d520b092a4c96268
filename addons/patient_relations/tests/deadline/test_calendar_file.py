import json
from datetime import date, timedelta
from time import process_time

from hypothesis import given, settings, strategies as st

from odoo.tests import BaseCase

from ...tools.calendar_file import MAX_BYTES, CalendarFile
from ...tools.working_days import WorkingDays

# 国办发明电〔2025〕7号
NOTICE_2026 = """国务院办公厅关于2026年部分节假日安排的通知
国办发明电〔2025〕7号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
"""


class TestCalendarFile(BaseCase):
    """The government's calendar in its three forms, without a database."""

    def _read(self, content):
        found = CalendarFile(content.encode() if isinstance(content, str) else content)
        self.assertEqual(found.problems, [])
        return {day.date: day.is_working for day in found.days}

    def _assert_problems(self, content, *problems):
        content = content.encode() if isinstance(content, str) else content
        found = [tuple(problem)[:2] for problem in CalendarFile(content).problems]
        self.assertEqual(found, list(problems))

    def _notice(self, *items):
        return "\n".join(["关于2026年部分节假日安排的通知", *items])

    # notice

    def test_notice_of_2026_agrees_with_the_library_day_by_day(self):
        days = self._read(NOTICE_2026)
        self.assertEqual(len(days), 39)
        known = WorkingDays("CN")
        by_notice_alone = WorkingDays(None, overrides=days)
        for step in range(365):
            day = date(2026, 1, 1) + timedelta(days=step)
            with self.subTest(day=day):
                self.assertEqual(by_notice_alone.is_working(day), known.is_working(day))

    def test_notice_in_every_encoding(self):
        wanted = self._read(NOTICE_2026)
        for encoding in ("utf-8", "utf-8-sig", "gb18030"):
            self.assertEqual(self._read(NOTICE_2026.encode(encoding)), wanted)

    def test_notice_with_wrapped_lines_and_full_width_digits(self):
        wrapped = NOTICE_2026.replace("至23日", "至\n 23日").replace("\n", "\r\n")
        self.assertEqual(self._read(wrapped), self._read(NOTICE_2026))
        wide = NOTICE_2026.translate(
            {48 + digit: 0xFF10 + digit for digit in range(10)}
        )
        self.assertEqual(self._read(wide), self._read(NOTICE_2026))

    def test_names_and_lines_are_kept(self):
        first = CalendarFile(NOTICE_2026.encode()).days[0]
        self.assertEqual(first, (date(2026, 1, 1), False, "元旦", 5))

    def test_single_days_and_a_joint_holiday(self):
        days = self._read(
            self._notice(
                "一、元旦：1月1日放假1天，不调休。",
                "二、国庆节、中秋节：10月1日至8日放假调休，共8天。9月27日、10月10日上班。",
            )
        )
        off = [day for day in days if not days[day]]
        self.assertEqual(len(off), 9)
        self.assertEqual(
            [day for day in days if days[day]], [date(2026, 9, 27), date(2026, 10, 10)]
        )

    def test_range_across_months_and_years(self):
        days = self._read(self._notice("一、春节：1月28日至2月4日放假调休，共8天。"))
        self.assertEqual((min(days), max(days)), (date(2026, 1, 28), date(2026, 2, 4)))
        days = self._read(
            self._notice("一、元旦：2025年12月31日（周三）至2026年1月2日放假，共3天。")
        )
        self.assertEqual(min(days), date(2025, 12, 31))

    def test_make_up_days_of_one_month(self):
        days = self._read(self._notice("一、国庆节：9月26日、27日上班。"))
        self.assertEqual(days, {date(2026, 9, 26): True, date(2026, 9, 27): True})

    def test_wrong_year_is_noticed_by_the_weekdays(self):
        found = CalendarFile(NOTICE_2026.replace("2026", "2025").encode())
        self.assertIn((5, "weekday", "1月1日(周四)"), found.problems)

    def test_problems_of_a_notice_name_their_line(self):
        self._assert_problems(NOTICE_2026.replace("共9天", "共8天"), (6, "total"))
        self._assert_problems(self._notice("一、元旦：2月30日放假。"), (2, "date"))
        self._assert_problems(self._notice("一、元旦：5日放假。"), (2, "date"))
        self._assert_problems(self._notice("一、元旦：3月5日至1日放假。"), (2, "range"))
        self._assert_problems(self._notice("一、元旦：另行通知。"), (2, "no_days"))
        self._assert_problems(
            self._notice("一、元旦：1月1日放假。", "二、春节：1月1日上班。"),
            (3, "conflict"),
        )
        self._assert_problems("一、元旦：1月1日放假。", (0, "no_year"))
        self._assert_problems("2026年1月1日放假", (0, "format"))

    # table

    def test_table_with_and_without_head(self):
        wanted = {date(2026, 1, 1): False, date(2026, 1, 4): True}
        self.assertEqual(
            self._read("date,is_working,name\n2026-01-01,0,元旦\n2026-01-04,1,\n"),
            wanted,
        )
        self.assertEqual(self._read("2026/1/1;放假;元旦\r\n\r\n2026/1/4;上班"), wanted)
        self.assertEqual(
            self._read(
                "日期\t是否上班\n2026-01-01\t否\n2026-01-04\t是\n2026-01-04\t是"
            ),
            wanted,
        )

    def test_problems_of_a_table_name_their_line(self):
        self._assert_problems(
            "date,is_working\n2026-02-30,1\n2026-02-14,maybe\n2026-02-14\n1999-01-01,0",
            (2, "date"),
            (3, "working"),
            (4, "columns"),
            (5, "year"),
        )
        self._assert_problems("2026-02-14,1\n2026-02-14,0", (2, "conflict"))

    # JSON

    def test_json_of_a_public_calendar(self):
        year = {
            "year": 2026,
            "days": [
                {"name": "元旦", "date": "2026-01-01", "isOffDay": True},
                {"name": "元旦", "date": "2026-01-04", "isOffDay": False},
            ],
        }
        wanted = {date(2026, 1, 1): False, date(2026, 1, 4): True}
        self.assertEqual(self._read(json.dumps(year)), wanted)
        self.assertEqual(self._read(json.dumps([year, year])), wanted)

    def test_problems_of_json_name_their_line(self):
        self._assert_problems('{"days": [\n{"date"', (2, "json"))
        self._assert_problems('{"year": 2026}', (0, "json"))
        self._assert_problems("[1]", (0, "json"))
        self._assert_problems(
            '{"days": [\n{"date": "2026-01-01"},\n{"date": "x", "isOffDay": true}]}',
            (2, "working"),
            (3, "date"),
        )

    # any

    def test_files_that_are_no_calendar(self):
        self._assert_problems("", (0, "empty"))
        self._assert_problems(" \n", (0, "empty"))
        self._assert_problems("date,is_working\n", (0, "empty"))
        self._assert_problems("hello", (0, "format"))
        self._assert_problems(b"\x89PNG\r\n\x1a\n\0\0\xff", (0, "encoding"))
        self._assert_problems(b"1" * (MAX_BYTES + 1), (0, "size"))

    def test_large_nonsense_is_read_in_no_time(self):
        for part in ("一、元旦:", "1日(", "1月1日至", "放假。", '[{"date":', "("):
            content = (self._notice("一、元旦：") + part * (MAX_BYTES // 24)).encode()
            began = process_time()
            CalendarFile(content[:MAX_BYTES])
            with self.subTest(part=part):
                self.assertLess(process_time() - began, 5)

    @settings(max_examples=200, deadline=None)
    @given(
        st.sampled_from(("", "date,1\n", "2026年部分节假日\n一、元旦：", '{"days": [')),
        st.text('0123456789年月日至（）()。、，,：放假上班共天周一{}[]":-\n \t１')
        | st.text(),
        st.sampled_from(("utf-8", "gb18030")),
    )
    def test_no_file_is_too_strange(self, start, text, encoding):
        found = CalendarFile((start + text).encode(encoding, "ignore"))
        self.assertTrue(found.days or found.problems)
        self.assertEqual(len({day.date for day in found.days}), len(found.days))
