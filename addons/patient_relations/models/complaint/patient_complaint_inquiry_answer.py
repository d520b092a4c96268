from odoo import fields, models
from odoo.exceptions import UserError

from .patient_complaint_inquiry import OPEN_STATES, WAITING_STATES


class PatientComplaintInquiry(models.Model):
    """The answer: given, accepted, sent back, or no longer needed."""

    _inherit = "patient.complaint.inquiry"

    # ACTIONS

    def action_answer(self):
        """Send the answer that is written in the form, with its files."""
        for inquiry in self:
            inquiry._check_answering()
            files = inquiry.file_ids.filtered(
                lambda file, own=inquiry: (
                    file.res_model == own._name and file.res_id in (own.id, 0)
                )
            )
            inquiry._record_answer(
                inquiry.answer,
                [(file.name, file.raw) for file in files],
                **inquiry._prepare_answerer(),
            )
            # sudo: ir.attachment: what was evidence in the making is evidence now
            files.sudo().unlink()

    def action_accept(self):
        self._check_handling()
        for inquiry in self:
            if inquiry.state != "answered":
                raise UserError(
                    self.env._(
                        "“%(inquiry)s” has no answer that could be accepted: it is "
                        "%(state)s.",
                        inquiry=inquiry.display_name,
                        state=inquiry._get_state_label().lower(),
                    )
                )
        # sudo: patient.complaint.inquiry: only this way is an answer accepted
        self.sudo().write(
            {
                "state": "accepted",
                "accepted_at": fields.Datetime.now(),
                "accepted_by_id": self.env.uid,
            }
        )
        self._log_on_complaints(
            {
                inquiry: self.env._(
                    "Answer accepted: %(asked)s", asked=inquiry._get_asked_name()
                )
                for inquiry in self
            }
        )

    def action_ask_reason(self):
        """Ask why, before a question is sent back or cancelled (``default_state``)."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_complaint_send_back_action"
        )
        return {
            **action,
            "context": {**self.env.context, "default_inquiry_ids": self.ids},
        }

    # BUSINESS

    def _record_answer(self, answer, files, **values):
        """Take an answer, by whichever way it came; its files become evidence.

        :param str answer: the statement
        :param list files: of (file name, bytes)
        :param values: who answered and how
        :raise UserError: where there is neither text nor file, or a file is refused
        """
        self.ensure_one()
        answer = (answer or "").replace("\x00", "").strip()
        if not answer and not files:
            raise UserError(
                self.env._(
                    "The answer to “%(inquiry)s” is empty. Write what you know, or add a "
                    "file.",
                    inquiry=self.display_name,
                )
            )
        # sudo: patient.complaint.inquiry: only this way does an answer arrive
        inquiry_sudo = self.sudo()
        inquiry_sudo.write(
            {
                "state": "answered",
                "answer": answer,
                "answered_at": fields.Datetime.now(),
                **values,
            }
        )
        # Of two at the same moment, the second fails here and finds it answered.
        inquiry_sudo.flush_recordset()
        inquiry_sudo._keep_files(files)
        inquiry_sudo._log_on_complaints({inquiry_sudo: self._get_answer_text()})

    def _send_back(self, reason):
        """Return answers to who gave them; a link that has been used goes out anew."""
        self._check_handling()
        for inquiry in self:
            if inquiry.state != "answered":
                raise UserError(
                    self.env._(
                        "“%(inquiry)s” has no answer that could be sent back: it is "
                        "%(state)s.",
                        inquiry=inquiry.display_name,
                        state=inquiry._get_state_label().lower(),
                    )
                )
        # sudo: patient.complaint.inquiry: only this way is an answer sent back
        self.sudo().write({"state": "sent_back", "return_reason": reason})
        self._log_on_complaints(
            {
                inquiry: self.env._(
                    "Answer sent back: %(asked)s. %(reason)s",
                    asked=inquiry._get_asked_name(),
                    reason=reason,
                )
                for inquiry in self
            }
        )

    def _cancel(self, reason):
        """Take questions back that nobody needs answered any more."""
        self._check_handling()
        for inquiry in self:
            if inquiry.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "“%(inquiry)s” is %(state)s and cannot be cancelled.",
                        inquiry=inquiry.display_name,
                        state=inquiry._get_state_label().lower(),
                    )
                )
        # sudo: patient.complaint.inquiry: only this way is a question cancelled
        self.sudo().write(
            {
                "state": "cancelled",
                "cancel_reason": reason,
                "link_token_hash": False,
                "link_expires_at": False,
            }
        )
        self._log_on_complaints(
            {
                inquiry: self.env._(
                    "Question cancelled: %(asked)s. %(reason)s",
                    asked=inquiry._get_asked_name(),
                    reason=reason,
                )
                for inquiry in self
            }
        )

    def _keep_files(self, files):
        """Make evidence of the files of an answer, and note their fingerprints."""
        self._check_files(files)
        evidences = self.env["patient.complaint.evidence"].create(
            [self._prepare_evidence(name, content) for name, content in files]
        )
        lines = [
            f"{evidence.name} · {evidence.size_text} · SHA-256 {evidence.sha256[:12]}…"
            for evidence in evidences
        ]
        if lines:
            known = [self.answer_files] if self.answer_files else []
            self.answer_files = "\n".join(known + lines)

    def _check_answering(self):
        for inquiry in self:
            if not inquiry.can_answer and not self.env.su:
                raise UserError(inquiry._get_no_answer_text())

    def _get_no_answer_text(self):
        self.ensure_one()
        if self.state not in WAITING_STATES:
            return self.env._(
                "“%(inquiry)s” is %(state)s: its answer can no longer be changed. Ask the "
                "officer to send it back if something is missing.",
                inquiry=self.display_name,
                state=self._get_state_label().lower(),
            )
        return self.env._(
            "“%(inquiry)s” is put to %(person)s, who alone answers it.",
            inquiry=self.display_name,
            person=self.person_name,
        )

    def _prepare_answerer(self):
        """Return who answers: the asked themselves, or the office for them."""
        self.ensure_one()
        user = self.env.user
        own = self.user_id == user or (
            not self.user_id
            and self.department_id.id in user._get_patient_department_scope()
        )
        asked = self._get_asked_name()
        return {
            "answer_way": "account" if own else "recorded",
            "answered_by_id": user.id,
            "answered_by_name": user.name if own else asked,
        }

    def _get_answer_text(self):
        """Return the whole answer: the history keeps it when a later one replaces it."""
        self.ensure_one()
        return self.env._(
            "Answer of %(name)s: %(answer)s",
            name=self.answered_by_name,
            answer=self.answer,
        )
