import io
import zipfile

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL
from odoo.tools.pdf import merge_pdf

# Another worker was changing the same records: what a new transaction cures.
TRANSIENT = (ConcurrencyError, psycopg2.OperationalError)
TRIES = 5


class PatientHealthReportBatch(models.Model):
    """The work in the background: a report a transaction, and files of some of them."""

    _inherit = "patient.health.report.batch"

    # BUSINESS

    def _run(self, commit):
        """Make the reports that wait, one after the other, and put them into files.

        :param commit: called after each report to commit it; returns whether to go on
        """
        for batch in self:
            batch.started_at = batch.started_at or fields.Datetime.now()
            if not batch._work_on_lines(commit):
                return
            if batch.state == "running":
                batch._finish()
                commit()

    def _work_on_lines(self, commit):
        """Make reports until none waits or somebody cancels; return whether to go on."""
        tries = 0
        while self.state == "running" and (line := self._get_next_line()):
            try:
                self._work_on(line)
                self._pack_lines()
            except TRANSIENT as error:
                self.env.cr.rollback()
                self.env.invalidate_all()
                tries += 1
                if tries < TRIES:
                    continue
                line._fail(error)
            tries = 0
            if not commit():
                return False
            self.env.invalidate_all()
        return True

    def _get_next_line(self):
        """Return the next row that waits, locked."""
        lines = self.env["patient.health.report.batch.line"]
        lines.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM patient_health_report_batch_line
                    WHERE batch_id = %s AND state = 'waiting'
                 ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED""",
                self.id,
            )
        )
        return lines.browse([row[0] for row in rows])

    def _work_on(self, line):
        """Make the report of a row; what stands in the way is written on it."""
        try:
            with self.env.cr.savepoint():
                self._print_line(line)
        except TRANSIENT:
            raise
        except UserError as error:
            line.write({"state": "failed", "message": str(error)})
        except Exception as error:  # noqa: BLE001  nobody's report stops the others
            line._fail(error)

    def _print_line(self, line):
        """Issue the report of a patient with the rights of whoever started the printing."""
        owner = self.with_user(self.user_id).with_company(self.company_id)
        reports = owner.env["patient.health.report"]
        patient = line.patient_id.with_env(owner.env)
        problem = self.with_link and patient._get_report_link_problem()
        report = reports.create(
            {
                **self._get_choices(),
                "patient_id": patient.id,
                "with_link": self.with_link and not problem,
            }
        )
        report._issue()
        line.write(
            {"state": "done", "report_id": report.id, "message": problem or False}
        )

    # files

    def _pack_lines(self, is_last=False):
        """Close a file when it is full, or at the end.

        Where nothing is packed there is no file: all have failed.
        """
        lines = self.env["patient.health.report.batch.line"].search(
            [
                ("batch_id", "=", self.id),
                ("state", "=", "done"),
                ("is_packed", "=", False),
            ],
            order="id",
        )
        if not lines or (len(lines) < self.pack_size and not is_last):
            return
        pack = lines[: self.pack_size]
        self._create_file(pack)
        pack.is_packed = True
        self._pack_lines(is_last)

    def _create_file(self, lines):
        """Keep the PDF files of some rows as one, in the order of the list."""
        write = self._zip if self.kind == "zip" else self._merge
        number = len(self.file_ids) + 1
        extension = "zip" if self.kind == "zip" else "pdf"
        day = self.company_id._patient_local_date(self.started_at)
        self.file_ids += self.env["ir.attachment"].create(
            {
                "name": f"{day}-{self.id}-{number:03d}.{extension}",
                "raw": write(lines.report_id.attachment_id),
                "res_model": self._name,
                "res_id": self.id,
                "company_id": self.company_id.id,
            }
        )

    @api.model
    def _merge(self, files):
        return merge_pdf([file.raw for file in files])

    @api.model
    def _zip(self, files):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.writestr(f"{file.id}-{file.name}", file.raw)
        return stream.getvalue()

    def _finish(self):
        self._pack_lines(is_last=True)
        self.write({"state": "done", "ended_at": fields.Datetime.now()})

    # CRON

    @api.model
    def _cron_run(self):
        """Work on the printings that were started; each report is committed by itself."""
        batches = self.search([("state", "=", "running")], order="id")
        waiting = [("batch_id", "in", batches.ids), ("state", "=", "waiting")]
        remaining = self.env["patient.health.report.batch.line"].search_count(waiting)
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=remaining)
        batches._run(commit=lambda: crons._commit_progress(1))
