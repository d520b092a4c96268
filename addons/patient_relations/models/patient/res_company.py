from datetime import datetime, time

import pytz

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_patient_tz(self):
        """Return the time zone in which the hospital counts its days (tzinfo)."""
        self.ensure_one()
        # sudo: res.partner, resource.calendar: any user counts in the company's zone
        company_sudo = self.sudo()
        name = company_sudo.partner_id.tz or company_sudo.resource_calendar_id.tz
        return pytz.timezone(name or "UTC")

    def _patient_local_date(self, moment):
        """Return the date of a naive UTC datetime on the hospital's calendar."""
        return self._patient_local_time(moment).date()

    def _patient_local_time(self, moment):
        """Return a naive UTC datetime as an aware one in the hospital's zone."""
        return pytz.utc.localize(moment).astimezone(self._get_patient_tz())

    def _patient_local_month(self, moment):
        """Return the first day of the month of a naive UTC datetime, or False."""
        return bool(moment) and self._patient_local_date(moment).replace(day=1)

    def _patient_midnight(self, date):
        """Return the naive UTC moment at which a day begins in the hospital."""
        local = self._get_patient_tz().localize(datetime.combine(date, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _patient_today(self):
        return self._patient_local_date(fields.Datetime.now())
