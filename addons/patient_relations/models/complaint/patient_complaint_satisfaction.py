from odoo import fields, models
from odoo.exceptions import UserError

# Answers that count; the others say why there is none.
ANSWERS = ("1", "2", "3", "4", "5")


class PatientComplaint(models.Model):
    """How satisfied the complainant is with the handling (ISO 10002, 8.3).

    It is about how the complaint was handled, not about what went wrong. Only answers
    count: who was not reached is neither satisfied nor dissatisfied.
    """

    _inherit = "patient.complaint"

    satisfaction = fields.Selection(
        selection=[
            ("1", "Very Dissatisfied"),
            ("2", "Dissatisfied"),
            ("3", "Neither"),
            ("4", "Satisfied"),
            ("5", "Very Satisfied"),
            ("not_reached", "Not Reached"),
            ("refused", "Refused to Say"),
        ],
        string="Satisfaction with the Handling",
        copy=False,
        tracking=True,
        help="How satisfied the complainant is with the way the complaint was handled.",
    )
    satisfaction_asked_on = fields.Datetime(string="Asked On", copy=False)
    satisfaction_user_id = fields.Many2one("res.users", string="Asked by", copy=False)
    satisfaction_way = fields.Selection(
        selection=[
            ("phone", "Telephone"),
            ("in_person", "In Person"),
            ("message", "Text Message or WeChat"),
            ("email", "E-mail"),
            ("letter", "Letter"),
            ("other", "Other"),
        ],
        string="Way of Asking",
        copy=False,
    )
    satisfaction_comment = fields.Text(string="Their Words", copy=False)

    # CRUD

    def write(self, vals):
        if not vals.get("satisfaction"):
            return super().write(vals)
        self._check_satisfaction(vals.get("state"))
        return super().write(
            {
                "satisfaction_asked_on": fields.Datetime.now(),
                "satisfaction_user_id": self.env.uid,
                **vals,
            }
        )

    # ACTIONS

    def action_record_satisfaction(self):
        """Keep the answer that was tapped; the context names it: ``satisfaction``."""
        self.write({"satisfaction": self.env.context.get("satisfaction")})

    # BUSINESS

    def _check_satisfaction(self, state=None):
        """Refuse to ask how a complaint was handled before there is a response."""
        for complaint in self:
            if (state or complaint.state) not in ("responded", "closed"):
                raise UserError(
                    self.env._(
                        "%(complaint)s is %(state)s: ask for the satisfaction with the "
                        "handling once it is responded or closed.",
                        complaint=complaint.name,
                        state=complaint._get_state_label().lower(),
                    )
                )
