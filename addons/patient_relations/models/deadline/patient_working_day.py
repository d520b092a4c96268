from odoo import api, fields, models

# Fields on which the days of a hospital depend.
COUNTED_FIELDS = {"country_id", "company_id", "date", "is_working"}


class PatientWorkingDay(models.Model):
    """A day that is worked, or not, against what the country's calendar would say.

    Holidays and make-up working days of the past years are known without such rows. They
    are for what is decided later: the yearly notice of the State Council (国务院办公厅关于
    部分节假日安排的通知), a day off by decree, and a hospital's own days off. A hospital's
    own row goes before that of its country.
    """

    _name = "patient.working.day"
    _description = "Working Day"
    _order = "date desc, company_id, id"

    name = fields.Char(
        string="Occasion", required=True, help="What the day is, e.g. Spring Festival."
    )
    date = fields.Date(required=True, aggregator=None)
    is_working = fields.Boolean(
        string="Worked",
        help="On: the day counts as a working day, even on a weekend. Off: it does not.",
    )
    country_id = fields.Many2one(
        comodel_name="res.country",
        required=True,
        index=True,
        default=lambda self: self.env.company.country_id,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Only in Hospital",
        index="btree_not_null",
        ondelete="cascade",
        help="Leave empty when the whole country has the day.",
    )
    source = fields.Char(
        help="Where it is written: number of the notice, or name of the imported file."
    )

    _date_uniq = models.UniqueIndex(
        "(country_id, date, COALESCE(company_id, 0))",
        "There is a row for this day already. Change that one instead.",
    )

    @api.depends("name", "date")
    def _compute_display_name(self):
        for day in self:
            parts = [day.date and day.date.isoformat(), day.name]
            day.display_name = " ".join(part for part in parts if part)

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        days = super().create(vals_list)
        self.env.registry.clear_cache()
        return days

    def write(self, vals):
        result = super().write(vals)
        if COUNTED_FIELDS & set(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # CRON

    @api.model
    def _cron_flag_missing_years(self):
        """Tell the managers which years are counted provisionally; once for each."""
        companies = self.env["res.company"].search([("active", "=", True)])
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            company._update_calendar_todos(company._patient_today())
            if not self.env["ir.cron"]._commit_progress(1):
                break
