from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize, formataddr, html2plaintext, plaintext2html

from .patient_complaint import OFFICER_GROUP
from .patient_complaint_reply import GONE_STATES, PAPER_WAYS
from .patient_letter_template import GAP


class PatientComplaintReply(models.Model):
    """How a reply goes out: approved by a second person where needed, then sent once."""

    _inherit = "patient.complaint.reply"

    # ACTIONS

    def action_submit(self):
        """Ask a second person to approve the words."""
        self.ensure_one()
        self._lock_in("draft")
        self._check_words()
        self._check_receiver()
        self._move({"state": "waiting", "return_reason": False})

    def action_approve(self):
        """Approve the words of somebody else."""
        self.ensure_one()
        self._lock_in("waiting")
        self._check_approver()
        self._move(
            {
                "state": "approved",
                "approver_id": self.env.uid,
                "approved_at": fields.Datetime.now(),
            }
        )
        self._log(self.env._("%(reply)s was approved.", reply=self._get_label()))

    def action_send_back(self):
        """Ask for the reason, then return the reply to its author."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_complaint_reply_send_back_action"
        )
        return {**action, "context": {"default_reply_id": self.id}}

    def action_send(self):
        """Let the reply go out: as an e-mail, or recorded as sent or said by its user."""
        self.ensure_one()
        self._lock_in("approved", *(() if self.needs_approval else ("draft",)))
        self._check_words()
        self._check_receiver()
        moment = fields.Datetime.now() if self.way == "email" else self.replied_at
        self._move(
            {
                "state": "sent",
                "replied_at": moment or fields.Datetime.now(),
                "sender_id": self.env.uid,
            }
        )
        self.flush_recordset()
        if self.way in PAPER_WAYS:
            self._keep_letter()
        if self.way == "email":
            self._queue_mail()
        self.previous_id._move({"state": "superseded"})
        self.complaint_id._follow_reply(self)
        self._log(self._get_log_text())

    def action_preview(self):
        """Show the letter that went out, else how it would look now."""
        self.ensure_one()
        if self.letter_id:
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/{self.letter_id.id}?download=true",
                "target": "new",
            }
        report = self.env.ref("patient_relations.patient_complaint_reply_action_report")
        return report.report_action(self)

    # BUSINESS

    def _send_back(self, reason):
        """Return a reply to its author, with the reason."""
        self.ensure_one()
        self._lock_in("waiting", "approved")
        if self.env.user != self.author_id:
            self._check_approver()
        self._move(
            {
                "state": "draft",
                "return_reason": reason,
                "approver_id": False,
                "approved_at": False,
            }
        )
        self._log(
            self.env._(
                "%(reply)s was sent back: %(reason)s",
                reply=self._get_label(),
                reason=reason,
            )
        )

    def _lock_in(self, *states):
        """Lock the row; refuse when its status is none of these.

        Two people who click at once: one gets the lock, the other a sentence. Who comes
        later finds the status that the first one left.
        """
        self.check_access("write")
        if not self.try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._(
                    "Somebody else works on %(reply)s at this moment. Nothing was done; "
                    "look at it again.",
                    reply=self.display_name,
                )
            )
        self.invalidate_recordset()
        if self.state in states:
            return
        if self.state in GONE_STATES:
            raise UserError(self._get_gone_text())
        raise UserError(self._get_step_text())

    def _check_approver(self):
        if not self.env.user.has_group(OFFICER_GROUP):
            raise UserError(
                self.env._(
                    "Only the patient-relations office can approve %(reply)s or send it "
                    "back. Ask the officer in charge.",
                    reply=self.display_name,
                )
            )
        if self.env.user == self.author_id:
            raise UserError(
                self.env._(
                    "You wrote %(reply)s yourself. Ask a colleague of the office to approve "
                    "it.",
                    reply=self.display_name,
                )
            )

    def _check_words(self):
        words = html2plaintext(self.body or "").strip()
        if not words:
            raise UserError(
                self.env._(
                    "%(reply)s has no words yet. Write what is answered.",
                    reply=self.display_name,
                )
            )
        if GAP in words:
            raise UserError(
                self.env._(
                    "%(reply)s still has a gap “%(gap)s”. Fill it in, or take the sentence "
                    "out.",
                    reply=self.display_name,
                    gap=GAP,
                )
            )

    def _check_receiver(self):
        unnamed = self.complaint_id._is_complainant_unnamed()
        if not unnamed and not (self.receiver_name or "").strip():
            raise UserError(
                self.env._("%(reply)s: say who receives it.", reply=self.display_name)
            )
        if self.way != "email":
            return
        if unnamed:
            raise UserError(
                self.env._(
                    "%(complaint)s has no named complainant: no e-mail is sent. Choose "
                    "another way, for example “Other”, and write it in the conversation.",
                    complaint=self.complaint_id.name,
                )
            )
        if not self._get_receiver_address():
            raise UserError(
                self.env._(
                    "%(reply)s: “%(address)s” is no e-mail address. Correct it, or choose "
                    "another way.",
                    reply=self.display_name,
                    address=self.receiver_email or "",
                )
            )
        if not (self.company_id.email or self.env.user.email):
            raise UserError(
                self.env._(
                    "%(hospital)s has no e-mail address to write from. Enter it in the "
                    "settings of the hospital.",
                    hospital=self.company_id.name,
                )
            )

    def _keep_letter(self):
        """Make the letter, keep it with its fingerprint."""
        report = self.env["ir.actions.report"]
        content, _kind = report._render_qweb_pdf(
            "patient_relations.patient_complaint_reply_action_report", self.ids
        )
        letter = self.env["ir.attachment"].create(
            {
                "name": self._get_letter_filename(),
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
                "company_id": self.company_id.id,
            }
        )
        evidence = self.env["patient.complaint.evidence"]
        self._move({"letter_id": letter.id, "sha256": evidence._get_digest(content)})

    def _queue_mail(self):
        """Queue one mail with the letter; the mail server is asked after the commit."""
        # sudo: mail.mail: users write to complainants by these letters, not by mails
        mail_sudo = self.env["mail.mail"].sudo().create(self._prepare_mail())
        self._move({"mail_id": mail_sudo.id})
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _prepare_mail(self):
        """Return the values of the mail: a subject without a word about health."""
        sender = self.company_id if self.company_id.email else self.env.user
        text = self.with_context(lang=self._get_active_lang()).env._(
            "Please find attached our reply to your complaint %(number)s. You can answer "
            "this mail.",
            number=self.complaint_id.name,
        )
        return {
            "subject": self.complaint_id.name,
            "body_html": plaintext2html(text),
            "body": plaintext2html(text),
            "email_from": sender.email_formatted,
            "email_to": formataddr(
                (self.receiver_name or "", self._get_receiver_address())
            ),
            "author_id": self.env.user.partner_id.id,
            "model": "patient.complaint",
            "res_id": self.complaint_id.id,
            "attachment_ids": [Command.link(self.letter_id.id)],
        }

    def _get_log_text(self):
        return self.env._(
            "%(reply)s went out: %(way)s, to %(receiver)s.",
            reply=self._get_label(),
            way=self._get_way_label(),
            receiver=self.receiver_name or self.env._("a complainant without a name"),
        )

    def _get_step_text(self):
        self.ensure_one()
        ways = {
            "draft": self.env._("Ask for approval first."),
            "waiting": self.env._("A second person has to approve it or send it back."),
            "approved": self.env._("Send it, or send it back to change the words."),
        }
        return self.env._(
            "%(reply)s is “%(state)s”. %(way_out)s",
            reply=self.display_name,
            state=self._get_state_label(),
            way_out=ways[self.state],
        )

    def _get_receiver_address(self):
        self.ensure_one()
        return email_normalize(self.receiver_email)

    def _get_letter_filename(self):
        self.ensure_one()
        return f"{self.complaint_id.name}-{self.kind}-{self.version}.pdf"
