import hashlib
from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import NOW
from .common import ReportCase


@tagged("post_install", "-at_install")
class TestReport(ReportCase):
    """Drafts, issued reports, and what becomes of them."""

    def test_three_years_and_all_sections_are_proposed(self):
        report = self.reports.create({"patient_id": self.patient.id})
        self.assertEqual(
            (report.date_from, report.date_to), (date(2023, 3, 3), date(2026, 3, 2))
        )
        self.assertEqual(len(report.section_ids), 8)
        self.assertTrue(report.with_link)
        self.assertFalse(report.is_sensitive)
        self.assertEqual(report.company_id, self.patient.company_id)

    def test_an_issued_report_knows_who_and_when_and_its_checksums(self):
        report = self._draft(user=self.user_nurse)
        with self._with_printer():
            report.action_issue()
        self.assertEqual(
            (report.state, report.issued_by_id, report.issued_at),
            ("issued", self.user_nurse, NOW),
        )
        digest = hashlib.sha256(b"%PDF-1.4 report").hexdigest()
        self.assertEqual(report.sha256, digest)
        self.assertEqual(report.attachment_id.raw, b"%PDF-1.4 report")
        self.assertTrue(report.is_intact)
        # forms ask for the sizes of files
        report.invalidate_recordset()
        self.assertTrue(report.with_context(bin_size=True).is_intact)
        self.assertEqual(report.action_download()["type"], "ir.actions.act_url")

    def test_an_issued_report_is_not_changed(self):
        report = self._issue()
        for values in (
            {"date_from": "2020-01-01"},
            {"patient_id": self.stranger.id},
            {"section_ids": [(5,)]},
            {"lang": "en_US"},
        ):
            with self.assertRaises(UserError) as refusal:
                report.with_user(self.user_health).write(values)
            self.assertIn("张伟", str(refusal.exception))
        with self.assertRaises(UserError):
            report.with_user(self.user_health).unlink()
        with self.assertRaises(UserError):
            report.with_user(self.user_health).action_issue()

    def test_what_the_server_writes_is_not_given(self):
        for values in (
            {"state": "issued"},
            {"sha256": "0" * 64},
            {"content": {"a": 1}},
        ):
            with self.assertRaises(UserError):
                self._draft(user=self.user_nurse, **values)
            with self.assertRaises(UserError):
                self._draft(user=self.user_nurse).write(values)

    def test_the_file_is_not_exchanged_behind_the_report(self):
        report = self._draft(user=self.user_nurse)
        with self._with_printer():
            report.action_issue()
        attachment = report.attachment_id.with_user(self.user_nurse)
        with self.assertRaises(UserError):
            attachment.raw = b"other"
        with self.assertRaises(UserError):
            attachment.unlink()
        attachment.sudo().raw = b"other"
        report.invalidate_recordset()
        self.assertFalse(report.is_intact)

    def test_content_changed_in_the_database_shows(self):
        report = self._issue()
        self.assertTrue(report.is_intact)
        report.flush_recordset()
        self.env.cr.execute(
            "UPDATE patient_health_report SET content = %s WHERE id = %s",
            ('{"name": "x"}', report.id),
        )
        report.invalidate_recordset()
        self.assertFalse(report.is_intact)

    def test_a_later_measurement_does_not_change_what_was_issued(self):
        self._measure("systolic", 150)
        report = self._issue()
        before = report.content
        self._measure("systolic", 190)
        report.invalidate_recordset()
        self.assertEqual(report.content, before)

    def test_a_new_report_takes_the_place_of_the_former(self):
        former = self._issue(user=self.user_nurse)
        former._make_link()
        action = former.action_supersede()
        later = self.reports.browse(action["res_id"]).with_user(self.user_nurse)
        self.assertEqual((former.state, later.state), ("issued", "draft"))
        later._issue(printing=False)
        self.assertEqual((former.state, later.state), ("superseded", "issued"))
        self.assertEqual(former.link_state, "withdrawn")
        with self.assertRaises(UserError):
            former.action_supersede()

    @mute_logger("odoo.sql_db")
    def test_two_reports_do_not_take_the_same_place(self):
        former = self._issue()
        former.action_supersede()
        with self.assertRaises(IntegrityError):
            former.action_supersede()
            self.env.flush_all()

    def test_a_report_is_withdrawn_with_a_reason_and_its_link_ends(self):
        report = self._issue(user=self.user_nurse)
        report._make_link()
        dialog = self.env["patient.health.report.withdraw"].with_user(self.user_nurse)
        dialog = dialog.create({"report_id": report.id, "reason": " "})
        with self.assertRaises(UserError):
            dialog.action_confirm()
        dialog.reason = "另一位患者的数值"
        dialog.action_confirm()
        self.assertEqual(
            (report.state, report.withdrawn_reason, report.withdrawn_by_id),
            ("withdrawn", "另一位患者的数值", self.user_nurse),
        )
        self.assertEqual(report.link_ended_reason, "另一位患者的数值")
        with self.assertRaises(UserError):
            report.action_make_link()

    def test_drafts_can_be_thrown_away_and_do_not_go_back_in_time(self):
        self._draft(user=self.user_nurse).unlink()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._draft(date_from="2026-03-02", date_to="2026-03-01")

    # without a birth date, without a printer

    def test_without_a_birth_date_it_is_issued_without_a_code(self):
        self.patient.birth_date = False
        report = self._draft(user=self.user_nurse)
        self.assertIn("birth date", report.link_notice)
        with self.assertRaises(UserError) as refusal:
            report.action_issue()
        self.assertIn("without a QR code", str(refusal.exception))
        self.assertEqual(report.state, "draft")
        report.with_link = False
        with self._with_printer():
            report.action_issue()
        self.assertEqual((report.state, report.link_state), ("issued", "none"))

    def test_the_dead_get_no_link_and_theirs_ends(self):
        report = self._issue()
        report._make_link()
        self.patient.with_user(self.user_manager).deceased_at = NOW
        self.assertEqual(
            (report.link_state, report.link_ended_reason),
            ("withdrawn", "The patient has died."),
        )
        with self.assertRaises(UserError) as refusal:
            report.action_make_link()
        self.assertIn("has died", str(refusal.exception))
        self.assertIn("has died", self._draft().link_notice)

    def test_without_a_program_nothing_is_half_issued(self):
        report = self._draft(user=self.user_nurse)
        with (
            self._without_printer(),
            self.assertRaises(UserError) as refusal,
            self.env.cr.savepoint(),
        ):
            report.action_issue()
        self.assertIn("wkhtmltopdf", str(refusal.exception))
        self.assertEqual((report.state, report.link_made_at), ("draft", False))

    def test_a_report_issued_without_a_program_is_printed_later(self):
        report = self._issue(user=self.user_nurse)
        with self.assertRaises(UserError):
            report.action_download()
        before = report.content_hash
        with self._with_printer():
            report.action_print()
            self.assertTrue(report.attachment_id)
            self.assertEqual(report.link_state, "open")
            with self.assertRaises(UserError):
                report.action_print()
        self.assertEqual(report.content_hash, before)
        self.assertTrue(report.is_intact)

    # the dialog

    def test_the_dialog_issues_what_was_chosen(self):
        sections = self.env["patient.health.report.section"].search([], limit=2)
        dialog = Form(
            self.env["patient.health.report.issue"]
            .with_user(self.user_nurse)
            .with_context(default_patient_id=self.patient.id)
        )
        self.assertTrue(dialog.with_link)
        dialog.date_from = date(2025, 1, 1)
        record = dialog.save()
        record.section_ids = sections
        with self._with_printer():
            action = record.action_issue()
        report = self.reports.browse(action["res_id"])
        self.assertEqual(report.state, "issued")
        self.assertEqual(report.date_from, date(2025, 1, 1))
        self.assertEqual(report.section_ids, sections)
        self.assertEqual(self.patient.with_user(self.user_nurse).report_count, 1)

    def test_the_dialog_says_that_there_is_no_birth_date(self):
        self.patient.birth_date = False
        dialog = Form(
            self.env["patient.health.report.issue"]
            .with_user(self.user_nurse)
            .with_context(default_patient_id=self.patient.id)
        )
        self.assertFalse(dialog.with_link)
        self.assertIn("birth date", dialog.link_notice)
        action = dialog.save().action_draft()
        self.assertEqual(self.reports.browse(action["res_id"]).state, "draft")

    # links

    def test_the_token_is_kept_as_a_hash_only(self):
        report = self._issue()
        token = self._get_token(report._make_link())
        report.flush_recordset()
        self.env.cr.execute(
            "SELECT t::text FROM patient_health_report t WHERE id = %s", (report.id,)
        )
        [(row,)] = self.env.cr.fetchall()
        self.assertNotIn(token, row)
        self.assertIn(hashlib.sha256(token.encode()).hexdigest(), row)

    def test_a_new_link_ends_the_one_before(self):
        report = self._issue()
        first, second = (self._get_token(report._make_link()) for _once in range(2))
        self.assertFalse(self.reports._lock_link(first))
        self.assertEqual(self.reports._lock_link(second), report)

    def test_life_of_a_link_is_the_hospitals_choice(self):
        self.company.patient_report_link_days = 3
        report = self._issue()
        report._make_link()
        self.assertEqual(report.link_expires_at, NOW + timedelta(days=3))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.company.patient_report_link_days = 0
            self.env.flush_all()

    def test_a_new_link_has_a_page_of_its_own_or_is_shown_once(self):
        report = self._issue(user=self.user_nurse)
        with self._with_printer():
            report.action_make_link()
            first = report.sheet_id
            report.action_make_link()
        self.assertFalse(first.exists())
        self.assertTrue(report.sheet_id)
        with self._without_printer():
            action = report.action_make_link()
        token = self._get_token(action["params"]["message"])
        self.assertEqual(self.reports._lock_link(token), report)
        report.action_end_link()
        self.assertEqual(report.link_state, "withdrawn")
        self.assertFalse(report.sheet_id)

    def test_lists_cost_the_same_for_one_and_for_many(self):
        one = self._issue()
        many = self.reports.browse(
            [
                self._issue(patient=self._make_patient(f"病人{n}"), with_link=False).id
                for n in range(20)
            ]
        )
        names = ["patient_id", "state", "link_state", "issued_by_id", "issued_at"]
        counts = []
        for reports in (one, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            reports.read(names)
            reports.mapped("patient_id.report_count")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
