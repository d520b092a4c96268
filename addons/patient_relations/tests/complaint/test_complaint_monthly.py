import io
from datetime import date, datetime, timedelta

from freezegun import freeze_time
from openpyxl import load_workbook
from openpyxl.chart import BarChart, LineChart

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import MODULE, PatientRelationsCase

# Monday, 4 May 2026, 10:00 in Shanghai; the report is about April.
NOW = datetime(2026, 5, 4, 2)
# Monday, 13 April, 08:00 in Shanghai, when the office opens.
OPENING = datetime(2026, 4, 13)
FEW = "not enough answers"


class MonthlyCase(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        ref = cls.env.ref
        cls.communication = ref(f"{MODULE}.patient_complaint_category_communication")
        cls.safety = ref(f"{MODULE}.patient_complaint_category_safety")
        cls.rule_answer = ref(f"{MODULE}.patient_deadline_rule_cn_answer")
        cls.rule_close = ref(f"{MODULE}.patient_deadline_rule_own_close")

    @classmethod
    def _complain(cls, received_at, finding="pending", **values):
        """Return a complaint of cardiology without the clocks that it was given."""
        problem = {"category_id": cls.communication.id, "severity": "2"}
        complaint = cls._make_complaint(
            **{
                "received_at": received_at,
                "lead_department_id": cls.cardiology.id,
                "complainant_name": "金丝雀",
                "problem_ids": [Command.create({**problem, "finding": finding})],
                **values,
            }
        )
        complaint.deadline_ids.unlink()
        return complaint

    @classmethod
    def _visit(cls, department, count, moment):
        cls.env["patient.encounter"].create(
            [
                {
                    "patient_id": cls.patient.id,
                    "status": "finished",
                    "department_id": department.id,
                    "started_at": moment,
                }
            ]
            * count
        )

    @classmethod
    def _add_clock(cls, complaint, rule, due_at, stopped_at=False, **values):
        return cls.env["patient.deadline"].create(
            {
                "rule_id": rule.id,
                "res_model": "patient.complaint",
                "complaint_id": complaint.id,
                "started_at": complaint.received_at,
                "due_at": due_at,
                "stopped_at": stopped_at,
                "state": "met" if stopped_at else "running",
                **values,
            }
        )

    @classmethod
    def _reopen(cls, complaint, ended_at, reopened_at):
        complaint.reopen_count += 1
        cls.env["patient.complaint.reopening"].create(
            {
                "complaint_id": complaint.id,
                "new_facts": "新证据",
                "reopened_at": reopened_at,
                "by_user_id": cls.user_officer.id,
                "former_state": "closed",
                "former_ended_at": ended_at,
            }
        )

    def _make_wizard(self, user=None, **values):
        wizards = self.env["patient.complaint.monthly"].with_user(
            user or self.user_manager
        )
        return wizards.create({"month": date(2026, 4, 17), **values})

    def _print(self, wizard):
        report = self.env["ir.actions.report"].with_user(wizard.env.user)
        content, kind = report._render_xlsx(
            f"{MODULE}.complaint_monthly", wizard.ids, {}
        )
        self.assertEqual(kind, "xlsx")
        return load_workbook(io.BytesIO(content))

    def _read(self, sheet):
        """Return first cell → the other cells, of the rows below the titles."""
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
        return {row[0]: row[1:] for row in rows if row[0]}


@tagged("post_install", "-at_install")
class TestComplaintMonthly(HttpCase, MonthlyCase):
    """A few complaints around April 2026, and what is to be told of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_april()
        cls._add_others()
        cls._visit(cls.cardiology, 16, OPENING)
        cls._visit(cls.surgery, 4, OPENING)
        cls.env["patient.department.month"]._refresh()
        cls._add_clocks()

    @classmethod
    def _add_april(cls):
        """Six complaints, acknowledged after 1, 2, 3, 4 and 5 working hours (noon rests)."""
        ended = {"state": "closed", "complainant_phone": "13800001111"}
        cls.april = (
            cls._complain(OPENING, "founded", **ended)
            | cls._complain(OPENING + timedelta(minutes=1), "partly", **ended)
            | cls._complain(OPENING, "not_founded", state="responded")
            | cls._complain(OPENING, "not_founded", state="responded")
            | cls._complain(OPENING, "founded", state="responded")
            # half past midnight of 1 April in Shanghai
            | cls._complain(datetime(2026, 3, 31, 16, 30))
        )
        cls.april[0].problem_ids = [
            Command.create(
                {
                    "category_id": cls.safety.id,
                    "severity": "4",
                    "department_id": cls.surgery.id,
                    "finding": "founded",
                }
            )
        ]
        cls.april[1].received_at = OPENING
        for complaint, hours in zip(cls.april, (1, 2, 3, 4, 6), strict=False):
            complaint.acknowledged_on = OPENING + timedelta(hours=hours)
        cls.april[:2].closed_at = OPENING + timedelta(hours=24)
        cls._reopen(cls.april[4], datetime(2026, 4, 20), datetime(2026, 4, 22))

    @classmethod
    def _add_others(cls):
        """Two of March: one ended in April, one ended in March and reopened in April."""
        first = cls._complain(datetime(2026, 3, 10), "founded", state="closed")
        first.closed_at = datetime(2026, 4, 2, 2)
        second = cls._complain(datetime(2026, 3, 11))
        cls._reopen(second, datetime(2026, 3, 20), datetime(2026, 4, 10))
        last_year = cls._complain(datetime(2025, 4, 10), "founded", state="closed")
        last_year.closed_at = datetime(2025, 4, 15)
        cls._complain(OPENING, kind="praise", problem_ids=[])
        cls._complain(OPENING).action_archive()
        cls._complain(
            OPENING,
            company_id=cls._make_company().id,
            lead_department_id=False,
            problem_ids=[],
        )
        answers = zip(cls.april[:4] | first, "54124", strict=True)
        for complaint, answer in answers:
            complaint.write(
                {"satisfaction": answer, "satisfaction_asked_on": datetime(2026, 4, 28)}
            )
        cls.april[4].write(
            {"satisfaction": "refused", "satisfaction_asked_on": datetime(2026, 4, 28)}
        )

    @classmethod
    def _add_clocks(cls):
        """Due in April: four answers in time, one overdue; two ends in time."""
        # those that the complaints were given are not counted by hand
        cls.env["patient.deadline"].search([]).unlink()
        in_time = {"total_hours": 10, "paused_hours": 1}
        due, done = datetime(2026, 4, 20, 15, 59, 59), datetime(2026, 4, 16)
        for number in (0, 1, 3, 4):
            cls._add_clock(cls.april[number], cls.rule_answer, due, done, **in_time)
        cls.overdue = cls._add_clock(cls.april[2], cls.rule_answer, due)
        for number in (0, 1):
            cls._add_clock(cls.april[number], cls.rule_close, due, done, **in_time)
        # not due yet, so neither kept nor broken
        cls._add_clock(cls.april[5], cls.rule_close, datetime(2026, 6, 1))

    def test_overview_counts_as_by_hand(self):
        rows = self._read(self._print(self._make_wizard())["Overview"])
        # april, march, april of last year, change
        counts = {
            "Complaints Received": (6, 2, 1, 4),
            "Complaints Reopened": (2, 0, 0, 2),
            "Complaints Ended": (4, 1, 1, 3),
            "Open at the End of the Month": (5, 1, 0, 4),
            "Problems": (7, 2, 1, 5),
        }
        for name, numbers in counts.items():
            with self.subTest(measure=name):
                self.assertEqual(tuple(rows[name][::2]), numbers)
                self.assertEqual(rows[name][1::2], [None] * 3)

    def test_what_is_open_follows_from_what_came_and_went(self):
        figures = self._make_wizard()._get_figures()
        before, month = figures[date(2026, 3, 1)], figures[date(2026, 4, 1)]
        self.assertEqual(
            month["open"].value,
            before["open"].value
            + month["received"].value
            + month["reopened"].value
            - month["ended"].value,
        )

    def test_each_rate_carries_its_number(self):
        rows = self._read(self._print(self._make_wizard())["Overview"])
        rates = {
            "Complaints per 1,000 Visits": (6 / 20 * 1000, 20),
            "Deadlines Kept (%)": (600 / 7, 7),
            "Deadlines Kept (%): Answer": (80.0, 5),
            "Hours to Acknowledge (Median)": (3.0, 5),
            "Hours to Acknowledge (9 of 10 within)": (4.6, 5),
            "Reopened (%)": (100 / 6, 6),
            "Repeated (%)": (100 / 6, 6),
            "Problems Founded or Partly Founded (%)": (400 / 6, 6),
            "Satisfaction with the Handling (1–5)": (3.2, 5),
            "Satisfied with the Handling (%)": (60.0, 5),
            "Time Paused (%)": (10.0, 6),
        }
        for name, (value, number) in rates.items():
            with self.subTest(measure=name):
                self.assertAlmostEqual(rows[name][0], value, places=3)
                self.assertEqual(rows[name][1], number)

    def test_few_facts_are_no_number(self):
        rows = self._read(self._print(self._make_wizard())["Overview"])
        close = rows["Hours to Close (Median)"]
        self.assertEqual(close[:2], [FEW, 3])
        self.assertEqual(rows["Reopened (%)"][2:4], [FEW, 2])
        self.assertEqual(rows["Satisfied with the Handling (%)"][4:6], [FEW, 0])
        # no change against what is not known
        self.assertIsNone(rows["Reopened (%)"][6])
        visits = rows["Complaints per 1,000 Visits"]
        self.assertEqual(visits[2:4], [FEW, 1])

    def test_departments_have_rates_and_bars(self):
        sheet = self._print(self._make_wizard())["By Department"]
        rows = self._read(sheet)
        self.assertEqual(
            rows["心内科"], [6, 375.0, 16, 100 * 6 / 7, 7, 60.0, 5, 2.0, 6]
        )
        self.assertEqual(rows["外科"], [1, FEW, 4, FEW, 0, FEW, 1, FEW, 1])
        [chart] = sheet._charts
        self.assertIsInstance(chart, BarChart)
        [series] = chart.series
        self.assertEqual(series.val.numRef.f, "'By Department'!$B$4:$B$5")

    def test_categories_have_a_stacked_bar_for_each_severity(self):
        sheet = self._print(self._make_wizard())["By Category and Severity"]
        rows = {row[0]: row[1:] for row in self._read(sheet).values()}
        self.assertEqual(rows["Communication"], [0, 6, 0, 0, 6])
        self.assertEqual(rows["Safety"], [0, 0, 0, 1, 1])
        [chart] = sheet._charts
        self.assertIsInstance(chart, BarChart)
        self.assertEqual((chart.grouping, len(chart.series)), ("stacked", 4))

    def test_thirteen_months_are_drawn_on_two_axes(self):
        sheet = self._print(self._make_wizard())["Thirteen Months"]
        rows = self._read(sheet)
        self.assertEqual(len(rows), 13)
        self.assertEqual(list(rows)[0], "2025-04")
        self.assertEqual(rows["2025-04"], [1, 1, 1, None, 0, FEW])
        self.assertEqual(rows["2026-03"], [2, 1, 2, None, 0, FEW])
        self.assertEqual(rows["2026-04"], [6, 4, 7, 100 * 6 / 7, 7, None])
        [chart] = sheet._charts
        self.assertIsInstance(chart, LineChart)
        lines = [part for part in chart._charts if isinstance(part, LineChart)]
        self.assertEqual([len(part.series) for part in lines], [3, 1])
        self.assertEqual(len({part.y_axis.axId for part in lines}), 2)

    def test_overdue_deadlines_are_listed_with_their_days(self):
        self.april[2].user_id = self.user_officer
        rows = self._read(self._print(self._make_wizard())["Overdue Now"])
        self.assertEqual(
            rows,
            {
                self.april[2].name: [
                    "心内科",
                    self.user_officer.name,
                    self.rule_answer.name,
                    datetime(2026, 4, 20, 23, 59, 59),
                    14,
                ]
            },
        )

    def test_nothing_is_said_in_a_month_without_complaints(self):
        book = self._print(self._make_wizard(month=date(2024, 1, 1)))
        for name in ("By Department", "By Category and Severity"):
            self.assertIn(
                "No problem was received in this month.", self._read(book[name])
            )
            self.assertFalse(book[name]._charts)
        self.overdue.unlink()
        book = self._print(self._make_wizard())
        self.assertIn("Nothing is overdue.", self._read(book["Overdue Now"]))

    def test_no_complainant_and_no_patient_is_named(self):
        self.april.patient_id = self.patient
        texts = self._get_texts(self._print(self._make_wizard()))
        self.assertIn(self.company.name, texts)
        for word in ("金丝雀", "张伟", "T0001", "13800001111"):
            self.assertNotIn(word, texts)

    def test_names_stay_text(self):
        self.cardiology.name = "=HYPERLINK(1)"
        sheet = self._print(self._make_wizard())["By Department"]
        cell = sheet["A4"]
        self.assertEqual((cell.value, cell.data_type), ("=HYPERLINK(1)", "s"))
        self.assertTrue(cell.quotePrefix)

    def test_who_is_complained_about_does_not_count_that_complaint(self):
        self.april[0].problem_ids[0].employee_id = self.env["hr.employee"].create(
            {
                "name": "周敏",
                "user_id": self.user_officer.id,
                "department_id": self.cardiology.id,
            }
        )
        self.april[2].problem_ids.employee_id = self.user_officer.employee_id
        book = self._print(self._make_wizard(self.user_officer))
        rows = self._read(book["Overview"])
        self.assertEqual(rows["Complaints Received"][0], 4)
        self.assertEqual(rows["Problems"][0], 4)
        self.assertEqual(rows["Deadlines Kept (%)"][:2], [FEW, 4])
        self.assertNotIn("外科", self._read(book["By Department"]))
        self.assertIn("Nothing is overdue.", self._read(book["Overdue Now"]))
        rows = self._read(self._print(self._make_wizard())["Overview"])
        self.assertEqual(rows["Complaints Received"][0], 6)

    def test_another_hospital_is_closed_to_who_does_not_work_there(self):
        other = self.env["res.company"].search([("name", "=", "另一家医院")])
        wizard = self.env["patient.complaint.monthly"].create(
            {"company_id": other.id, "month": date(2026, 4, 1)}
        )
        with_all = wizard.with_context(allowed_company_ids=other.ids)
        april = date(2026, 4, 1)
        self.assertEqual(with_all._get_figures()[april]["received"].value, 1)
        blind = wizard.with_user(self.user_manager).sudo(False)
        self.assertEqual(blind._get_figures()[april]["received"].value, 0)

    def test_month_is_the_last_full_one_on_the_hospitals_calendar(self):
        wizards = self.env["patient.complaint.monthly"]
        # the first minute of May in Shanghai, and the one before
        with freeze_time(datetime(2026, 4, 30, 16)):
            self.assertEqual(wizards.create({}).month, date(2026, 4, 1))
        with freeze_time(datetime(2026, 4, 30, 15, 59)):
            self.assertEqual(wizards.create({}).month, date(2026, 3, 1))

    def test_month_that_lies_ahead_is_refused(self):
        with self.assertRaisesRegex(UserError, "2026-06"):
            self._make_wizard(month=date(2026, 6, 3)).action_print()
        texts = self._get_texts(self._print(self._make_wizard(month=date(2026, 5, 2))))
        self.assertIn("2026-05 (not over yet)", texts)

    def test_officers_and_managers_print_and_nobody_else(self):
        for user in (self.user_officer, self.user_manager):
            action = self._make_wizard(user).action_print()
            self.assertEqual(action["report_type"], "xlsx")
        for user in (self.user_staff, self.user_plain):
            with self.assertRaises(AccessError):
                self._make_wizard(user)

    def test_file_is_downloaded_by_its_own_user_only(self):
        wizard = self._make_wizard(self.user_manager)
        address = f"/report/xlsx/{MODULE}.complaint_monthly/{wizard.id}"
        self.authenticate("pr_manager", "pr_manager")
        answer = self.url_open(address)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(len(load_workbook(io.BytesIO(answer.content)).sheetnames), 5)
        with self.assertRaises(AccessError):
            self._print(wizard.with_user(self.user_staff))

    def _get_texts(self, book):
        return "\n".join(
            str(cell.value)
            for sheet in book
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        )


@tagged("post_install", "-at_install")
class TestComplaintMonthlyPerformance(MonthlyCase):
    def _add_complaints(self, count):
        for _number in range(count):
            complaint = self._complain(OPENING)
            self._add_clock(complaint, self.rule_answer, datetime(2026, 4, 20))

    def _count_queries(self):
        wizard = self._make_wizard()
        self._print(wizard)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._print(wizard)
        return self.env.cr.sql_log_count - before

    def test_report_costs_the_same_for_one_and_a_hundred(self):
        self._add_complaints(1)
        self._count_queries()  # fills the caches of the registry
        one = self._count_queries()
        self._add_complaints(99)
        self.assertEqual(self._count_queries(), one)
        self.assertLessEqual(one, 60)
