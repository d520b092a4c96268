from datetime import datetime

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

MONTHS = 13


class PatientComplaintMonthly(models.TransientModel):
    """Chooses the month of the manager's report on complaints (投诉月报)."""

    _name = "patient.complaint.monthly"
    _description = "Monthly Report"

    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Hospital",
        required=True,
        default=lambda self: self.env.company,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
    )
    month = fields.Date(
        required=True,
        default=lambda self: self._default_month(),
        help="Any day of the month that is reported on.",
    )

    @api.model
    def _default_month(self):
        """Return the first day of the last month that is over in the hospital."""
        today = self.env.company._patient_today()
        return today.replace(day=1) - relativedelta(months=1)

    # ACTIONS

    def action_print(self):
        self.ensure_one()
        self._check_month()
        report = self.env.ref(
            "patient_relations.patient_complaint_monthly_action_report"
        )
        return report.report_action(self, config=False)

    # BUSINESS

    def _check_month(self):
        """Refuse a month that lies ahead: there is nothing to tell of it."""
        if self._get_month() > self.company_id._patient_today():
            raise UserError(
                self.env._(
                    "%(month)s has not begun yet. Choose a month that is over, or the "
                    "present one.",
                    month=self._get_month_label(self._get_month()),
                )
            )

    def _is_over(self):
        """Tell whether the month is over on the hospital's calendar."""
        self.ensure_one()
        return self._get_next(self._get_month()) <= self.company_id._patient_today()

    # TOOLS

    def _get_month(self):
        self.ensure_one()
        return self.month.replace(day=1)

    def _get_months(self):
        """Return the first days of the months of the report, the chosen one last."""
        last = self._get_month()
        return [last - relativedelta(months=back) for back in range(MONTHS)][::-1]

    def _get_compared_months(self):
        """Return the month, the one before, and the same one of last year."""
        months = self._get_months()
        return [months[-1], months[-2], months[0]]

    @api.model
    def _get_month_label(self, month):
        return month.strftime("%Y-%m")

    @api.model
    def _get_next(self, month):
        return month + relativedelta(months=1)

    def _get_end(self, month):
        """Return the naive UTC moment at which a month is over in the hospital."""
        return self.company_id._patient_midnight(self._get_next(month))

    def _get_span(self, field, first, last):
        """Return the domain of a field from the first to the last month, both included."""
        begin, end = first, self._get_next(last)
        if field.type == "datetime":
            begin, end = map(self.company_id._patient_midnight, (begin, end))
        return Domain(field.name, ">=", begin) & Domain(field.name, "<", end)

    def _get_domain(self, **values):
        """Return the domain of what belongs to the hospital and has these values."""
        domain = Domain("company_id", "=", self.company_id.id)
        return domain & Domain.AND(
            Domain(name, "=", value) for name, value in values.items()
        )

    def _group_by_month(self, domain, moment, aggregates, groupby=(), model=None):
        """Group what happened in the thirteen months, by the hospital's calendar.

        :param str moment: the field of the date or the moment that counts
        :return: iterator of (first day of the month, *groups, *aggregates)
        """
        zone = self.company_id._get_patient_tz().zone
        records = self.env[model or "patient.complaint"].with_context(tz=zone)
        months = self._get_months()
        span = self._get_span(records._fields[moment], months[0], months[-1])
        rows = records._read_group(
            domain & span, [f"{moment}:month", *groupby], aggregates
        )
        for month, *values in rows:
            day = month.date() if isinstance(month, datetime) else month
            yield (day, *values)
