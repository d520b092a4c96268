import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.patient_relations.tools.selections import get_label

from ...tools.content_hash import get_content_hash

SENSITIVE_GROUP = "patient_health.patient_health_group_sensitive"
# What the patient has taken home. None of it is changed afterwards, by nobody.
FROZEN_FIELDS = frozenset(
    {
        "patient_id",
        "date_from",
        "date_to",
        "lang",
        "section_ids",
        "is_sensitive",
        "supersedes_id",
        "content",
    }
)


class PatientHealthReport(models.Model):
    """What a patient takes home of the health record: one person, one period.

    SPECIFICATIONS:
    - Issuing freezes the content, and prints it; paper and private page show the same.
    - An issued report is never changed: a new one takes its place.
    - Sensitive values are in it only where somebody with the right to them ticks that.
    """

    _name = "patient.health.report"
    _inherit = [
        "patient.health.report.choice",
        "patient.health.period.mixin",
        "patient.guard.mixin",
    ]
    _description = "Health Report"
    _order = "id desc"
    _check_company_auto = True
    # Written by the buttons.
    _server_fields = frozenset(
        {
            "company_id",
            "state",
            "content",
            "content_hash",
            "issued_by_id",
            "issued_at",
            "attachment_id",
            "sha256",
            "sheet_id",
            "withdrawn_by_id",
            "withdrawn_at",
            "withdrawn_reason",
            "link_token_hash",
            "link_made_at",
            "link_expires_at",
            "link_failures",
            "link_blocked_until",
            "link_ended_at",
            "link_ended_reason",
        }
    )

    patient_id = fields.Many2one(
        comodel_name="patient.patient",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    section_ids = fields.Many2many(
        relation="patient_health_report_section_rel",
        column1="report_id",
        column2="section_id",
    )
    is_sensitive = fields.Boolean(
        string="With Sensitive Values",
        help="The report tells of sensitive values and scores, and only people with that "
        "right see it here. Otherwise they are left out.",
    )
    link_notice = fields.Char(compute="_compute_link_notice", string="No QR Code")
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("issued", "Issued"),
            ("superseded", "Superseded"),
            ("withdrawn", "Withdrawn"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    # as it was issued
    content = fields.Json(
        readonly=True,
        copy=False,
        prefetch=False,
        help="What paper and page show, frozen.",
    )
    content_hash = fields.Char(
        string="SHA-256 of the Content", readonly=True, copy=False
    )
    issued_by_id = fields.Many2one(
        comodel_name="res.users", string="Made by", readonly=True, copy=False
    )
    issued_at = fields.Datetime(string="Issued on", readonly=True, copy=False)
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="PDF",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    sha256 = fields.Char(
        string="SHA-256 of the PDF",
        readonly=True,
        copy=False,
        help="Checksum by which a change of the file would show.",
    )
    is_intact = fields.Boolean(
        compute="_compute_is_intact",
        help="Content and file still give the same checksums.",
    )
    supersedes_id = fields.Many2one(
        comodel_name="patient.health.report",
        string="In Place of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    withdrawn_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    withdrawn_at = fields.Datetime(string="Withdrawn on", readonly=True, copy=False)
    withdrawn_reason = fields.Char(
        string="Why It Was Withdrawn", readonly=True, copy=False
    )
    # whose
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Hospital",
        required=True,
        readonly=True,
        index=True,
    )

    _period_check = models.Constraint(
        "CHECK(date_from <= date_to)", "A period ends on the day it begins, or later."
    )
    _issued_check = models.Constraint(
        "CHECK((state = 'draft') = (issued_at IS NULL)"
        " AND (issued_at IS NULL) = (issued_by_id IS NULL)"
        " AND (issued_at IS NULL) = (content_hash IS NULL))",
        "An issued report has a person, a moment and a checksum.",
    )
    _file_check = models.Constraint(
        "CHECK((attachment_id IS NULL) = (sha256 IS NULL)"
        " AND (attachment_id IS NULL OR state != 'draft'))",
        "The PDF of an issued report has its checksum.",
    )
    _withdrawn_check = models.Constraint(
        "CHECK(state != 'withdrawn' OR trim(coalesce(withdrawn_reason, '')) != '')",
        "Say why the report is withdrawn.",
    )
    _supersedes_uniq = models.UniqueIndex(
        "(supersedes_id) WHERE supersedes_id IS NOT NULL",
        "Another report takes the place of this one already. Go on with that one.",
    )
    _patient_idx = models.Index("(patient_id, issued_at DESC)")

    @api.depends("patient_id", "date_from", "date_to")
    @api.depends_context("lang", "uid")
    def _compute_display_name(self):
        for report in self:
            days = [
                format_date(self.env, day)
                for day in (report.date_from, report.date_to)
                if day
            ]
            parts = [report.patient_id.display_name, " – ".join(days)]
            report.display_name = " · ".join(part for part in parts if part)

    @api.depends("patient_id", "state")
    @api.depends_context("lang")
    def _compute_link_notice(self):
        for report in self:
            patient = report.patient_id if report.state == "draft" else None
            report.link_notice = patient and patient._get_report_link_problem()

    @api.depends("state", "content", "content_hash", "attachment_id", "sha256")
    def _compute_is_intact(self):
        for report in self:
            report.is_intact = (
                report.state != "draft"
                and report.content_hash == get_content_hash(report.content)
                and report._get_file_hash() == (report.sha256 or None)
            )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._refuse_server_fields(vals_list)
        self._check_may_tell(vals_list)
        self.env["patient.patient"]._add_companies(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_server_fields([vals])
            if FROZEN_FIELDS & vals.keys():
                self._refuse_issued()
        self._check_may_tell([vals])
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        self._refuse_issued()

    # ACTIONS

    def action_issue(self):
        """Freeze the content and print it."""
        self.check_access("write")
        self._issue()

    def action_download(self):
        """Give the PDF as it was issued."""
        self.ensure_one()
        self.check_access("read")
        if not self.attachment_id:
            raise UserError(
                self.env._(
                    "“%(report)s” has no PDF yet. Choose “Print” to make it.",
                    report=self.display_name,
                )
            )
        return self._get_download_action(self.attachment_id)

    def action_supersede(self):
        """Begin a report that takes the place of this one when it is issued."""
        self.ensure_one()
        self._check_issued()
        today = self.company_id._patient_today()
        later = self.create(
            {
                **self._get_choices(),
                "patient_id": self.patient_id.id,
                "date_to": max(self.date_to, today),
                "is_sensitive": self.is_sensitive,
                "supersedes_id": self.id,
            }
        )
        return later._get_open_action()

    def action_withdraw(self):
        """Ask why the report is withdrawn."""
        self.ensure_one()
        self._check_issued()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_health_report_withdraw_action"
        )
        return {**action, "context": {"default_report_id": self.id}}

    # BUSINESS

    def _issue(self, printing=True):
        """Freeze drafts, each with its PDF and, where wanted, its link.

        :param bool printing: without it the PDF is made later, by ``action_print``
        :raise UserError: where a report is issued already, or its link cannot work
        """
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        self._refuse_issued()
        for report in self:
            if report.with_link:
                report._check_link_possible()
            report._supersede_former()
            report._freeze()
            if printing:
                report._print()

    def _freeze(self):
        """Keep the content as it is now, with its checksum."""
        self.ensure_one()
        now = fields.Datetime.now()
        # as the database gives it back
        content = json.loads(json.dumps(self._get_content(now)))
        # sudo: patient.health.report: what was issued is written by this button only
        self.sudo().write(
            {
                "state": "issued",
                "issued_at": now,
                "issued_by_id": self.env.uid,
                "content": content,
                "content_hash": get_content_hash(content),
            }
        )

    def _withdraw(self, reason):
        """Take reports back, with their links; the paper cannot be called back."""
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "Say why “%(report)s” is withdrawn. The reason stays on it.",
                    report=self[:1].display_name,
                )
            )
        for report in self:
            report._check_issued()
        self._end_link(reason.strip())
        # sudo: patient.health.report: the state is moved by buttons only
        self.sudo().write(
            {
                "state": "withdrawn",
                "withdrawn_by_id": self.env.uid,
                "withdrawn_at": fields.Datetime.now(),
                "withdrawn_reason": reason.strip(),
            }
        )

    def _supersede_former(self):
        """Mark the former report; refuse when another has taken its place."""
        former = self.supersedes_id
        if not former:
            return
        former._check_issued()
        former._end_link(self.env._("A newer report has taken its place."))
        # sudo: patient.health.report: the state is moved by issuing only
        former.sudo().state = "superseded"

    # refusals

    @api.model
    def _get_server_fields_text(self, names):
        return self.env._(
            "A report is issued, linked and withdrawn by its buttons. Leave "
            "out: %(names)s.",
            names=", ".join(names),
        )

    @api.model
    def _check_may_tell(self, vals_list):
        """Refuse sensitive values from whoever may not see them: rules ask before only."""
        if any(vals.get("is_sensitive") for vals in vals_list) and not (
            self.env.su or self.env.user.has_group(SENSITIVE_GROUP)
        ):
            raise AccessError(
                self.env._(
                    "A report with sensitive values is made by people with the right to "
                    "see them. Leave the tick out, or ask one of them."
                )
            )

    def _refuse_issued(self):
        for report in self:
            if report.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(report)s” is %(state)s and stays as the patient has it. "
                        "Choose “New Report in Its Place”.",
                        report=report.display_name,
                        state=get_label(report, "state").lower(),
                    )
                )

    def _check_issued(self):
        for report in self:
            if report.state != "issued":
                raise UserError(
                    self.env._(
                        "“%(report)s” is %(state)s. This needs a report that is issued "
                        "and still counts.",
                        report=report.display_name,
                        state=get_label(report, "state").lower(),
                    )
                )

    # TOOLS

    def _get_file_hash(self):
        """Return the SHA-256 of the PDF as it is now, or None without one."""
        # sudo: ir.attachment: whoever sees the report may check its file; forms ask for
        # sizes instead of contents
        content = self.attachment_id.sudo().with_context(bin_size=False).raw
        return hashlib.sha256(content).hexdigest() if content else None

    def _get_open_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
        }

    @api.model
    def _get_download_action(self, attachment):
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }
