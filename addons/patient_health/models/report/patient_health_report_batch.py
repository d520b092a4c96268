from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.patient_relations.tools.selections import get_label

# What is fixed when the printing has begun.
CHOICES = frozenset(
    {"date_from", "date_to", "lang", "section_ids", "with_link", "kind", "pack_size"}
)
MOVES = {"running": ("draft", "cancelled"), "cancelled": ("running",)}


class PatientHealthReportBatch(models.Model):
    """Reports for a check-up group, printed in the background.

    SPECIFICATIONS:
    - Each patient is a row with its own state, and a transaction: a run that is killed
      goes on with the first row that still waits.
    - A patient whose report cannot be made is listed with the reason, and stops nobody.
    - It is done with the rights of whoever started it, and never tells sensitive values.
    """

    _name = "patient.health.report.batch"
    _inherit = ["patient.health.report.choice", "patient.guard.mixin"]
    _description = "Printing of a Group"
    _order = "id desc"
    # Written by the buttons and the work in the background.
    _server_fields = frozenset(
        {"company_id", "user_id", "state", "started_at", "ended_at", "file_ids"}
    )

    name = fields.Char(
        required=True,
        default=lambda self: self._get_default_name(),
        help="By which the group is found again.",
    )
    section_ids = fields.Many2many(
        relation="patient_health_report_batch_section_rel",
        column1="batch_id",
        column2="section_id",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Hospital",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Started by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
    )
    # what comes of it
    kind = fields.Selection(
        selection=[("merged", "One PDF to Print"), ("zip", "Zip with a PDF for Each")],
        string="Result",
        required=True,
        default="merged",
    )
    pack_size = fields.Integer(
        string="Patients per File",
        required=True,
        default=25,
        help="After so many patients a file is closed, and can be printed.",
    )
    file_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="patient_health_report_batch_file_rel",
        column1="batch_id",
        column2="attachment_id",
        string="Files",
        readonly=True,
        copy=False,
    )
    # whom to add
    tag_ids = fields.Many2many(
        comodel_name="patient.tag",
        relation="patient_health_report_batch_tag_rel",
        string="With a Tag",
    )
    seen_by = fields.Selection(
        selection=[("visit", "A Visit"), ("examination", "An Examination")],
        string="Who Had",
    )
    seen_from = fields.Date(string="First Day")
    seen_to = fields.Date(string="Last Day")
    department_id = fields.Many2one(
        comodel_name="hr.department",
        string="In Department",
        index="btree_not_null",
        help="With the departments below it.",
    )
    # progress
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("running", "Running"),
            ("done", "Finished"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
        copy=False,
    )
    started_at = fields.Datetime(readonly=True, copy=False)
    ended_at = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many(
        comodel_name="patient.health.report.batch.line",
        inverse_name="batch_id",
        string="Patients",
    )
    line_count = fields.Integer(compute="_compute_progress", string="Patients in All")
    done_count = fields.Integer(compute="_compute_progress", string="Patients Done")
    failed_count = fields.Integer(compute="_compute_progress", string="Not Printed")
    progress = fields.Float(compute="_compute_progress")

    _pack_check = models.Constraint(
        "CHECK(pack_size BETWEEN 1 AND 100)", "A file holds 1 to 100 patients."
    )
    _period_check = models.Constraint(
        "CHECK(date_from <= date_to)", "A period ends on the day it begins, or later."
    )

    def _compute_progress(self):
        states = self.env["patient.health.report.batch.line"]._read_group(
            [("batch_id", "in", self.ids)], ["batch_id", "state"], ["__count"]
        )
        for batch in self:
            counts = {
                state: count for found, state, count in states if found == batch._origin
            }
            batch.line_count = sum(counts.values())
            batch.done_count = batch.line_count - counts.get("waiting", 0)
            batch.failed_count = counts.get("failed", 0)
            share = batch.done_count / batch.line_count if batch.line_count else 0
            batch.progress = 100 * share

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._refuse_server_fields(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_server_fields([vals])
            if CHOICES & vals.keys():
                self._refuse_started()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if any(batch.state == "running" for batch in self):
            raise UserError(self.env._("Cancel the printing before you delete it."))

    def unlink(self):
        # sudo: ir.attachment: files of a printing leave with it
        self.sudo().file_ids.unlink()
        return super().unlink()

    # ACTIONS

    def action_add(self):
        """Add the patients who fit all that is chosen."""
        self.ensure_one()
        self._refuse_started()
        patients = self.env["patient.patient"].search(self._get_patients_domain())
        added = self._add_patients(patients)
        if not added:
            raise UserError(
                self.env._(
                    "Nobody is added to “%(batch)s”: no living patient fits, or all who "
                    "fit are on the list. Choose a longer period, or another tag.",
                    batch=self.name,
                )
            )

    def action_start(self):
        """Start, or go on; the work is done in the background."""
        for batch in self:
            batch._check_move("running")
            if not batch.line_ids:
                raise UserError(
                    self.env._(
                        "“%(batch)s” has no patients. Add some, by a tag or a visit.",
                        batch=batch.name,
                    )
                )
        # sudo: patient.health.report.batch: the state is moved by buttons only
        self.sudo().write({"state": "running"})
        # sudo: ir.cron: whoever may print may wake the job that does it
        self.env.ref(
            "patient_health.patient_health_report_batch_cron"
        ).sudo()._trigger()

    def action_cancel(self):
        """Stop after the report that is being made."""
        self.check_access("write")
        for batch in self:
            batch._check_move("cancelled")
        # sudo: patient.health.report.batch: the state is moved by buttons only
        self.sudo().write({"state": "cancelled"})

    def action_view_reports(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_health_report_action"
        )
        reports = self.line_ids.report_id
        return {**action, "domain": [("id", "in", reports.ids)], "context": {}}

    # BUSINESS

    def _add_patients(self, patients):
        """Add patients who are not on the list yet; return the new rows."""
        self.ensure_one()
        lines = self.env["patient.health.report.batch.line"]
        new = patients - self.line_ids.patient_id
        return lines.create(
            [{"batch_id": self.id, "patient_id": patient.id} for patient in new]
        )

    def _get_patients_domain(self):
        """Return the domain of who fits all that is chosen, the living only."""
        chosen = Domain("company_id", "=", self.company_id.id)
        chosen &= Domain("deceased_at", "=", False)
        if not self.tag_ids and not self.seen_by:
            raise UserError(
                self.env._(
                    "Choose whom to add to “%(batch)s”: a tag, or the period of a visit "
                    "or an examination.",
                    batch=self.name,
                )
            )
        if self.tag_ids:
            chosen &= Domain("tag_ids", "in", self.tag_ids.ids)
        if self.seen_by:
            chosen &= Domain("id", "in", self._find_seen().ids)
        return chosen

    def _find_seen(self):
        """Return the patients of the visits or examinations of the period."""
        model, moment = {
            "visit": ("patient.encounter", "begins_at"),
            "examination": ("patient.examination", "effective_at"),
        }[self.seen_by]
        if not self.seen_from or not self.seen_to or self.seen_to < self.seen_from:
            raise UserError(
                self.env._(
                    "“%(batch)s” needs the first and the last day of the period, in this "
                    "order.",
                    batch=self.name,
                )
            )
        after = self.seen_to + timedelta(days=1)
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain(moment, ">=", self.company_id._patient_midnight(self.seen_from))
            & Domain(moment, "<", self.company_id._patient_midnight(after))
        )
        if self.department_id:
            domain &= Domain("department_id", "child_of", self.department_id.ids)
        groups = self.env[model]._read_group(domain, ["patient_id"])
        return self.env["patient.patient"].union(*(patient for (patient,) in groups))

    # refusals

    @api.model
    def _get_server_fields_text(self, names):
        return self.env._(
            "A printing is started and cancelled by its buttons. Leave out: %(names)s.",
            names=", ".join(names),
        )

    def _refuse_started(self):
        for batch in self:
            if batch.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(batch)s” has begun and stays as it was chosen. Begin another "
                        "one.",
                        batch=batch.name,
                    )
                )

    def _check_move(self, state):
        if self.state not in MOVES[state]:
            raise UserError(
                self.env._(
                    "“%(batch)s” is %(state)s, so this does not work any more.",
                    batch=self.name,
                    state=get_label(self, "state").lower(),
                )
            )

    # TOOLS

    @api.model
    def _get_default_name(self):
        today = self.env.company._patient_today()
        return self.env._("Health reports of %(day)s", day=today)

    def _get_open_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
        }
