import base64
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import PatientRelationsCase
from .test_calendar_file import NOTICE_2026

TABLE = "date,is_working,name\n2027-01-01,0,元旦\n2027-01-02,0,元旦\n2027-01-09,1,\n"


@tagged("post_install", "-at_install")
class TestWorkingDayImport(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["patient.working.day"].search([]).unlink()
        cls.days = cls.env["patient.working.day"].with_user(cls.user_manager)

    def _make_import(self, content, filename="calendar.csv", **values):
        if isinstance(content, str):
            content = content.encode()
        return (
            self.env["patient.working.day.import"]
            .with_user(self.user_manager)
            .create({"file": base64.b64encode(content), "filename": filename, **values})
        )

    def _import(self, content, **values):
        self._make_import(content, **values).action_import()
        return self.days.search([], order="date")

    def _get_changes(self, wizard):
        wizard.action_preview()
        return [(line.date.day, line.change) for line in wizard.line_ids]

    def test_preview_shows_the_difference_and_writes_nothing(self):
        wizard = self._make_import(TABLE)
        self.assertEqual(
            self._get_changes(wizard), [(1, "confirmed"), (2, "confirmed"), (9, "new")]
        )
        self.assertIn("3", wizard.summary)
        self.assertFalse(self.days.search([]))

    def test_import_keeps_each_day_with_its_source(self):
        days = self._import(TABLE)
        self.assertEqual(
            [(day.date, day.is_working) for day in days],
            [
                (date(2027, 1, 1), False),
                (date(2027, 1, 2), False),
                (date(2027, 1, 9), True),
            ],
        )
        self.assertEqual(set(days.mapped("source")), {"calendar.csv"})
        self.assertTrue(all(days.mapped("name")))
        self.assertTrue(
            self.company._get_patient_working_days().is_working(date(2027, 1, 9))
        )

    def test_importing_twice_changes_nothing(self):
        first = self._import(TABLE)
        before = first.read(["name", "date", "is_working", "source", "write_date"])
        wizard = self._make_import(TABLE, "other.csv")
        self.assertEqual(
            self._get_changes(wizard), [(1, "same"), (2, "same"), (9, "same")]
        )
        second = self._import(TABLE, filename="other.csv")
        self.assertEqual(second, first)
        after = second.read(["name", "date", "is_working", "source", "write_date"])
        self.assertEqual(after, before)

    def test_a_correction_changes_the_row_and_its_source(self):
        days = self._import(TABLE)
        wizard = self._make_import("2027-01-02,1,更正", source="国办发明电〔2026〕9号")
        self.assertEqual(self._get_changes(wizard), [(2, "changed")])
        wizard.action_import()
        self.assertEqual(self.days.search([], order="date"), days)
        self.assertTrue(days[1].is_working)
        self.assertEqual(days[1].source, "国办发明电〔2026〕9号")

    def test_notice_is_pasted(self):
        form = Form(self.env["patient.working.day.import"].with_user(self.user_manager))
        form.text = NOTICE_2026
        wizard = form.save()
        wizard.action_preview()
        self.assertEqual(set(wizard.line_ids.mapped("change")), {"confirmed"})
        wizard.action_import()
        self.assertEqual(len(self.days.search([])), 39)

    def test_file_with_a_mistake_is_refused_as_a_whole(self):
        wizard = self._make_import(TABLE + "2027-02-30,0,x\n2027-03-01,maybe,x\n")
        for action in (wizard.action_preview, wizard.action_import):
            with self.assertRaises(UserError) as error:
                action()
            for part in ("5", "2027-02-30", "6", "maybe"):
                self.assertIn(part, str(error.exception))
        self.assertFalse(self.days.search([]))
        self.assertFalse(wizard.line_ids)

    def test_every_problem_has_its_sentence(self):
        contents = [
            b"1" * (256 * 1024 + 1),
            b"\x89PNG\0\xff",
            b"date,is_working",
            b"hello 100%",
            b'{"days"',
            b"2026-01-01",
            b"2026-02-30,1",
            b"1999-01-01,1",
            b"2026-01-01,%s",
            b"2026-01-01,1\n2026-01-01,0",
            "一、元旦：1月1日放假。".encode(),
            *(
                f"2026年部分节假日\n一、元旦：{text}。".encode()
                for text in ("1月1日（周一）放假", "3月5日至1日放假", "另行通知")
            ),
            "2026年部分节假日\n一、元旦：1月1日放假，共3天。".encode(),
        ]
        for content in contents:
            with (
                self.subTest(content=content[:40]),
                self.assertRaises(UserError) as error,
            ):
                self._make_import(content).action_preview()
            self.assertGreater(len(str(error.exception).splitlines()), 1)

    def test_many_problems_are_shortened(self):
        content = "\n".join(["2026-01-01,1", *["2026-02-30,1"] * 30])
        with self.assertRaises(UserError) as error:
            self._make_import(content).action_preview()
        self.assertEqual(len(str(error.exception).splitlines()), 12)

    def test_nothing_chosen_is_said(self):
        wizard = self.env["patient.working.day.import"].create({})
        with self.assertRaises(UserError):
            wizard.action_preview()

    def test_days_of_one_hospital_only(self):
        days = self._import(TABLE, company_id=self.company.id)
        self.assertEqual(days.company_id, self.company)
        other = self._make_company()
        other.country_id = self.company.country_id
        self.assertFalse(other._get_patient_working_days().is_working(date(2027, 1, 9)))

    def test_import_closes_the_todo(self):
        with freeze_time("2026-12-01 02:00:00"):
            self.company._update_calendar_todos(date(2026, 12, 1))
            todo = self.company._get_calendar_todo(2027)
            self.assertTrue(todo)
            wizard = self._make_import(TABLE)
            self.assertEqual(wizard.missing_years, "2027")
            wizard.action_import()
            wizard.invalidate_recordset(["missing_years"])
            self.assertFalse(wizard.missing_years)
        self.assertFalse(todo.active)

    def test_only_managers_import(self):
        for user in (self.user_staff, self.user_officer, self.user_plain):
            with self.assertRaises(AccessError):
                self.env["patient.working.day.import"].with_user(user).create({})
