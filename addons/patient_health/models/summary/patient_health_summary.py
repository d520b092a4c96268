from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, is_html_empty

from odoo.addons.patient_relations.tools.selections import get_label

from ...tools.content_hash import get_content_hash

# What a signature stands for. None of it is changed afterwards, by nobody.
SIGNED_FIELDS = frozenset(
    {
        "patient_id",
        "date_from",
        "date_to",
        "body",
        "is_sensitive",
        "signed_by_id",
        "signed_at",
        "content_hash",
        "supersedes_id",
    }
)
# The period that is proposed.
DEFAULT_DAYS = 90


class PatientHealthSummary(models.Model):
    """What a period has brought for a patient (阶段小结): drafted from the record, signed.

    SPECIFICATIONS:
    - The draft is text, which a clinician completes.
    - A signed one is frozen: who, when, and the SHA-256 of its content.
    - A mistake is put right by a later one that supersedes it; the former stays readable.
    """

    _name = "patient.health.summary"
    _inherit = ["patient.health.part", "patient.health.period.mixin"]
    _description = "Stage Summary"
    _order = "date_to desc, id desc"
    # Written by the buttons.
    _server_fields = frozenset(
        {"company_id", "state", "signed_by_id", "signed_at", "content_hash"}
    )

    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: (
            self.env.company._patient_today() - timedelta(days=DEFAULT_DAYS - 1)
        ),
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        default=lambda self: self.env.company._patient_today(),
    )
    body = fields.Html(string="Text")
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("signed", "Signed"),
            ("superseded", "Superseded"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    # signature
    signed_by_id = fields.Many2one(
        comodel_name="res.users", string="Signed by", readonly=True, copy=False
    )
    signed_at = fields.Datetime(string="Signed on", readonly=True, copy=False)
    content_hash = fields.Char(
        string="SHA-256",
        readonly=True,
        copy=False,
        help="Checksum of patient, period, text and signature, by which a change would "
        "show.",
    )
    is_intact = fields.Boolean(
        compute="_compute_is_intact", help="The content still gives the same checksum."
    )
    supersedes_id = fields.Many2one(
        comodel_name="patient.health.summary",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    # facts for access
    company_id = fields.Many2one(index=True)
    is_sensitive = fields.Boolean(
        string="With Sensitive Values",
        help="The draft tells of sensitive values, and only people with that right see "
        "the summary. Otherwise they are left out.",
    )

    _period_check = models.Constraint(
        "CHECK(date_from <= date_to)", "A period ends on the day it begins, or later."
    )
    _signed_check = models.Constraint(
        "CHECK((state = 'draft') = (signed_at IS NULL)"
        " AND (signed_at IS NULL) = (signed_by_id IS NULL)"
        " AND (signed_at IS NULL) = (content_hash IS NULL))",
        "A signature has a person, a moment and a checksum.",
    )
    _supersedes_uniq = models.UniqueIndex(
        "(supersedes_id) WHERE supersedes_id IS NOT NULL",
        "Another summary supersedes this one already. Go on with that one.",
    )

    @api.depends("patient_id", "date_from", "date_to")
    @api.depends_context("lang", "uid")
    def _compute_display_name(self):
        for summary in self:
            days = [
                format_date(self.env, day)
                for day in (summary.date_from, summary.date_to)
                if day
            ]
            parts = [summary.patient_id.display_name, " – ".join(days)]
            summary.display_name = " · ".join(part for part in parts if part)

    @api.depends("state", *sorted(SIGNED_FIELDS))
    def _compute_is_intact(self):
        for summary in self:
            summary.is_intact = (
                summary.state != "draft" and summary.content_hash == summary._get_hash()
            )

    # CRUD

    def write(self, vals):
        if not self.env.su:
            self._refuse_server_fields([vals])
        if SIGNED_FIELDS & vals.keys():
            self._refuse_signed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._refuse_signed()

    # ACTIONS

    def action_draft(self):
        """Write the text anew from the record."""
        self._refuse_signed()
        for summary in self:
            summary.body = summary._render_draft()

    def action_sign(self):
        """Sign: from now on nothing of the content is changed."""
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        self._refuse_signed()
        self._refuse_empty()
        now = fields.Datetime.now()
        for summary in self:
            summary._supersede_former()
            # sudo: patient.health.summary: a signature is written by this button only
            summary.sudo().write(
                {
                    "state": "signed",
                    "signed_by_id": self.env.uid,
                    "signed_at": now,
                    "content_hash": summary._get_hash(self.env.user, now),
                }
            )

    def action_supersede(self):
        """Begin a summary that takes the place of this one when it is signed."""
        self.ensure_one()
        if self.state != "signed":
            raise UserError(
                self.env._(
                    "“%(summary)s” is %(state)s. Only a signed summary is superseded.",
                    summary=self.display_name,
                    state=get_label(self, "state").lower(),
                )
            )
        later = self.create(
            {
                "patient_id": self.patient_id.id,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "body": self.body,
                "department_id": self.department_id.id,
                "is_sensitive": self.is_sensitive,
                "supersedes_id": self.id,
            }
        )
        return later.get_formview_action()

    # BUSINESS

    def _get_hash(self, user=None, moment=None):
        """Return the SHA-256 of the content in hexadecimal.

        :param user: who signs; whoever has signed if not given
        :param datetime moment: when; when it was signed if not given
        """
        self.ensure_one()
        moment = moment or self.signed_at
        content = {
            "patient": self.patient_id.id,
            "from": self.date_from.isoformat(),
            "to": self.date_to.isoformat(),
            "body": str(self.body or ""),
            "signed_by": (user or self.signed_by_id).id,
            "signed_at": moment and moment.isoformat(timespec="seconds"),
            "supersedes": self.supersedes_id.id,
        }
        return get_content_hash(content)

    def _supersede_former(self):
        """Mark the former summary; refuse when another has taken its place."""
        former = self.supersedes_id
        if not former:
            return
        if former.state != "signed":
            raise UserError(
                self.env._(
                    "“%(summary)s” has been superseded meanwhile. Open it again, and go "
                    "on from the latest.",
                    summary=former.display_name,
                )
            )
        # sudo: patient.health.summary: the state is moved by signing only
        former.sudo().write({"state": "superseded"})

    # refusals

    @api.model
    def _get_server_fields_text(self, names):
        return self.env._(
            "A summary is signed by its button. Leave out: %(names)s.",
            names=", ".join(names),
        )

    def _refuse_signed(self):
        for summary in self:
            if summary.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(summary)s” is signed by %(user)s and stays as it is. Use "
                        "“Supersede” to write a later one.",
                        summary=summary.display_name,
                        # sudo: res.users: the name of a colleague of the hospital
                        user=summary.signed_by_id.sudo().name,
                    )
                )

    def _refuse_empty(self):
        for summary in self:
            if is_html_empty(summary.body):
                raise UserError(
                    self.env._(
                        "“%(summary)s” has no text. Draft it from the record, or write "
                        "it, and sign then.",
                        summary=summary.display_name,
                    )
                )
