from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ...tools.selections import get_label


class PatientComplaintRemedy(models.Model):
    """What the hospital gives or promises to make good; a promise stays until it is kept."""

    _name = "patient.complaint.remedy"
    _inherit = "patient.complaint.part"
    _description = "Complaint Remedy"
    _order = "id"
    _rec_name = "kind"

    kind = fields.Selection(
        selection=[
            ("explanation", "Explanation"),
            ("apology", "Apology"),
            ("fee", "Fee Waived or Refunded"),
            ("treatment", "Treatment Again"),
            ("process", "Process Changed"),
            ("talk", "Person Spoken to"),
            ("other", "Other"),
        ],
        default="explanation",
        required=True,
    )
    note = fields.Char(help="What exactly is given, in one sentence.")
    amount = fields.Monetary(help="Only for a fee that is waived or refunded.")
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    promised_on = fields.Date(help="The day of the promise, if it was one.")
    given_on = fields.Date(help="Empty as long as the promise is not kept.")
    given_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Given by",
        help="Empty: whoever enters the day.",
    )
    is_outstanding = fields.Boolean(
        compute="_compute_is_outstanding",
        search="_search_is_outstanding",
        string="Not Yet Given",
    )

    _amount_check = models.Constraint(
        "CHECK(amount IS NULL OR amount >= 0)",
        "The amount of a remedy is not negative.",
    )
    _fee_check = models.Constraint(
        "CHECK(kind = 'fee' OR amount IS NULL OR amount = 0)",
        "Only a fee that is waived or refunded has an amount.",
    )
    _days_check = models.Constraint(
        "CHECK(given_on IS NULL OR promised_on IS NULL OR given_on >= promised_on)",
        "A remedy cannot be given before it was promised.",
    )
    _day_check = models.Constraint(
        "CHECK(given_on IS NOT NULL OR promised_on IS NOT NULL)",
        "Say on which day the remedy was given, or promised.",
    )
    _outstanding_idx = models.Index("(complaint_id) WHERE given_on IS NULL")

    @api.depends("complaint_id")
    def _compute_currency_id(self):
        for remedy in self:
            company = remedy.complaint_id.company_id or self.env.company
            remedy.currency_id = remedy.currency_id or company.currency_id

    @api.depends("given_on")
    def _compute_is_outstanding(self):
        for remedy in self:
            remedy.is_outstanding = not remedy.given_on

    def _search_is_outstanding(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("given_on", "=", False)]

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        remedies = super().create([self._name_giver(vals) for vals in vals_list])
        remedies.complaint_id.check_access("write")
        return remedies

    def write(self, vals):
        if not self.given_by_id:
            vals = self._name_giver(vals)
        return super().write(vals)

    # ACTIONS

    def action_give(self):
        """Keep the promise today."""
        today = self.env.company._patient_today()
        self.filtered("is_outstanding").given_on = today

    # TOOLS

    @api.model
    def _name_giver(self, vals):
        """Return the values with the user as the giver where a day names nobody."""
        if vals.get("given_on") and not vals.get("given_by_id"):
            return {**vals, "given_by_id": self.env.uid}
        return vals

    def _get_letter_text(self, format_date):
        """Return the remedy as a line of a letter, in the language of the environment.

        :param format_date: function of a date
        """
        self.ensure_one()
        parts = [get_label(self, "kind"), self.note]
        if self.amount:
            parts.append(
                formatLang(self.env, self.amount, currency_obj=self.currency_id)
            )
        if self.given_on:
            day = format_date(self.given_on)
            parts.append(self.env._("given on %(day)s", day=day))
        else:
            parts.append(self.env._("promised"))
        return " – ".join(part for part in parts if part)
