import unittest
from datetime import date

from ...tools.birth_dates import parse_birth_date
from ...tools.content_hash import get_content_hash
from ...tools.report_pages import (
    MAX_ROWS,
    MAX_TEXT,
    pack,
    read_blocks,
    split_block,
    thin,
)


class TestBirthDates(unittest.TestCase):
    def test_usual_forms_are_read(self):
        for text in (
            "1980-02-03",
            "1980-2-3",
            "1980/2/3",
            "1980.02.03",
            "19800203",
            "1980年2月3日",
            "1980年02月03号",
            " 1980 2 3 ",
            "１９８０年２月３日",
        ):
            self.assertEqual(parse_birth_date(text), date(1980, 2, 3), text)

    def test_what_is_no_date_is_none(self):
        for text in (
            *("", None, "1980", "1980-02", "198002", "3/2/1980", "1980-13-01"),
            *("1980-02-30", "80-02-03", "a" * 500, "1980-02-03 00:00", "19800230"),
        ):
            self.assertIsNone(parse_birth_date(text), text)


class TestReportPages(unittest.TestCase):
    def test_a_thin_course_keeps_its_ends_and_extremes(self):
        points = [{"at": at, "value": at % 10} for at in range(1000)]
        points[503]["value"], points[707]["value"] = 99, -99
        found = thin(points, 60)
        self.assertLessEqual(len(found), 60)
        self.assertEqual((found[0], found[-1]), (points[0], points[-1]))
        self.assertIn(points[503], found)
        self.assertIn(points[707], found)
        self.assertEqual(found, sorted(found, key=lambda one: one["at"]))
        self.assertEqual(thin(points[:60], 60), points[:60])

    def test_html_becomes_plain_blocks(self):
        blocks = read_blocks(
            "<p>一<br>二 <b>三</b></p><h3>表</h3><table><thead><tr><th>甲</th></tr></thead>"
            "<tbody><tr><td>1</td></tr></tbody></table><ul><li>四</li></ul>"
            "<script>alert(1)</script>"
        )
        self.assertEqual(blocks[0]["texts"], ["一\n二 三"])
        self.assertEqual(blocks[1]["title"], "表")
        self.assertEqual((blocks[1]["columns"], blocks[1]["rows"]), (["甲"], [["1"]]))
        self.assertEqual(blocks[2]["texts"], ["· 四", "alert(1)"])
        self.assertEqual(read_blocks(""), [])
        self.assertEqual(read_blocks(None), [])

    def test_a_block_is_split_and_nothing_is_lost(self):
        block = {
            "title": "题",
            "texts": ["x" * (MAX_TEXT + 1), *map(str, range(9))],
            "columns": ["甲"],
            "rows": [[str(number)] for number in range(2 * MAX_ROWS + 1)],
        }
        parts = list(split_block(block))
        self.assertEqual([part.get("title") for part in parts[:2]], ["题", None])
        texts = [text for part in parts for text in part["texts"]]
        self.assertEqual("".join(texts), "".join(block["texts"]))
        rows = [row for part in parts for row in part.get("rows", ())]
        self.assertEqual(rows, block["rows"])
        self.assertEqual(list(split_block({"title": "x"}))[0]["title"], "x")

    def test_pages_are_no_heavier_than_allowed(self):
        sections = [("甲", ["a" * 300] * 7), ("乙", ["b" * 100])]
        pages = pack(sections, 1000)
        weights = [
            sum(len(part) for _title, parts in page for part in parts) for page in pages
        ]
        self.assertEqual(weights, [900, 900, 400])
        self.assertEqual([page[0][0] for page in pages], ["甲", "甲", "甲"])
        self.assertEqual(pages[-1][1], ("乙", ["b" * 100]))
        self.assertEqual(pack([], 10), [[]])

    def test_the_checksum_does_not_depend_on_the_order_of_keys(self):
        one, other = {"a": 1.5, "b": "文"}, {"b": "文", "a": 1.5}
        self.assertEqual(get_content_hash(one), get_content_hash(other))
        self.assertNotEqual(get_content_hash(one), get_content_hash({"a": 1.5}))
