import io
import zipfile
from contextlib import suppress
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from ..common import NOW
from .common import DAY, ReportCase

CRON = "patient_health.patient_health_report_batch_cron"


def _make_pdf():
    writer, stream = PdfFileWriter(), io.BytesIO()
    writer.addBlankPage(595, 842)
    writer.write(stream)
    return stream.getvalue()


PDF = _make_pdf()


@tagged("post_install", "-at_install")
class TestReportBatch(ReportCase):
    """A check-up group, printed in the background."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.patient
        for number in range(4):
            cls.group += cls._make_patient(
                f"体检{number}", mrn=f"G{number}", birth_date="1970-01-01"
            )
        cls.env["patient.encounter"].create(
            [
                {
                    "patient_id": patient.id,
                    "status": "finished",
                    "department_id": cls.cardiology.id,
                    "started_at": NOW - DAY,
                }
                for patient in cls.group[1:]
            ]
        )

    def _make_batch(self, patients=None, user=None, **values):
        batch = self.env["patient.health.report.batch"].with_user(
            user or self.user_nurse
        )
        batch = batch.create({"lang": "en_US", **values})
        batch._add_patients(self.group if patients is None else patients)
        return batch

    def _run_cron(self):
        with self._with_printer(PDF), self.enter_registry_test_mode():
            self.env.ref(CRON).with_user(
                self.env.ref("base.user_root")
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _get_states(self, batch):
        return batch.line_ids.sorted("id").mapped("state")

    def test_each_patient_gets_a_report_and_files_are_closed_on_the_way(self):
        batch = self._make_batch(pack_size=2)
        batch.action_start()
        self.assertEqual((batch.state, batch.progress), ("running", 0))
        self._run_cron()
        self.assertEqual((batch.state, batch.progress), ("done", 100))
        self.assertEqual((batch.done_count, batch.failed_count), (5, 0))
        reports = batch.line_ids.report_id
        self.assertEqual(reports.patient_id, self.group)
        self.assertEqual(set(reports.mapped("issued_by_id")), {self.user_nurse})
        self.assertEqual(set(reports.mapped("link_state")), {"open"})
        pages = [
            PdfFileReader(io.BytesIO(file.raw)).getNumPages()
            for file in batch.file_ids.sorted("name")
        ]
        self.assertEqual(pages, [2, 2, 1])
        self.assertEqual(batch.action_view_reports()["domain"][0][2], reports.ids)

    def test_a_zip_holds_a_pdf_for_each(self):
        batch = self._make_batch(kind="zip")
        batch.action_start()
        self._run_cron()
        with zipfile.ZipFile(io.BytesIO(batch.file_ids.raw)) as archive:
            self.assertEqual(len(archive.namelist()), 5)

    def test_one_bad_patient_stops_nobody(self):
        bad = self.group[2]
        former = type(self.reports)._freeze

        def refuse(report):
            if report.patient_id == bad:
                raise UserError(report.env._("No report for %(name)s.", name="x"))
            if report.patient_id == self.group[3]:
                raise ZeroDivisionError
            return former(report)

        batch = self._make_batch()
        batch.action_start()
        with patch.object(type(self.reports), "_freeze", refuse):
            self._run_cron()
        self.assertEqual(batch.state, "done")
        self.assertEqual(
            self._get_states(batch), ["done", "done", "failed", "failed", "done"]
        )
        lines = batch.line_ids.sorted("id")
        self.assertEqual(lines[2].message, "No report for x.")
        self.assertIn("ZeroDivisionError", lines[3].message)
        self.assertFalse(self.reports.search([("patient_id", "=", bad.id)]))
        self.assertEqual(PdfFileReader(io.BytesIO(batch.file_ids.raw)).getNumPages(), 3)

    def test_a_run_that_was_killed_goes_on_where_it_was(self):
        batch = self._make_batch()
        batch.action_start()
        answers = iter([True, True, False])
        with self._with_printer(PDF):
            batch.sudo()._run(commit=lambda: next(answers))
        self.assertEqual(
            self._get_states(batch), ["done", "done", "done", "waiting", "waiting"]
        )
        self.assertEqual(batch.state, "running")
        self._run_cron()
        self.assertEqual(set(self._get_states(batch)), {"done"})
        self.assertEqual(
            len(self.reports.search([("patient_id", "in", self.group.ids)])), 5
        )
        self.assertEqual(PdfFileReader(io.BytesIO(batch.file_ids.raw)).getNumPages(), 5)

    def test_a_report_that_was_half_made_when_it_was_killed_is_made_once(self):
        former, made = type(self.reports)._print, []

        def die(report):
            former(report)
            made.append(report.patient_id)
            if len(made) == 3:
                raise SystemExit

        batch = self._make_batch()
        batch.action_start()
        self.env.flush_all()
        with (
            self._with_printer(PDF),
            patch.object(type(self.reports), "_print", die),
            suppress(SystemExit),  # assertRaises would undo what was committed
        ):
            batch.sudo()._run(commit=lambda: True)
        self.env.invalidate_all()
        self.assertEqual(made, list(self.group[:3]))
        self.assertEqual(
            self._get_states(batch), ["done", "done", "waiting", "waiting", "waiting"]
        )
        self._run_cron()
        self.assertEqual((batch.state, batch.failed_count), ("done", 0))
        found = self.reports.search([("patient_id", "in", self.group.ids)])
        self.assertEqual(found.patient_id, self.group)
        self.assertEqual(len(found), 5)

    def test_cancelled_it_stops_and_goes_on_when_it_is_told_to(self):
        batch = self._make_batch()
        batch.action_start()
        counted = []

        def cancel():
            counted.append(1)
            if len(counted) == 2:
                batch.action_cancel()
            return True

        with self._with_printer(PDF):
            batch.sudo()._run(commit=cancel)
        self.assertEqual((batch.state, batch.done_count), ("cancelled", 2))
        self._run_cron()
        self.assertEqual(batch.done_count, 2)
        with self.assertRaises(UserError):
            batch.action_cancel()
        batch.action_start()
        self._run_cron()
        self.assertEqual((batch.state, batch.done_count), ("done", 5))

    def test_a_conflict_with_another_worker_is_tried_again_and_not_for_ever(self):
        batch = self._make_batch(self.group[:2])
        batch.action_start()
        self.env.flush_all()
        tries = []

        def conflict(run, line):
            tries.append(line.patient_id)
            raise ConcurrencyError("row was changed")

        with (
            patch.object(type(batch), "_print_line", conflict),
            patch.object(self.env.cr, "rollback", lambda: None),
        ):
            batch.sudo()._run(commit=lambda: True)
        self.assertEqual(len(tries), 10)
        self.assertEqual(self._get_states(batch), ["failed", "failed"])
        self.assertIn("ConcurrencyError", batch.line_ids[:1].message)

    def test_who_has_no_birth_date_is_printed_without_a_code_and_listed(self):
        self.group[1].birth_date = False
        batch = self._make_batch(self.group[:2])
        batch.action_start()
        self._run_cron()
        lines = batch.line_ids.sorted("id")
        self.assertEqual(lines.mapped("state"), ["done", "done"])
        self.assertIn("birth date", lines[1].message)
        self.assertEqual(lines.report_id.mapped("link_state"), ["open", "none"])

    def test_whom_the_starter_does_not_care_for_is_listed(self):
        batch = self._make_batch(self.patient + self.stranger)
        batch.action_start()
        self._run_cron()
        self.assertEqual(self._get_states(batch), ["done", "failed"])
        self.assertTrue(batch.line_ids.sorted("id")[1].message)

    def test_without_a_program_every_row_says_so(self):
        batch = self._make_batch(self.group[:2])
        batch.action_start()
        with self._without_printer():
            batch.sudo()._run(commit=lambda: True)
        self.assertEqual(self._get_states(batch), ["failed", "failed"])
        self.assertIn("wkhtmltopdf", batch.line_ids[:1].message)
        self.assertFalse(batch.file_ids)

    def test_sensitive_values_are_never_printed_for_a_group(self):
        batch = self._make_batch(self.patient, user=self.user_mind)
        batch.action_start()
        self._run_cron()
        self.assertFalse(batch.line_ids.report_id.is_sensitive)

    # choosing

    def test_patients_are_added_by_tag_by_visit_and_by_selection(self):
        tag = self.env["patient.tag"].create({"name": "体检一组"})
        (self.group[1] + self.group[2]).tag_ids = tag
        batch = self._make_batch(self.patient, tag_ids=tag.ids)
        batch.action_add()
        self.assertEqual(batch.line_ids.patient_id, self.group[:3])
        batch.write(
            {
                "tag_ids": [(5,)],
                "seen_by": "visit",
                "seen_from": "2026-03-01",
                "seen_to": "2026-03-01",
                "department_id": self.cardiology.id,
            }
        )
        batch.action_add()
        self.assertEqual(batch.line_ids.patient_id, self.group)
        with self.assertRaises(UserError):
            batch.action_add()
        action = self.group.with_user(self.user_nurse).action_print_health_reports()
        chosen = batch.browse(action["res_id"])
        self.assertEqual(chosen.line_ids.patient_id, self.group)
        self.assertEqual(chosen.user_id, self.user_nurse)

    def test_patients_are_added_by_examination(self):
        self.env["patient.examination"].create(
            {
                "patient_id": self.group[4].id,
                "name": "体检",
                "effective_at": NOW - 5 * DAY,
                "department_id": self.surgery.id,
            }
        )
        batch = self._make_batch(
            self.patient.browse(),
            user=self.user_health,
            seen_by="examination",
            seen_from="2026-02-01",
            seen_to="2026-02-28",
        )
        batch.action_add()
        self.assertEqual(batch.line_ids.patient_id, self.group[4])

    def test_the_dead_are_not_chosen(self):
        tag = self.env["patient.tag"].create({"name": "体检二组"})
        self.group.tag_ids = tag
        self.group[3].deceased_at = NOW
        batch = self._make_batch(self.patient.browse(), tag_ids=tag.ids)
        batch.action_add()
        self.assertNotIn(self.group[3], batch.line_ids.patient_id)

    def test_a_choice_that_says_nothing_is_refused(self):
        batch = self._make_batch(self.patient.browse())
        for values in (
            {},
            {"seen_by": "visit"},
            {"seen_by": "visit", "seen_from": "2026-03-02", "seen_to": "2026-03-01"},
        ):
            batch.write(values)
            with self.assertRaises(UserError, msg=values):
                batch.action_add()
        with self.assertRaises(UserError):
            batch.action_start()

    def test_what_has_begun_stays_as_it_was_chosen(self):
        batch = self._make_batch(self.group[:2])
        batch.action_start()
        with self.assertRaises(UserError):
            batch.lang = "en_US"
        with self.assertRaises(UserError):
            batch._add_patients(self.group[3])
        with self.assertRaises(UserError):
            batch.unlink()
        with self.assertRaises(UserError):
            batch.state = "done"
        self._run_cron()
        with self.assertRaises(UserError):
            batch.line_ids[:1].unlink()
        files = batch.file_ids
        batch.unlink()
        self.assertFalse(files.exists())
        self.assertTrue(self.reports.search([("patient_id", "=", self.patient.id)]))

    @mute_logger("odoo.sql_db")
    def test_a_patient_stands_once_on_a_list_and_a_file_has_its_size(self):
        batch = self._make_batch(self.patient)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            batch.line_ids.create({"batch_id": batch.id, "patient_id": self.patient.id})
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            batch.pack_size = 0
            batch.flush_recordset()
