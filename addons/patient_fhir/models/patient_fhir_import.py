import gzip
import io
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL
from odoo.tools.misc import file_open

from ..tools import files
from ..tools.intake import OUTCOMES
from ..tools.outcome import Problem

# Files of patients do not stay longer than they are of use.
KEEP_DAYS = 30
# Another worker was changing the same records: what a new transaction cures.
TRANSIENT = (ConcurrencyError, psycopg2.OperationalError)
TRIES = 5
DEMO_FILES = ("synthea-01", "synthea-10", "synthea-16", "synthea-22")


class PatientFhirImport(models.Model):
    """A run over files with Bundles.

    SPECIFICATIONS:
      * every Bundle is a row (``file_ids``) with its own state; one transaction keeps a
        Bundle, its counts, its rejects and its state;
      * so a run that is killed goes on with the first row that still waits, and ends as
        if it had run once;
      * a row that fails says why and does not stop the others.
    """

    _name = "patient.fhir.import"
    _description = "FHIR Import"
    _order = "id desc"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Hospital",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Started by",
        required=True,
        index=True,
        default=lambda self: self.env.user,
    )
    source = fields.Char(
        string="Source System",
        help="The address (URI) of the system the files come from, when they do not say.",
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("stopped", "Stopped"),
        ],
        required=True,
        default="waiting",
        readonly=True,
        index=True,
    )
    started_at = fields.Datetime(readonly=True)
    ended_at = fields.Datetime(readonly=True)
    # what it works on, what came of it
    attachment_ids = fields.One2many(
        comodel_name="ir.attachment",
        inverse_name="res_id",
        domain=[("res_model", "=", "patient.fhir.import")],
        string="Files Received",
    )
    file_ids = fields.One2many(
        "patient.fhir.import.file", "import_id", string="Bundles"
    )
    count_ids = fields.One2many(
        "patient.fhir.import.count", "import_id", string="Counts"
    )
    reject_ids = fields.One2many(
        "patient.fhir.import.reject", "import_id", string="Rejects"
    )
    # progress
    file_count = fields.Integer(compute="_compute_progress", string="Bundles in All")
    done_count = fields.Integer(compute="_compute_progress", string="Bundles Done")
    reject_count = fields.Integer(compute="_compute_progress", string="Rejected")
    progress = fields.Float(compute="_compute_progress")

    def _compute_progress(self):
        states = self.env["patient.fhir.import.file"]._read_group(
            [("import_id", "in", self.ids)], ["import_id", "state"], ["__count"]
        )
        rejects = dict(
            self.env["patient.fhir.import.reject"]._read_group(
                [("import_id", "in", self.ids)], ["import_id"], ["__count"]
            )
        )
        for run in self:
            counts = {
                state: count for found, state, count in states if found == run._origin
            }
            run.file_count = sum(counts.values())
            run.done_count = run.file_count - counts.get("waiting", 0)
            run.reject_count = rejects.get(run._origin, 0)
            run.progress = (
                100 * run.done_count / run.file_count if run.file_count else 0
            )

    # ACTIONS

    def action_start(self):
        """Start, or go on after a stop; the work is done in the background."""
        self.filtered(lambda run: run.state != "done").write({"state": "running"})
        # sudo: ir.cron: whoever may import may wake the job that does it
        self.env.ref("patient_fhir.patient_fhir_import_cron").sudo()._trigger()

    def action_stop(self):
        """Stop after the Bundle that is being kept."""
        self.filtered(lambda run: run.state in ("waiting", "running")).state = "stopped"

    def action_open_rejects(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_fhir.patient_fhir_import_reject_action"
        )
        return {**action, "domain": [("import_id", "=", self.id)]}

    def action_download_rejects(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/patient_fhir/rejects/{self.id}",
            "target": "download",
        }

    # BUSINESS

    def _add_files(self, named):
        """Add the Bundles of some files, each a row that waits.

        :param named: pairs of (name, bytes)
        """
        self.ensure_one()
        for name, content in named:
            attachment = self.env["ir.attachment"].create(
                {
                    "name": files.shorten(name),
                    "raw": content,
                    "mimetype": "application/octet-stream",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
            self.env["patient.fhir.import.file"].create(
                self._get_file_vals(attachment, name, content)
            )

    def _get_file_vals(self, attachment, name, content):
        """Return the rows of a file: one, or one for each member of a zip."""
        base = {"import_id": self.id, "attachment_id": attachment.id}
        if not files.is_zip(content):
            return [{**base, "name": files.shorten(name)}]
        try:
            members = files.list_members(io.BytesIO(content))
            if not members:
                raise Problem.of(
                    400, "structure", self.env._("There is no JSON file in it.")
                )
        except Problem as problem:
            row = self.env["patient.fhir.import.file"].create(
                {**base, "name": files.shorten(name)}
            )
            row._reject(problem)
            return []
        return [
            {**base, "name": files.shorten(member), "member": member}
            for member in members
        ]

    def _run(self, commit=None):
        """Keep the Bundles that wait, one after the other.

        :param commit: called after each Bundle to commit it; returns whether to go on.
            Without it all is one transaction.
        """
        for run in self:
            run.write(
                {
                    "state": "running",
                    "started_at": run.started_at or fields.Datetime.now(),
                }
            )
            tries = 0
            while row := run._get_next_file():
                try:
                    row._keep()
                except Exception as error:
                    if not commit:
                        raise
                    self.env.cr.rollback()
                    self.env.invalidate_all()
                    tries += 1
                    if isinstance(error, TRANSIENT) and tries < TRIES:
                        continue
                    row._give_up(error)
                tries = 0
                if commit and not commit():
                    return
                self.env.invalidate_all()
                if run.state == "stopped":
                    break
            else:
                run._finish()

    def _get_next_file(self):
        """Return the next row that waits, locked, in the name of who started the run."""
        self.env["patient.fhir.import.file"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM patient_fhir_import_file
                    WHERE import_id = %s AND state = 'waiting'
                 ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED""",
                self.id,
            )
        )
        owner = self.with_user(self.user_id).with_company(self.company_id)
        return owner.env["patient.fhir.import.file"].browse([row[0] for row in rows])

    def _finish(self):
        self.write({"state": "done", "ended_at": fields.Datetime.now()})
        self._count_encounters([("company_id", "=", self.company_id.id)])

    @api.model
    def _count_encounters(self, domain):
        """Bring the numbers beside names that wait to be mapped up to date."""
        for model in ("patient.fhir.department", "patient.fhir.practitioner"):
            self.env[model].search(domain)._count_encounters()

    def _add_counts(self, counts):
        """Add type → outcome → number to the counts, in one statement a type."""
        self.ensure_one()
        columns = SQL(", ").join(map(SQL.identifier, OUTCOMES))
        added = SQL(", ").join(
            SQL(
                "%(column)s = %(table)s.%(column)s + EXCLUDED.%(column)s",
                column=SQL.identifier(name),
                table=SQL.identifier("patient_fhir_import_count"),
            )
            for name in OUTCOMES
        )
        for kind, row in counts.items():
            self.env.cr.execute(
                SQL(
                    """INSERT INTO patient_fhir_import_count
                                   (import_id, company_id, resource_type, %(columns)s)
                            VALUES (%(run)s, %(company)s, %(kind)s, %(values)s)
                       ON CONFLICT (import_id, resource_type) DO UPDATE SET %(added)s""",
                    columns=columns,
                    run=self.id,
                    company=self.company_id.id,
                    kind=kind,
                    values=SQL(", ").join(SQL("%s", row[name]) for name in OUTCOMES),
                    added=added,
                )
            )
        self.env["patient.fhir.import.count"].invalidate_model()
        self.invalidate_recordset(["count_ids"])

    # CRON

    @api.model
    def _cron_run(self):
        """Work on the runs that were started; each Bundle is committed by itself."""
        self._count_encounters([("company_id", "!=", False)])
        runs = self.search([("state", "=", "running")], order="id")
        waiting = [("import_id", "in", runs.ids), ("state", "=", "waiting")]
        remaining = self.env["patient.fhir.import.file"].search_count(waiting)
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        runs._run(commit=lambda: self.env["ir.cron"]._commit_progress(1))

    @api.autovacuum
    def _gc_files(self):
        """Delete what was handed in, some time after it was worked through."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        old = self.search([("state", "=", "done"), ("ended_at", "<", limit)])
        old.attachment_ids.unlink()

    # DEMO

    @api.model
    def _load_demo(self):
        """Keep the Bundles that are shipped as demo data, the way any file goes."""
        run = self.create({"name": "Synthea"})
        for name in DEMO_FILES:
            with file_open(f"patient_fhir/demo/{name}.json.gz", "rb") as packed:
                run._add_files([(f"{name}.json", gzip.decompress(packed.read()))])
        run._run()
        return run

    # CRUD

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if any(run.state == "running" for run in self):
            raise UserError(self.env._("Stop the import before you delete it."))
