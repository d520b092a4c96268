import re

from odoo import api, models
from odoo.tools import email_normalize, html2plaintext
from odoo.tools.mail import parse_contact_from_email

# A number in a subject: letters and digits as sequences make them. Up to four Chinese
# characters may belong to it or may be the sentence around it; both are tried.
NUMBER = re.compile(r"([\u4e00-\u9fff]{0,4})([A-Za-z0-9][A-Za-z0-9/_.-]{2,40})")


class PatientComplaint(models.Model):
    """Complaints that come by mail to the address of the office."""

    _inherit = "patient.complaint"

    # MAILING / GATEWAY

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Receive a mail: as news of a complaint that its subject names, else as a new one."""
        self = self.with_context(default_user_id=False, default_first_receiver_id=False)
        custom_values = custom_values or {}
        company = self.env["res.company"].browse(
            custom_values.get("company_id") or self.env.company.id
        )
        known = self._find_received_mail(company, msg_dict) or self._find_by_subject(
            company, msg_dict.get("subject")
        )
        if known:
            known.message_update(msg_dict)
            return known
        # Not the inherited method: it would take the subject for the number.
        return self.create(
            {**self._prepare_mail_values(company, msg_dict), **custom_values}
        )

    def message_update(self, msg_dict, update_vals=None):
        """Wake the officer when news comes for a complaint that has ended."""
        result = super().message_update(msg_dict, update_vals=update_vals)
        for complaint in self.filtered(
            lambda complaint: complaint.user_id and not complaint.is_open
        ):
            complaint.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("A mail came after the end"),
                user_id=complaint.user_id.id,
            )
        return result

    @api.model
    def _find_received_mail(self, company, msg_dict):
        """Return the complaint that this very mail made, when it comes a second time."""
        return self.with_context(active_test=False).search(
            [
                ("company_id", "=", company.id),
                ("source_message_id", "!=", False),
                ("source_message_id", "=", msg_dict.get("message_id")),
            ],
            limit=1,
        )

    @api.model
    def _find_by_subject(self, company, subject):
        """Return the complaint whose number stands in a subject, the main one if merged."""
        candidates = set()
        for match in NUMBER.finditer(subject or ""):
            before, number = match.groups()
            number = number.strip("./_-").upper()
            candidates.update(
                before[start:] + number for start in range(len(before) + 1)
            )
            candidates.add(match.group(2))
        found = self.with_context(active_test=False).search(
            [("company_id", "=", company.id), ("name", "in", list(candidates))], limit=1
        )
        return found._get_main()

    @api.model
    def _prepare_mail_values(self, company, msg_dict):
        """Return the values of a complaint that a mail brings."""
        sender, address = parse_contact_from_email(msg_dict.get("email_from") or "")
        patient = self._find_patient_by_email(company, address)
        text = html2plaintext(msg_dict.get("body") or "").replace("\x00", "").strip()
        subject = (msg_dict.get("subject") or "").replace("\x00", "").strip()
        return {
            "company_id": company.id,
            "summary": subject or self.env._("Mail without a subject"),
            "narrative": text,
            "channel": "email",
            "complainant_type": "patient" if patient else "other",
            "complainant_name": sender or patient.name or address,
            "complainant_phone": patient.phone,
            "complainant_email": address,
            "patient_id": patient.id,
            "source_message_id": msg_dict.get("message_id"),
        }

    @api.model
    def _find_patient_by_email(self, company, address):
        """Return the patient whose address it is; nobody when several share it."""
        normalized = email_normalize(address)
        if not normalized:
            return self.env["patient.patient"]
        found = self.env["patient.patient"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id.email_normalized", "=", normalized),
            ],
            limit=2,
        )
        return found if len(found) == 1 else found.browse()
