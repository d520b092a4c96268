import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import uploads
from .patient_complaint import OFFICER_GROUP
from .patient_complaint_thread_message import MAX_LENGTH

ACTIVITY_TYPE = "patient_relations.mail_activity_type_voice"
# Files that one complaint takes from its complainant at most.
MAX_COMPLAINT_FILES = 20
SUMMARY_LENGTH = 60


class PatientComplaint(models.Model):
    """The conversation with somebody who is known by a receipt code only."""

    _inherit = "patient.complaint"

    thread_message_ids = fields.One2many(
        comodel_name="patient.complaint.thread.message",
        inverse_name="complaint_id",
        string="Conversation",
        readonly=True,
        groups=OFFICER_GROUP,
    )
    thread_draft = fields.Text(
        string="Answer",
        copy=False,
        groups=OFFICER_GROUP,
        help="What you write here is kept until you send it. The complainant reads it on "
        "the web page, with the receipt code.",
    )
    thread_waiting = fields.Boolean(
        string="Complainant Waits",
        readonly=True,
        copy=False,
        help="The complainant wrote last.",
    )
    receipt_state = fields.Selection(
        selection=[("none", "None"), ("valid", "Valid"), ("revoked", "Revoked")],
        string="Receipt Code",
        compute="_compute_receipt_state",
    )

    _thread_waiting_idx = models.Index("(user_id) WHERE thread_waiting IS TRUE")
    _protection_idx = models.Index("(id) WHERE protection != 'open'")

    def _compute_receipt_state(self):
        revoked = {
            receipt_sudo.complaint_id.id: bool(receipt_sudo.revoked_at)
            for receipt_sudo in self._get_receipts()
        }
        states = {None: "none", False: "valid", True: "revoked"}
        for complaint in self:
            complaint.receipt_state = states[revoked.get(complaint._origin.id)]

    # ACTIONS

    def action_draw_receipt(self):
        """Give the complainant a new code, and show it once; the former one ends."""
        self.ensure_one()
        self._check_officer()
        return self._get_receipt_action(self._draw_receipts()[self.id])

    def action_revoke_receipt(self):
        """End the code; what was written stays."""
        self._check_officer()
        self._get_receipts().filtered(
            lambda receipt: not receipt.revoked_at
        ).revoked_at = fields.Datetime.now()

    def action_send_thread_draft(self):
        """Answer the complainant with what stands in the draft."""
        self.ensure_one()
        self.env["patient.complaint.thread.message"].create(
            {"complaint_id": self.id, "body": self.thread_draft}
        )
        self.write({"thread_draft": False, "thread_waiting": False})
        self._get_thread_activities().unlink()

    # BUSINESS

    @api.model
    def _register_voice(self, company, department, narrative, expectation, files=()):
        """Register what somebody without a name leaves on the public page.

        :param files: contents (bytes) of pictures, sounds, films or PDF files
        :return: (complaint, receipt code); the code is shown now or never
        """
        message_model = self.env["patient.complaint.thread.message"]
        narrative = message_model._clean_body(narrative)
        expectation = (expectation or "").replace("\x00", "").strip()[:MAX_LENGTH]
        complaint = self.with_context(
            mail_create_nosubscribe=True, mail_create_nolog=True
        ).create(
            {
                "company_id": company.id,
                "protection": "anonymous",
                "complainant_type": "anonymous",
                "channel": "web",
                "summary": self._get_first_words(narrative),
                "narrative": narrative,
                "expectation": expectation,
                "lead_department_id": department.id,
                "first_receiver_id": False,
                "user_id": False,
            }
        )
        complaint._add_voice_files(files)
        return complaint, complaint._draw_receipts()[complaint.id]

    def _receive_voice(self, body, files=()):
        """Take a message of the complainant, with files as further evidence.

        :param files: contents (bytes); with files, the text may be empty
        """
        self.ensure_one()
        if files and not (body or "").strip():
            body = self.env._("I have added files.")
        self.env["patient.complaint.thread.message"].create(
            {"complaint_id": self.id, "body": body, "sender": "complainant"}
        )
        self._add_voice_files(files)
        if not self.thread_waiting:
            self.thread_waiting = True
        self._wake_officer()

    def _wake_officer(self):
        """Give the officer in charge one activity, however many messages wait."""
        officer = self.user_id
        if officer and not self._get_thread_activities():
            self.activity_schedule(ACTIVITY_TYPE, user_id=officer.id)

    def _add_voice_files(self, contents):
        """Keep files of the complainant as evidence, without the names they came with."""
        if not contents:
            return
        known = self.env["patient.complaint.evidence"].search_count(
            [("complaint_id", "=", self.id)]
        )
        if known + len(contents) > MAX_COMPLAINT_FILES:
            raise UserError(
                self.env._(
                    "A complaint takes %(limit)s files at most. Describe the others in a "
                    "message.",
                    limit=MAX_COMPLAINT_FILES,
                )
            )
        self.env["patient.complaint.evidence"].create(
            [
                self._prepare_voice_file(content, known + position)
                for position, content in enumerate(contents, 1)
            ]
        )

    def _prepare_voice_file(self, content, position):
        found = uploads.recognize(content)
        if not found or len(content) > uploads.MAX_BYTES:
            raise UserError(
                self.env._(
                    "One of the files cannot be taken. Send pictures, sound, film or PDF, "
                    "each of %(limit)s MB at most.",
                    limit=uploads.MAX_BYTES // uploads.MIB,
                )
            )
        kind, ending = found
        return {
            "complaint_id": self.id,
            "kind": kind,
            "name": self.env._("File %(number)s of the complainant", number=position),
            "filename": f"file-{position}.{ending}",
            "datas": base64.b64encode(content),
            "reveals_identity": True,
        }

    def _draw_receipts(self):
        """Return complaint id → new receipt code (str)."""
        # sudo: patient.complaint.receipt: nobody has rights there; callers check
        return self.env["patient.complaint.receipt"].sudo()._draw(self)

    # TOOLS

    def _check_officer(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(OFFICER_GROUP):
            raise UserError(
                self.env._(
                    "Only the patient-relations office gives out receipt codes. Ask the "
                    "officer in charge."
                )
            )

    def _get_receipts(self):
        """Return the receipts (sudo) of these complaints, valid or not."""
        # sudo: patient.complaint.receipt: nobody has rights there; callers check
        return (
            self.env["patient.complaint.receipt"]
            .sudo()
            .search([("complaint_id", "in", self.ids)])
        )

    def _get_receipt_action(self, code):
        """Return the action that shows a code, once."""
        action = self._get_wizard_action("patient.complaint.receipt.show")
        return {**action, "context": {**action["context"], "default_code": code}}

    def _get_thread_activities(self):
        """Return the activities (sudo) that tell officers of waiting messages."""
        # sudo: mail.activity: whoever answers ends the duty, whoever has it
        return self.sudo().activity_search([ACTIVITY_TYPE])

    @api.model
    def _get_first_words(self, text):
        first_line = text.split("\n")[0].strip()
        if len(first_line) <= SUMMARY_LENGTH:
            return first_line
        return first_line[: SUMMARY_LENGTH - 1] + "…"
