import io
from datetime import date, datetime

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import MODULE, PatientRelationsCase


@tagged("post_install", "-at_install")
class TestComplaintRegister(HttpCase, PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        safety = cls.env.ref(f"{MODULE}.patient_complaint_category_safety")
        listening = cls.env.ref(f"{MODULE}.patient_complaint_category_listening")
        cls.complaint = cls._make_complaint(
            received_at=datetime(2026, 2, 28, 16, 30),  # 1 March in Shanghai
            summary="发错药",
            narrative="护士发错了药。",
            encounter_id=cls.encounter.id,
            channel="hotline",
            complainant_type="relative",
            complainant_relation="child",
            complainant_name="=HYPERLINK(1)",
            complainant_phone="+8613800001234",
            user_id=cls.user_officer.id,
            problem_ids=[
                Command.create(
                    {
                        "category_id": safety.id,
                        "severity": "4",
                        "employee_id": cls.employee_doctor.id,
                        "finding": "founded",
                    }
                ),
                Command.create({"category_id": listening.id, "severity": "2"}),
            ],
        )
        cls.later = cls._make_complaint(received_at=datetime(2026, 3, 31, 16, 0))

    def _read(self, content):
        """Return the rows of the sheet as dicts by the titles of the columns."""
        sheet = load_workbook(io.BytesIO(content)).active
        titles, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        return [dict(zip(titles, row, strict=True)) for row in rows]

    def _print(self, complaints, user=None, data=None):
        report = self.env["ir.actions.report"].with_user(user or self.user_officer)
        content, kind = report._render_xlsx(
            f"{MODULE}.complaint_register", complaints.ids, data or {}
        )
        self.assertEqual(kind, "xlsx")
        return content

    def test_row_holds_what_the_hospital_keeps(self):
        [row] = self._read(self._print(self.complaint))
        self.assertEqual(row["No."], 1)
        self.assertEqual(row["Complaint Number"], self.complaint.name)
        self.assertEqual(row["Received On"], datetime(2026, 3, 1, 0, 30))
        self.assertEqual(row["Channel"], "Hotline 12345")
        self.assertEqual(row["Relation to the Patient"], "Child")
        self.assertEqual(row["Patient"], "张伟")
        self.assertEqual(row["MRN"], "T0001")
        self.assertEqual(row["Department Complained About"], "心内科")
        self.assertEqual(row["Person Complained About"], "李明医生")
        self.assertEqual(row["Problems"], "Safety (4)\nListening (2)")
        self.assertEqual(row["Highest Severity"], 4)
        self.assertEqual(row["Finding"], "Safety: Founded\nListening: Pending")
        self.assertEqual(row["Status"], "Received")
        self.assertEqual(row["Ended On"], None)

    def test_formulas_stay_text(self):
        content = self._print(self.complaint)
        sheet = load_workbook(io.BytesIO(content)).active
        cells = {
            cell.value: cell
            for row in sheet.iter_rows(min_row=2)
            for cell in row
            if isinstance(cell.value, str)
        }
        for text in ("=HYPERLINK(1)", "+8613800001234"):
            self.assertEqual(cells[text].data_type, "s")
            self.assertTrue(cells[text].quotePrefix)
        self.assertFalse(cells["张伟"].quotePrefix)

    def test_long_and_odd_text_is_no_trouble(self):
        self.complaint.narrative = "长" * 40_000
        self.complaint.expectation = "a\x0bb\x01c"
        [row] = self._read(self._print(self.complaint))
        self.assertEqual(len(row["What Is Told"]), 32_767)

    def test_rows_are_in_the_order_of_receipt(self):
        rows = self._read(self._print(self.later | self.complaint))
        self.assertEqual(
            [row["Complaint Number"] for row in rows],
            [self.complaint.name, self.later.name],
        )
        self.assertEqual([row["No."] for row in rows], [1, 2])

    def test_period_is_counted_in_the_hospitals_days(self):
        """Half past midnight of 1 March belongs to March, midnight of 1 April to April."""
        wizard = self._make_wizard(date(2026, 3, 1), date(2026, 3, 31))
        self.assertEqual(wizard._get_complaints(), self.complaint)
        wizard = self._make_wizard(date(2026, 4, 1), date(2026, 4, 30))
        self.assertEqual(wizard._get_complaints(), self.later)
        wizard.date_to = date(2026, 3, 1)
        with self.assertRaises(UserError):
            wizard.action_print()

    def test_department_and_kind_choose(self):
        wizard = self._make_wizard(date(2026, 3, 1), date(2026, 4, 30))
        wizard.department_ids = self.cardiology
        self.assertEqual(wizard._get_complaints(), self.complaint)
        wizard.kind = "praise"
        self.assertFalse(wizard._get_complaints())

    def test_wizard_prints_without_naming_the_records_in_the_address(self):
        wizard = self._make_wizard(date(2026, 3, 1), date(2026, 4, 30))
        action = wizard.action_print()
        self.assertEqual(action["data"], {"register_id": wizard.id})
        content = self._print(self.complaint.browse(), data=action["data"])
        self.assertEqual(len(self._read(content)), 2)

    def test_file_is_downloaded_from_the_list(self):
        self.authenticate("pr_officer", "pr_officer")
        answer = self.url_open(
            f"/report/xlsx/{MODULE}.complaint_register/{self.complaint.id}"
        )
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(len(self._read(answer.content)), 1)

    def test_staff_prints_no_register(self):
        with self.assertRaises(AccessError):
            self._make_wizard(date(2026, 3, 1), date(2026, 3, 31), user=self.user_staff)

    def test_accused_officer_is_left_out_of_the_rows(self):
        employee = self.env["hr.employee"].create(
            {"name": "周敏", "user_id": self.user_officer.id}
        )
        self.complaint.user_id = False
        self.complaint.problem_ids[:1].employee_id = employee
        wizard = self._make_wizard(date(2026, 3, 1), date(2026, 4, 30))
        self.assertEqual(wizard._get_complaints(), self.later)

    def _make_wizard(self, date_from, date_to, user=None):
        return (
            self.env["patient.complaint.register"]
            .with_user(user or self.user_officer)
            .create({"date_from": date_from, "date_to": date_to})
        )
