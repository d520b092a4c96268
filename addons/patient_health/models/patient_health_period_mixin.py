from datetime import timedelta

from odoo import models
from odoo.fields import Domain


class PatientHealthPeriodMixin(models.AbstractModel):
    """Tells of one patient in a period: what summaries and reports ask the record.

    SPECIFICATIONS
    A model that inherits this has ``patient_id``, ``company_id``, ``date_from``,
    ``date_to`` and ``is_sensitive``.
    """

    _name = "patient.health.period.mixin"
    _description = "Tells of a Period"

    # BUSINESS

    def _get_sensitive_domain(self):
        """Return the domain of what may be told."""
        return Domain.TRUE if self.is_sensitive else Domain("is_sensitive", "=", False)

    def _get_moments(self):
        """Return when the period begins, and when it is over (naive UTC)."""
        company = self.company_id
        after = self.date_to + timedelta(days=1)
        moments = map(company._patient_midnight, (self.date_from, after))
        return tuple(moments)

    def _get_interventions_domain(self):
        """Return the domain of advice that was in force on a day of the period."""
        return (
            Domain("patient_id", "=", self.patient_id.id)
            & Domain("date_start", "<=", self.date_to)
            & (
                Domain("date_end", "=", False)
                | Domain("date_end", ">=", self.date_from)
            )
            & self._get_sensitive_domain()
        )
