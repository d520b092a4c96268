import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from .patient_complaint_inquiry import WAITING_STATES

STAFF_GROUP = "patient_relations.patient_relations_group_staff"
LINK_DAYS = 14
LINK_DAYS_PARAMETER = "patient_relations.inquiry_link_days"
LINK_PATH = "/patient/inquiry/"
# No token of ours is longer; what is, is not looked up.
MAX_TOKEN = 100


class PatientComplaintInquiry(models.Model):
    """The link by which a person without an account answers.

    256 random bits (ASVS 5.0, 7.2.3), of which only the SHA-256 is kept: who reads the
    database cannot answer. A new link ends the one before.
    """

    _inherit = "patient.complaint.inquiry"

    link_token_hash = fields.Char(
        copy=False,
        readonly=True,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    link_expires_at = fields.Datetime(
        string="Link Works until", readonly=True, copy=False
    )
    can_be_linked = fields.Boolean(compute="_compute_can_be_linked")

    _link_token_uniq = models.UniqueIndex(
        "(link_token_hash) WHERE link_token_hash IS NOT NULL",
        "This link belongs to another question.",
    )

    @api.depends("state", "user_id", "person_name", "complaint_id")
    @api.depends_context("uid")
    def _compute_can_be_linked(self):
        for inquiry in self:
            inquiry.can_be_linked = (
                inquiry.can_handle
                and inquiry.state in WAITING_STATES
                and bool(inquiry.person_name)
                and not inquiry._has_account()
            )

    # ACTIONS

    def action_send_link(self):
        """Send a new link by e-mail; the one before no longer works."""
        for inquiry in self:
            inquiry._check_linking()
            if not inquiry.person_email:
                raise UserError(
                    self.env._(
                        "%(person)s has no e-mail address. Enter one, or copy the link and "
                        "send it another way.",
                        person=inquiry.person_name,
                    )
                )
            inquiry._mail_link(inquiry._create_link())
        self._log_on_complaints(
            {
                inquiry: self.env._(
                    "Link to the question sent to %(person)s",
                    person=inquiry.person_name,
                )
                for inquiry in self
            }
        )

    def action_show_link(self):
        """Show a new link this once, for another way than e-mail."""
        self.ensure_one()
        self._check_linking()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "sticky": True,
                "title": self.env._("Copy this link now: it is shown only once"),
                "message": self._create_link(),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_withdraw_link(self):
        self._check_handling()
        # sudo: patient.complaint.inquiry: the hash is hidden from everybody
        self.sudo().write({"link_token_hash": False, "link_expires_at": False})
        self._log_on_complaints(
            {
                inquiry: self.env._(
                    "Link withdrawn from %(person)s", person=inquiry.person_name
                )
                for inquiry in self
            }
        )

    # BUSINESS

    def _check_linking(self):
        """Refuse a link for an account that has its own way, or a question that rests."""
        self._check_handling()
        for inquiry in self:
            if inquiry._has_account():
                raise UserError(
                    self.env._(
                        "%(person)s has an account and finds the question under “Questions "
                        "to My Department”. A link is for persons without one.",
                        person=inquiry.person_name,
                    )
                )
            if not inquiry.person_name:
                raise UserError(
                    self.env._(
                        "A link belongs to one person. Name the person asked first."
                    )
                )
            if inquiry.state not in WAITING_STATES:
                raise UserError(
                    self.env._(
                        "“%(inquiry)s” is %(state)s and waits for no answer, so it needs "
                        "no link.",
                        inquiry=inquiry.display_name,
                        state=inquiry._get_state_label().lower(),
                    )
                )

    def _has_account(self):
        """Tell whether the person asked can answer with an account of their own."""
        # sudo: res.users: whether the person asked may log in and answer
        user_sudo = self.user_id.sudo()
        return user_sudo.active and user_sudo.has_group(STAFF_GROUP)

    def _create_link(self):
        """Make the token anew; return the address, which is kept nowhere."""
        self.ensure_one()
        token = secrets.token_urlsafe(32)
        # sudo: patient.complaint.inquiry: the hash is hidden from everybody
        self.sudo().write(
            {
                "link_token_hash": self._get_token_hash(token),
                "link_expires_at": fields.Datetime.now()
                + timedelta(days=self._get_link_days()),
            }
        )
        return f"{self.get_base_url()}{LINK_PATH}{token}"

    def _mail_link(self, url):
        """Queue the mail: nothing in it but the number, the day and the link."""
        self.ensure_one()
        # sudo: res.company, mail.mail: the hospital writes, whoever asked
        company_sudo = self.company_id.sudo()
        lang = company_sudo.partner_id.lang or self.env.lang
        inquiry_sudo = self.sudo().with_context(lang=lang)
        body = inquiry_sudo.env["ir.qweb"]._render(
            "patient_relations.patient_inquiry_mail",
            {"inquiry": inquiry_sudo, "company": company_sudo, "url": url},
        )
        inquiry_sudo.env["mail.mail"].create(
            {
                "subject": self.number,
                "email_from": company_sudo.email_formatted
                or self.env.user.email_formatted,
                "email_to": email_normalize(self.person_email),
                "body_html": body,
                "auto_delete": True,
            }
        )

    def _send_back(self, reason):
        """Send a new link to who answered by one: nothing else would tell them."""
        # sudo: patient.complaint.inquiry: the hash is hidden from everybody
        linked = self.filtered(
            lambda one: one.sudo().link_token_hash and one.answer_way == "link"
        )
        super()._send_back(reason)
        linked.filtered(
            lambda one: one.person_email and not one._has_account()
        ).action_send_link()

    @api.model
    def _find_by_link(self, token):
        """Return the question that a link opens, as superuser; empty when it opens none.

        Wrong, expired and withdrawn links are not told apart.
        """
        if not token or len(token) > MAX_TOKEN:
            return self.browse()
        # sudo: patient.complaint.inquiry: who holds the link has no account
        return self.sudo().search(
            [
                ("link_token_hash", "=", self._get_token_hash(token)),
                ("link_expires_at", ">", fields.Datetime.now()),
                ("state", "!=", "cancelled"),
            ],
            limit=1,
        )

    # TOOLS

    @api.model
    def _get_token_hash(self, token):
        return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

    @api.model
    def _get_link_days(self):
        """Return for how many days a link works: the hospital's choice, if it is sound."""
        # sudo: ir.config_parameter: the length of a link's life is no secret
        value = self.env["ir.config_parameter"].sudo().get_param(LINK_DAYS_PARAMETER)
        try:
            days = int(value)
        except (TypeError, ValueError):
            return LINK_DAYS
        return days if 1 <= days <= 365 else LINK_DAYS
