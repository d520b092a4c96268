from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_datetime

from .patient_complaint_inquiry import WAITING_STATES


class PatientComplaintInquiry(models.Model):
    """Tells those who are asked: one message a person, however many questions.

    The message names the complaint and the moment; the question itself is read where
    access to it is decided, and not in a mailbox.
    """

    _inherit = "patient.complaint.inquiry"

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        inquiries = super().create(vals_list)
        inquiries._notify_asked()
        return inquiries

    # BUSINESS

    def _send_back(self, reason):
        result = super()._send_back(reason)
        self._notify_asked()
        return result

    def _notify_asked(self):
        """Queue a message to each person with an account who has to answer."""
        mine = {}
        for inquiry in self.filtered(lambda one: one.state in WAITING_STATES):
            user = inquiry._get_asked_user()
            mine[user] = mine.get(user, self.browse()) | inquiry
        threads = self.env["mail.thread"].with_context(mail_notify_force_send=False)
        for user, inquiries in mine.items():
            if user and user != self.env.user:
                told = inquiries.with_context(lang=user.lang, tz=user.tz)
                threads.with_context(lang=user.lang).message_notify(
                    partner_ids=user.partner_id.ids,
                    subject=told._get_notice_subject(),
                    body=told._get_notice_body(),
                )

    def _get_asked_user(self):
        """Return the user (sudo) who is asked, else the head of the department.

        Where the head is the person complained about, it is the one above.
        """
        self.ensure_one()
        # sudo: hr.department, patient.complaint: whom to tell, whoever asks
        inquiry_sudo = self.sudo()
        if inquiry_sudo.employee_id:
            return inquiry_sudo.user_id
        accused = inquiry_sudo.complaint_id._get_deadline_excluded_users()
        department = inquiry_sudo.department_id
        while department:
            head = department.manager_id.user_id
            if head.active and head not in accused:
                return head
            department = department.parent_id
        return inquiry_sudo.user_id

    # TOOLS

    def _get_notice_subject(self):
        if "sent_back" in self.mapped("state"):
            return self.env._("Your answer about a complaint came back")
        return self.env._("You are asked about a complaint")

    def _get_notice_body(self):
        """Return a line a question, which leads to it: Markup."""
        lines = [
            Markup('<li><a href="/odoo/complaint-questions/%s">%s</a> – %s</li>')
            % (inquiry.id, inquiry.display_name, inquiry._get_wanted_text())
            for inquiry in self
        ]
        return Markup("<ul>%s</ul>") % Markup("").join(lines)

    def _get_wanted_text(self):
        return self.env._(
            "answer wanted by %(moment)s",
            moment=format_datetime(self.env, self.due_at, dt_format="short"),
        )
