from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import (
    format_datetime,
)
from odoo.tools.i18n import format_list

from ...tools.selections import get_label
from ..patient.patient_relative import RELATIONS
from .patient_letter_template import KINDS

# Ways on which a sheet of paper (a PDF) goes out; the others are spoken or typed elsewhere.
PAPER_WAYS = ("letter", "handed_over", "email")
SPOKEN_WAYS = ("in_person", "phone")
# Channel of the complaint → way of the reply; the others get a letter.
WAY_OF_CHANNEL = {
    "in_person": "in_person",
    "visit_round": "in_person",
    "phone": "phone",
    "hotline": "phone",
    "email": "email",
    "wechat": "wechat",
}
GONE_STATES = ("sent", "superseded")


class PatientComplaintReply(models.Model):
    """One answer to a complainant: by which way, in which words, to whom, by whom.

    SPECIFICATIONS:
    - Words are written by one person and approved by another, as the kind asks
      (``_needs_approval``). Whoever wrote them last is the author.
    - They change while the reply is a draft, and never after it went out. A correction is
      a new version, which supersedes the former when it goes out; both stay.
    - A reply goes out once: the row is locked and its status written before the letter is
      made and the mail queued (``action_send``).
    """

    _name = "patient.complaint.reply"
    _inherit = "patient.complaint.part"
    _description = "Complaint Reply"
    _order = "id desc"

    kind = fields.Selection(
        selection=KINDS,
        default="final",
        required=True,
        help="The final reply answers the complaint: without one it cannot be closed.",
    )
    version = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        help="Counts the replies of this kind to this complaint.",
    )
    previous_id = fields.Many2one(
        comodel_name="patient.complaint.reply",
        string="Corrects",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The reply that this one supersedes when it goes out.",
    )
    on_the_spot = fields.Boolean(
        string="Solved on the Spot",
        readonly=True,
        copy=False,
        help="Said at once by who received the complaint, before anything was written.",
    )
    # receiver
    way = fields.Selection(
        selection=[
            ("in_person", "In Person"),
            ("phone", "Telephone"),
            ("letter", "Letter by Post"),
            ("handed_over", "Letter Handed Over"),
            ("email", "E-mail"),
            ("sms", "Text Message"),
            ("wechat", "WeChat"),
            ("other", "Other"),
        ],
        compute="_compute_way",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="An e-mail leaves from here, with the letter attached. The other ways you go "
        "yourself; here you record that you did.",
    )
    receiver_name = fields.Char(
        compute="_compute_receiver",
        store=True,
        precompute=True,
        readonly=False,
        string="Receiver",
    )
    receiver_relation = fields.Selection(
        selection=[("patient", "Patient"), *RELATIONS],
        compute="_compute_receiver",
        store=True,
        precompute=True,
        readonly=False,
        string="Receiver Is",
    )
    receiver_email = fields.Char(
        compute="_compute_receiver",
        store=True,
        precompute=True,
        readonly=False,
        string="Receiver's E-mail",
    )
    # words
    template_id = fields.Many2one(
        comodel_name="patient.letter.template",
        string="Letter",
        compute="_compute_template_id",
        store=True,
        precompute=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('kind', '=', kind), ('state', '=', 'in_use'), "
        "('company_id', 'in', (False, company_id))]",
        help="Choosing another one writes its words anew.",
    )
    body = fields.Html(
        string="Words",
        compute="_compute_body",
        store=True,
        precompute=True,
        readonly=False,
        help="What is written, or what was said.",
    )
    # work
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("waiting", "Waiting for Approval"),
            ("approved", "Approved"),
            ("sent", "Sent or Given"),
            ("superseded", "Superseded"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    needs_approval = fields.Boolean(compute="_compute_needs_approval")
    author_id = fields.Many2one(
        comodel_name="res.users",
        default=lambda self: self.env.user,
        required=True,
        readonly=True,
        copy=False,
        help="Who wrote the words, or changed them last.",
    )
    approver_id = fields.Many2one(
        comodel_name="res.users", string="Approved by", readonly=True, copy=False
    )
    approved_at = fields.Datetime(string="Approved on", readonly=True, copy=False)
    return_reason = fields.Text(string="Sent Back Because", readonly=True, copy=False)
    replied_at = fields.Datetime(
        string="Went Out on",
        copy=False,
        help="When it was sent or said. Empty: the moment you record it.",
    )
    sender_id = fields.Many2one(
        comodel_name="res.users", string="Sent by", readonly=True, copy=False
    )
    # what went out
    letter_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Letter as It Went Out",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    sha256 = fields.Char(
        string="SHA-256",
        readonly=True,
        copy=False,
        help="Fingerprint of the letter: the smallest change gives another one.",
    )
    mail_id = fields.Many2one(
        comodel_name="mail.mail",
        readonly=True,
        copy=False,
        index="btree_not_null",
        export_string_translation=False,
    )
    is_undelivered = fields.Boolean(
        compute="_compute_is_undelivered",
        compute_sudo=True,
        help="The e-mail came back or could not be sent.",
    )

    _version_uniq = models.UniqueIndex(
        "(complaint_id, kind, version)",
        "Somebody else drafts a reply of this kind at this moment. Try again.",
    )
    _previous_uniq = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL",
        "This reply has a correction already. Continue with that one.",
    )
    _second_person_check = models.Constraint(
        "CHECK(approver_id IS NULL OR approver_id != author_id)",
        "A reply is approved by another person than the one who wrote it.",
    )
    _approved_check = models.Constraint(
        "CHECK(state != 'approved' OR approver_id IS NOT NULL)",
        "An approved reply names who approved it.",
    )
    _not_accepted_check = models.Constraint(
        "CHECK(kind != 'not_accepted' OR state NOT IN ('sent', 'superseded')"
        " OR approver_id IS NOT NULL)",
        "The explanation of not accepting goes out only after it was approved.",
    )
    _replied_check = models.Constraint(
        "CHECK(state NOT IN ('sent', 'superseded') OR replied_at IS NOT NULL)",
        "A reply that went out has the time of it.",
    )
    _sha256_check = models.Constraint(
        "CHECK(length(sha256) = 64)", "A letter needs the fingerprint of its file."
    )
    _on_the_spot_check = models.Constraint(
        "CHECK(on_the_spot IS NOT TRUE"
        " OR (kind = 'final' AND way IN ('in_person', 'phone')))",
        "Only a final reply that is spoken solves a complaint on the spot.",
    )

    # Written by the buttons alone.
    _moving_fields = frozenset(
        {
            "state",
            "version",
            "previous_id",
            "on_the_spot",
            "author_id",
            "approver_id",
            "approved_at",
            "return_reason",
            "sender_id",
            "letter_id",
            "sha256",
            "mail_id",
        }
    )
    _word_fields = frozenset(
        {
            "kind",
            "way",
            "receiver_name",
            "receiver_relation",
            "receiver_email",
            "template_id",
            "body",
        }
    )

    @api.depends("complaint_id", "kind")
    def _compute_way(self):
        for reply in self:
            complaint = reply.complaint_id
            by_channel = WAY_OF_CHANNEL.get(complaint.channel, "letter")
            if reply.kind in ("final", "not_accepted") and by_channel not in ("email",):
                by_channel = "letter"
            if by_channel == "email" and not complaint.complainant_email:
                by_channel = "letter"
            reply.way = by_channel

    @api.depends("complaint_id")
    def _compute_receiver(self):
        for reply in self:
            complaint = reply.complaint_id
            is_patient = complaint.complainant_type == "patient"
            unnamed = complaint._is_complainant_unnamed()
            reply.receiver_name = not unnamed and (
                complaint.complainant_name
                or (is_patient and complaint.patient_id.name)
                or False
            )
            reply.receiver_relation = not unnamed and (
                "patient" if is_patient else complaint.complainant_relation
            )
            reply.receiver_email = not unnamed and complaint.complainant_email

    @api.depends("complaint_id", "kind")
    def _compute_template_id(self):
        letters = self.env["patient.letter.template"]
        found = {}
        for reply in self:
            complaint = reply.complaint_id
            key = (
                reply.kind,
                complaint._get_complainant_lang(),
                complaint.company_id,
            )
            if key not in found:
                found[key] = letters._find(*key)
            reply.template_id = found[key]

    @api.depends("template_id")
    def _compute_body(self):
        for reply in self:
            letter = reply.template_id
            if letter and reply.complaint_id:
                values = reply.complaint_id._get_letter_values(letter.lang)
                reply.body = letter._render(values)
            else:
                reply.body = reply.body or False

    @api.depends(
        "kind", "on_the_spot", "complaint_id.company_id.patient_final_reply_approval"
    )
    def _compute_needs_approval(self):
        for reply in self:
            reply.needs_approval = reply.kind == "not_accepted" or (
                reply.kind == "final"
                and not reply.on_the_spot
                # sudo: res.company: a rule of the house, for whoever writes
                and reply.complaint_id.sudo().company_id.patient_final_reply_approval
            )

    @api.depends("mail_id.state")
    def _compute_is_undelivered(self):
        for reply in self:
            reply.is_undelivered = reply.mail_id.state in ("exception", "cancel")

    @api.depends("complaint_id.name", "kind", "version")
    def _compute_display_name(self):
        for reply in self:
            parts = [
                reply.complaint_id.name,
                get_label(reply, "kind"),
                str(reply.version or ""),
            ]
            reply.display_name = " · ".join(part for part in parts if part)

    @api.constrains("previous_id")
    def _check_previous(self):
        for reply in self.filtered("previous_id"):
            former = reply.previous_id
            if (former.complaint_id, former.kind) != (reply.complaint_id, reply.kind):
                raise ValidationError(
                    self.env._(
                        "%(reply)s can only correct a reply of the same kind to the same "
                        "complaint.",
                        reply=reply.display_name,
                    )
                )

    @api.constrains("receiver_name", "receiver_email", "complaint_id")
    def _check_unnamed_receiver(self):
        for reply in self.filtered(lambda one: one.receiver_name or one.receiver_email):
            if reply.complaint_id.protection != "open":
                raise ValidationError(
                    self.env._(
                        "The identity behind %(complaint)s is protected: leave the receiver "
                        "of the reply empty. The complainant reads it with the receipt code.",
                        complaint=reply.complaint_id.name,
                    )
                )

    @api.constrains("on_the_spot")
    def _check_on_the_spot(self):
        for reply in self.filtered("on_the_spot"):
            if reply.complaint_id.state != "received":
                raise ValidationError(
                    self.env._(
                        "%(complaint)s is not new any more: it cannot be solved on the "
                        "spot. Use “Reply”.",
                        complaint=reply.complaint_id.name,
                    )
                )

    @api.constrains("replied_at")
    def _check_replied_at(self):
        now = fields.Datetime.now()
        for reply in self.filtered("replied_at"):
            if reply.replied_at > now:
                raise ValidationError(
                    self.env._(
                        "%(reply)s: it cannot have gone out on %(moment)s, which is still "
                        "to come. Correct the time, or leave it empty.",
                        reply=reply.display_name,
                        moment=format_datetime(self.env, reply.replied_at),
                    )
                )
            if reply.replied_at < reply.complaint_id.received_at:
                raise ValidationError(
                    self.env._(
                        "%(reply)s: it cannot have gone out on %(moment)s, before the "
                        "complaint was received. Correct the time, or leave it empty.",
                        reply=reply.display_name,
                        moment=format_datetime(self.env, reply.replied_at),
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        if not self.env.su:
            for vals in vals_list:
                vals.update(self._get_starting_values(vals))
        self._number_versions(vals_list)
        replies = super().create(vals_list)
        replies.complaint_id.check_access("write")
        replies._refuse_merged()
        return replies

    def write(self, vals):
        if not self.env.su:
            self._refuse_moving(vals)
        self._refuse_frozen(vals)
        if "body" in vals and not self.env.su:
            vals = {**vals, "author_id": self.env.uid}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for reply in self.filtered(lambda reply: reply.state != "draft"):
            raise UserError(
                self.env._(
                    "%(reply)s is “%(state)s” and stays in the records. Only drafts can be "
                    "deleted.",
                    reply=reply.display_name,
                    state=reply._get_state_label(),
                )
            )

    # ACTIONS

    def action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # BUSINESS

    def _move(self, values):
        """Write what only the buttons write, after they checked that they may."""
        # sudo: patient.complaint.reply: status, names and fingerprint come from here alone
        self.sudo().write(values)

    def _refuse_moving(self, vals):
        """Refuse what only the buttons write, and moving to another complaint."""
        if (self._moving_fields | {"complaint_id"}) & vals.keys():
            raise UserError(
                self.env._(
                    "Complaint, status and names of %(replies)s are not written by hand. "
                    "Use the buttons.",
                    replies=format_list(self.env, self.mapped("display_name")),
                )
            )

    def _refuse_frozen(self, vals):
        """Refuse other words once somebody relies on them."""
        if not (self._word_fields | {"replied_at"}) & vals.keys():
            return
        words = self._word_fields & vals.keys()
        for reply in self:
            if reply.state in GONE_STATES and not vals.get("state"):
                raise UserError(reply._get_gone_text())
            if words and reply.state != "draft" and not self.env.su:
                raise UserError(
                    self.env._(
                        "%(reply)s is “%(state)s”: its words stay as they are. Use “Send "
                        "Back” to change them.",
                        reply=reply.display_name,
                        state=reply._get_state_label(),
                    )
                )

    def _refuse_merged(self):
        for complaint in self.complaint_id.filtered("duplicate_of_id"):
            raise UserError(
                self.env._(
                    "%(complaint)s was merged into %(main)s. Reply there.",
                    complaint=complaint.name,
                    main=complaint.duplicate_of_id.name,
                )
            )

    # TOOLS

    @api.model
    def _get_starting_values(self, vals):
        """Return the values of a new reply that nobody chooses, whatever the context."""
        start = dict.fromkeys(self._moving_fields, False)
        return {
            **start,
            "state": "draft",
            "author_id": self.env.uid,
            "on_the_spot": vals.get("on_the_spot", False),
        }

    def _get_label(self):
        """Return kind and version, without the number of the complaint."""
        self.ensure_one()
        return f"{get_label(self, 'kind')} {self.version}"

    def _get_state_label(self):
        self.ensure_one()
        return get_label(self, "state")

    def _get_way_label(self):
        self.ensure_one()
        return get_label(self, "way")

    def _get_gone_text(self):
        self.ensure_one()
        return self.env._(
            "%(reply)s went out on %(moment)s, sent by %(sender)s. It does not go out again "
            "and does not change; use “Correct” for a new version.",
            reply=self.display_name,
            moment=format_datetime(self.env, self.replied_at),
            sender=self.sender_id.name or self.author_id.name,
        )

    def _get_active_lang(self):
        """Return the language of the letter if installed, else that of the user."""
        return self.template_id._get_active_lang() or self.env.lang

    def _get_heading(self):
        """Return what stands above the printed letter."""
        self.ensure_one()
        return self.template_id.name or get_label(self, "kind")

    def _get_letter_date(self):
        """Return the day of the letter in the letter's own way of writing days."""
        self.ensure_one()
        moment = self.replied_at or fields.Datetime.now()
        return self.complaint_id._format_letter_date(moment, self.template_id.lang)

    def _log(self, text):
        """Tell the history of the complaint."""
        if not self.env.context.get("tracking_disable"):
            self.complaint_id._message_log(body=text)
