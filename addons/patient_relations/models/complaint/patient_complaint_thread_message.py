from odoo import api, fields, models
from odoo.exceptions import UserError

MAX_LENGTH = 5000


class PatientComplaintThreadMessage(models.Model):
    """A word between the office and somebody who is known by a code only.

    Not a mail message: of the complainant there is no user, no address and no time of
    day, only the text and the date.
    """

    _name = "patient.complaint.thread.message"
    _description = "Message by Receipt Code"
    _order = "id"
    _rec_name = "date"
    _log_access = False

    complaint_id = fields.Many2one(
        comodel_name="patient.complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    sender = fields.Selection(
        selection=[("office", "Office"), ("complainant", "Complainant")],
        string="Side",
        required=True,
        default="office",
        readonly=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Written by",
        readonly=True,
        help="The officer; never set for what the complainant writes.",
    )
    date = fields.Date(
        required=True,
        readonly=True,
        help="On the hospital's calendar. The time of day is not kept: it could tell who "
        "wrote.",
    )
    body = fields.Text(string="Message", required=True)

    _sender_check = models.Constraint(
        "CHECK((sender = 'office') = (user_id IS NOT NULL))",
        "A message of the office names its writer; one of the complainant names nobody.",
    )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        complaints = self.env["patient.complaint"].browse(
            vals["complaint_id"] for vals in vals_list
        )
        complaints.check_access("write")
        days = {
            complaint.id: complaint.company_id._patient_today()
            for complaint in complaints
        }
        return super().create(
            [
                self._prepare_message(vals, days[vals["complaint_id"]])
                for vals in vals_list
            ]
        )

    # TOOLS

    @api.model
    def _prepare_message(self, vals, today):
        """Return the values with sender, writer and date as they truly are."""
        complainant = self.env.su and vals.get("sender") == "complainant"
        writer = self.env.uid
        if self.env.su:
            writer = vals.get("user_id") or writer
        return {
            "complaint_id": vals["complaint_id"],
            "sender": "complainant" if complainant else "office",
            "user_id": False if complainant else writer,
            "date": vals.get("date") if self.env.su and vals.get("date") else today,
            "body": self._clean_body(vals.get("body")),
        }

    @api.model
    def _clean_body(self, text):
        """Return the text without what no text holds; refuse an empty or endless one."""
        cleaned = (text or "").replace("\x00", "").strip()
        if not cleaned:
            raise UserError(self.env._("Write the message before you send it."))
        if len(cleaned) > MAX_LENGTH:
            raise UserError(
                self.env._(
                    "The message is too long: %(length)s characters. Send at most "
                    "%(limit)s, and the rest as another message.",
                    length=len(cleaned),
                    limit=MAX_LENGTH,
                )
            )
        return cleaned
