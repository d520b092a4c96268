import gzip
import json
from unittest.mock import patch

from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_open

from ..models.patient_fhir_import import DEMO_FILES, KEEP_DAYS
from .common import SOURCE, FhirCase
from .test_files import make_zip


class ImportCase(FhirCase):
    def _content(self, *resources, kind="batch"):
        return json.dumps(self._bundle(*resources, kind=kind)).encode()

    def _make_run(self, named, **values):
        runs = self.env["patient.fhir.import"].with_user(self.user_manager)
        run = runs.create({"name": "test", "source": SOURCE, **values})
        run._add_files(named)
        return run

    def _get_counts(self, run):
        return {
            row.resource_type: tuple(
                row[name]
                for name in ("created", "updated", "unchanged", "ignored", "rejected")
            )
            for row in run.count_ids
        }


@tagged("post_install", "-at_install")
class TestImport(ImportCase):
    """Runs over files."""

    def test_a_run_keeps_its_files_and_counts(self):
        run = self._make_run(
            [
                (
                    "a.json",
                    self._content(self._patient("p1"), {"resourceType": "Claim"}),
                ),
                ("b.json", self._content(self._patient("p1"), self._patient("p2"))),
            ]
        )
        self.assertEqual((run.file_count, run.done_count, run.progress), (2, 0, 0))
        run._run()
        run.invalidate_recordset()
        self.assertEqual(run.state, "done")
        self.assertEqual((run.done_count, run.progress), (2, 100))
        self.assertEqual(
            self._get_counts(run),
            {"Patient": (2, 0, 1, 0, 0), "Claim": (0, 0, 0, 1, 0)},
        )

    def test_a_zip_is_a_row_for_each_of_its_files(self):
        content = make_zip(
            {
                "a.json": self._content(self._patient("p1")),
                "sub/b.json": self._content(self._patient("p2")),
            }
        )
        run = self._make_run([("all.zip", content)])
        self.assertEqual(run.file_ids.mapped("name"), ["a.json", "b.json"])
        run._run()
        self.assertEqual(self._get_counts(run)["Patient"][0], 2)

    def test_bad_files_say_why_and_do_not_stop_the_others(self):
        bomb = make_zip({"bomb.json": b" " * 2_000_000})
        self.env["ir.config_parameter"].set_param("patient_fhir.max_mib", "1")
        run = self._make_run(
            [
                ("gbk.json", '{"a": "张"}'.encode("gbk")),
                ("empty.json", b""),
                ("picture.json", b"\x89PNG\r\n\x1a\n"),
                ("broken.zip", b"PK\x03\x04 nonsense"),
                ("nothing.zip", make_zip({"readme.txt": b"x"})),
                ("bomb.zip", bomb),
                ("patient.json", json.dumps(self._patient()).encode()),
                ("good.json", self._content(self._patient())),
            ]
        )
        run._run()
        self.assertEqual(run.state, "done")
        states = {row.name: row.state for row in run.file_ids}
        self.assertEqual(states.pop("good.json"), "done")
        self.assertEqual(set(states.values()), {"rejected"})
        self.assertEqual(len(run.reject_ids), 7)
        self.assertTrue(all(run.reject_ids.mapped("message")))
        self.assertEqual(self._get_counts(run)["Bundle"][4], 7)

    def test_rejects_name_the_place_and_are_downloaded_safely(self):
        patient = self._patient("=1+1", id="x", gender="?", identifier=[])
        run = self._make_run([("=cmd.json", self._content(patient, self._patient()))])
        run._run()
        reject = run.reject_ids
        self.assertEqual(reject.path, "Bundle.entry[0].resource.gender")
        self.assertEqual(reject.entry, 0)
        lines = reject._get_csv().splitlines()
        self.assertEqual(len(lines), 2)
        self.assertTrue(lines[1].startswith("'=cmd.json,0,Patient,"))

    def test_a_refused_transaction_counts_all_its_entries_and_lists_the_cause(self):
        content = self._content(
            self._patient("p1"), self._patient("p2", gender="?"), kind="transaction"
        )
        run = self._make_run([("a.json", content)])
        run._run()
        self.assertEqual(self._get_counts(run)["Patient"], (0, 0, 0, 0, 2))
        self.assertEqual(run.reject_ids.mapped("entry"), [1])
        self.assertEqual(run.file_ids.state, "rejected")

    def test_a_collection_needs_no_requests(self):
        bundle = {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": self._patient()}],
        }
        run = self._make_run([("a.json", json.dumps(bundle).encode())])
        run._run()
        self.assertEqual(self._get_counts(run)["Patient"][0], 1)

    def test_a_run_that_was_cut_short_ends_as_if_it_had_run_once(self):
        named = [
            (f"{number}.json", self._content(self._patient(f"p{number}")))
            for number in range(6)
        ]
        whole = self._make_run(named)
        File = type(self.env["patient.fhir.import.file"])
        keep = File._keep
        seen = []

        def die(row):
            seen.append(row.name)
            if len(seen) == 4:
                raise KeyboardInterrupt
            keep(row)

        with (
            patch.object(File, "_keep", die),
            self.assertRaises(KeyboardInterrupt),
            # what the database does when the process is gone
            self.env.cr.savepoint(),
        ):
            whole._run()
        self.assertEqual(whole.state, "waiting")
        whole._run()
        self.assertEqual(self._get_counts(whole)["Patient"], (6, 0, 0, 0, 0))
        self.assertEqual(set(whole.file_ids.mapped("state")), {"done"})

    def test_it_goes_on_after_the_last_row_that_was_kept(self):
        named = [
            (f"{number}.json", self._content(self._patient(f"p{number}")))
            for number in range(6)
        ]
        run = self._make_run(named)
        left = [2]

        def commit():
            left[0] -= 1
            return left[0] > 0

        run._run(commit=commit)
        self.assertEqual((run.state, run.done_count), ("running", 2))
        run.invalidate_recordset()
        run._run()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done_count), ("done", 6))
        self.assertEqual(self._get_counts(run)["Patient"], (6, 0, 0, 0, 0))

    def test_a_run_may_be_stopped_and_goes_on(self):
        named = [(f"{n}.json", self._content(self._patient(f"p{n}"))) for n in range(3)]
        run = self._make_run(named)

        def commit():
            run.action_stop()
            return True

        run._run(commit=commit)
        self.assertEqual((run.state, run.done_count), ("stopped", 1))
        run.action_start()
        self.assertEqual(run.state, "running")
        with self.enter_registry_test_mode():
            self.env.ref(
                "patient_fhir.patient_fhir_import_cron"
            ).method_direct_trigger()
        run.invalidate_recordset()
        self.assertEqual(run.state, "done")
        self.assertEqual(self._get_counts(run)["Patient"], (3, 0, 0, 0, 0))

    def test_a_fault_of_the_server_stays_with_its_file(self):
        named = [(f"{n}.json", self._content(self._patient(f"p{n}"))) for n in range(3)]
        run = self._make_run(named)
        run.action_start()
        File = type(self.env["patient.fhir.import.file"])
        take, name = File._take, "李雷"

        def fail(row):
            if row.name == "1.json":
                raise ValueError(name)
            return take(row)

        with (
            patch.object(File, "_take", fail),
            self.assertLogs("odoo.addons.patient_fhir", "ERROR") as logs,
            self.enter_registry_test_mode(),
        ):
            self.env.ref(
                "patient_fhir.patient_fhir_import_cron"
            ).method_direct_trigger()
        run.invalidate_recordset()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.file_ids.mapped("state"), ["done", "rejected", "done"])
        self.assertEqual(run.reject_ids.code, "exception")
        self.assertNotIn(name, "".join(logs.output))

    def test_what_another_worker_blocks_is_tried_again(self):
        run = self._make_run([("a.json", self._content(self._patient()))])
        run.action_start()
        File = type(self.env["patient.fhir.import.file"])
        take = File._take
        left = [2]

        def clash(row):
            left[0] -= 1
            if left[0] >= 0:
                raise ConcurrencyError
            return take(row)

        with patch.object(File, "_take", clash), self.enter_registry_test_mode():
            self.env.ref(
                "patient_fhir.patient_fhir_import_cron"
            ).method_direct_trigger()
        run.invalidate_recordset()
        self.assertEqual(self._get_counts(run)["Patient"], (1, 0, 0, 0, 0))

    def test_a_running_import_is_not_deleted(self):
        run = self._make_run([("a.json", b"{}")])
        run.action_start()
        with self.assertRaises(UserError):
            run.unlink()
        run.action_stop()
        run.unlink()

    def test_files_are_deleted_some_time_after_the_run(self):
        run = self._make_run([("a.json", self._content(self._patient()))])
        run._run()
        attachments = run.sudo().attachment_ids
        self.assertTrue(attachments)
        run._gc_files()
        self.assertTrue(attachments.exists())
        self.env.cr.execute(
            "UPDATE patient_fhir_import SET ended_at = ended_at - make_interval(days => %s)",
            [KEEP_DAYS + 1],
        )
        self.env.invalidate_all()
        self.env["patient.fhir.import"]._gc_files()
        self.assertFalse(attachments.exists())
        self.assertEqual(run.file_ids.state, "done")

    def test_the_wizard_starts_a_run(self):
        manager = self.env(user=self.user_manager)
        attachment = manager["ir.attachment"].create(
            {"name": "a.json", "raw": self._content(self._patient())}
        )
        wizard = manager["patient.fhir.import.upload"].create(
            {"attachment_ids": [(6, 0, attachment.ids)], "source": SOURCE}
        )
        action = wizard.action_import()
        run = manager["patient.fhir.import"].browse(action["res_id"])
        self.assertEqual(
            (run.state, run.name, run.source), ("running", "a.json", SOURCE)
        )
        with self.enter_registry_test_mode():
            self.env.ref(
                "patient_fhir.patient_fhir_import_cron"
            ).method_direct_trigger()
        run.invalidate_recordset()
        self.assertEqual(run.state, "done")
        with self.assertRaises(UserError):
            manager["patient.fhir.import.upload"].create({}).action_import()

    def test_a_run_keeps_with_the_rights_of_who_started_it(self):
        officer = self.user_officer
        run = self._make_run(
            [("a.json", self._content(self._patient(gender="female")))]
        )
        run.sudo().user_id = officer
        self.company.fhir_national_id_system = "urn:id"
        run.sudo()._run()
        created = self.env["patient.identifier"].search([("value", "=", "P1")])
        self.assertEqual(created.create_uid, officer)


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    def test_the_demo_files_are_kept_by_the_same_code(self):
        run = self.env["patient.fhir.import"]._load_demo()
        self.assertEqual(run.state, "done")
        self.assertFalse(run.reject_ids)
        counts = {row.resource_type: row for row in run.count_ids}
        row = counts["Patient"]
        self.assertEqual(row.created + row.unchanged, len(DEMO_FILES))
        self.assertGreater(
            counts["Encounter"].created + counts["Encounter"].unchanged, 90
        )
        # as many as the four files hold
        row = counts["DiagnosticReport"]
        self.assertEqual((row.created + row.unchanged, row.ignored), (31, 0))

    def test_the_notice_is_shipped_with_the_files(self):
        with file_open("patient_fhir/demo/NOTICE.md") as notice:
            text = notice.read()
        self.assertIn("Apache License, Version 2.0", text)
        self.assertIn("© 2018 Boston Children's Hospital", text)
        for name in DEMO_FILES:
            self.assertIn(f"{name}.json.gz", text)
            with file_open(f"patient_fhir/demo/{name}.json.gz", "rb") as packed:
                self.assertEqual(
                    json.loads(gzip.decompress(packed.read()))["resourceType"], "Bundle"
                )


@tagged("post_install", "-at_install")
class TestRejectsDownload(ImportCase, HttpCase):
    @mute_logger("odoo.addons.base.models.ir_model", "odoo.http")
    def test_managers_download_rejects_and_others_do_not(self):
        run = self._make_run([("a.json", b"{")])
        run._run()
        url = f"/patient_fhir/rejects/{run.id}"
        self.authenticate("pr_officer", "pr_officer")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate("pr_manager", "pr_manager")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.content.startswith(b"\xef\xbb\xbf"))
        self.assertIn("a.json", response.text)
        self.assertEqual(self.url_open("/patient_fhir/rejects/999999").status_code, 404)
