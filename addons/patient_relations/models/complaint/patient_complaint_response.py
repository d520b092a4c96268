from datetime import datetime

from babel.dates import format_date
from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import babel_locale_parse

from ...tools.selections import get_label
from .patient_complaint_reply import GONE_STATES

# A reply of these kinds moves a complaint forward from these states, never back.
FORWARD = {
    "acknowledgement": (("received",), "acknowledged"),
    "final": (("received", "acknowledged", "investigating"), "responded"),
}


class PatientComplaint(models.Model):
    """What complainants are answered, and what is given to make good.

    The times of replies are those at which they really went out, not those of a status.
    After new facts opened a complaint again, it must be answered again.
    """

    _inherit = "patient.complaint"

    reply_ids = fields.One2many(
        "patient.complaint.reply", "complaint_id", string="Replies"
    )
    remedy_ids = fields.One2many(
        "patient.complaint.remedy", "complaint_id", string="Remedies"
    )
    acknowledged_at = fields.Datetime(
        string="First Reply On",
        compute="_compute_replied",
        store=True,
        help="When the first reply of whatever kind went out.",
    )
    responded_at = fields.Datetime(
        string="Final Reply On",
        compute="_compute_replied",
        store=True,
        help="When the first final reply went out.",
    )
    explained_at = fields.Datetime(
        string="Explanation On",
        compute="_compute_replied",
        store=True,
        help="When the explanation of not accepting went out.",
    )
    is_explanation_owed = fields.Boolean(compute="_compute_is_explanation_owed")
    pending_reply_count = fields.Integer(compute="_compute_pending_reply_count")
    outstanding_remedy_count = fields.Integer(
        compute="_compute_outstanding_remedy_count"
    )

    @api.depends(
        "reply_ids.state", "reply_ids.kind", "reply_ids.replied_at", "reopened_on"
    )
    def _compute_replied(self):
        for complaint in self:
            since = complaint.reopened_on
            gone = complaint.reply_ids.filtered(
                lambda reply, since=since: (
                    reply.state in GONE_STATES
                    and (not since or reply.replied_at >= since)
                )
            )
            final = gone.filtered(lambda reply: reply.kind == "final")
            explained = gone.filtered(lambda reply: reply.kind == "not_accepted")
            complaint.acknowledged_at = min(gone.mapped("replied_at"), default=False)
            complaint.responded_at = min(final.mapped("replied_at"), default=False)
            complaint.explained_at = min(explained.mapped("replied_at"), default=False)

    @api.depends("state", "explained_at")
    def _compute_is_explanation_owed(self):
        for complaint in self:
            complaint.is_explanation_owed = (
                complaint.state == "not_accepted" and not complaint.explained_at
            )

    @api.depends("reply_ids.state")
    def _compute_pending_reply_count(self):
        for complaint in self:
            complaint.pending_reply_count = len(complaint._get_pending_replies())

    @api.depends("remedy_ids.given_on")
    def _compute_outstanding_remedy_count(self):
        for complaint in self:
            complaint.outstanding_remedy_count = len(
                complaint.remedy_ids.filtered("is_outstanding")
            )

    # CRUD

    def unlink(self):
        """Delete the letters too, which the database would leave behind."""
        # sudo: ir.attachment: letters leave with their complaint, which the user deletes
        letters_sudo = self.reply_ids.letter_id.sudo()
        result = super().unlink()
        letters_sudo.unlink()
        return result

    # ACTIONS

    def action_respond(self):
        """Ask for the reply when there is none; it moves the complaint as it goes out."""
        if len(self) != 1 or self.kind != "complaint" or self.responded_at:
            return super().action_respond()
        if self.state == "received":
            return self._get_solve_action()
        return self._get_reply_action("final")

    def action_reply(self):
        """Open the reply under way, else a new one, prefilled from its letter."""
        self.ensure_one()
        pending = self._get_pending_replies()
        if pending:
            return pending[0].action_open()
        return self._get_reply_action(self._get_next_reply_kind())

    # BUSINESS

    def _finish_transition(self, state):
        super()._finish_transition(state)
        if state == "closed":
            self._check_final_reply()

    def _check_final_reply(self):
        """Refuse to close what was never answered; what is imported closed is history."""
        for complaint in self:
            if complaint.kind == "complaint" and not complaint.responded_at:
                raise UserError(
                    self.env._(
                        "%(complaint)s cannot be closed before a final reply went out. Use "
                        "“Reply”: write it, or record what was said and to whom.",
                        complaint=complaint.name,
                    )
                )

    def _follow_reply(self, reply):
        """Move the complaint forward after a reply went out."""
        self.ensure_one()
        states, target = FORWARD.get(reply.kind, ((), ""))
        if self.state in states:
            self.write({"state": target})

    def _draft_explanations(self):
        """Draft the letter that explains the lawful reason; return the new replies."""
        owed = self.filtered(
            lambda complaint: (
                complaint.is_explanation_owed and not complaint._get_pending_replies()
            )
        )
        return self.env["patient.complaint.reply"].create(
            [
                {"complaint_id": complaint.id, "kind": "not_accepted"}
                for complaint in owed
            ]
        )

    def _merge_into(self, main):
        """Take replies and remedies along."""
        self.reply_ids._move_to(main)
        # sudo: patient.complaint.remedy: it moves by merging, as evidence does
        self.remedy_ids.sudo().complaint_id = main
        return super()._merge_into(main)

    # TOOLS

    def _get_pending_replies(self):
        self.ensure_one()
        return self.reply_ids.filtered(lambda reply: reply.state not in GONE_STATES)

    def _get_next_reply_kind(self):
        """Return which kind of reply comes next."""
        self.ensure_one()
        if self.is_explanation_owed:
            return "not_accepted"
        if self.state == "received" and not self.acknowledged_at:
            return "acknowledgement"
        return "final"

    def _get_reply_action(self, kind):
        """Return the action of a new reply in its form, not yet saved."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reply"),
            "res_model": "patient.complaint.reply",
            "views": [(False, "form")],
            "context": {"default_complaint_id": self.id, "default_kind": kind},
        }

    def _get_solve_action(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_complaint_solve_action"
        )
        return {**action, "context": {"default_complaint_id": self.id}}

    def _get_complainant_lang(self):
        """Return the code of the language in which to write, or False."""
        self.ensure_one()
        if self.complainant_type == "patient" and self.patient_id:
            return self.patient_id.language_id.code or self.patient_id.lang
        return self.company_id.partner_id.lang

    def _get_letter_values(self, lang):
        """Return placeholder → text or Markup, for letters in a language.

        :param str lang: code of the language; texts of the program come in it if it is
            installed
        """
        self.ensure_one()
        installed = dict(self.env["res.lang"].get_installed())
        complaint = self.with_context(lang=lang if lang in installed else self.env.lang)
        officer = complaint.user_id or self.env.user
        return {
            "complainant": complaint._get_complainant_text(),
            "patient": complaint.patient_id.name,
            "number": complaint.name,
            "received_on": self._format_letter_date(complaint.received_at, lang),
            "summary": complaint.summary,
            "department": complaint.lead_department_id.name,
            "reason": get_label(complaint, "not_accepted_reason"),
            "note": complaint.state_note,
            "findings": complaint._get_findings_text(),
            "remedies": complaint._get_remedies_text(lang),
            "officer": officer.name,
            "hospital": complaint.company_id.name,
            "hospital_phone": complaint.company_id.phone,
            "today": self._format_letter_date(fields.Datetime.now(), lang),
        }

    def _is_complainant_unnamed(self):
        """Tell whether nobody may read here who complains."""
        self.ensure_one()
        return self.complainant_type == "anonymous" or self.protection != "open"

    def _get_complainant_text(self):
        """Return how the letter calls its reader."""
        self.ensure_one()
        if self._is_complainant_unnamed():
            return self.env._("Sir or Madam")
        is_patient = self.complainant_type == "patient"
        return (
            self.complainant_name
            or (is_patient and self.patient_id.name)
            or self.env._("Sir or Madam")
        )

    def _get_findings_text(self):
        """Return a line for each problem that has a finding; names no person."""
        self.ensure_one()
        problems = self.problem_ids.filtered(
            lambda problem: problem.finding != "pending"
        )
        return Markup("<br/>").join(
            f"{problem.category_id.name} – {get_label(problem, 'finding')}"
            for problem in problems
        )

    def _get_remedies_text(self, lang):
        self.ensure_one()
        return Markup("<br/>").join(
            escape(
                remedy._get_letter_text(lambda day: self._format_letter_date(day, lang))
            )
            for remedy in self.remedy_ids
        )

    def _format_letter_date(self, moment, lang):
        """Return a day as the language writes it in full, on the hospital's calendar.

        :param moment: naive UTC datetime, or a date of the hospital
        """
        if isinstance(moment, datetime):
            moment = self.company_id._patient_local_date(moment)
        locale = babel_locale_parse(lang or self.env.lang)
        return format_date(moment, format="long", locale=locale)
