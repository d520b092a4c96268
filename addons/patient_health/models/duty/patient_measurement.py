from odoo import api, models
from odoo.fields import Domain

from odoo.addons.patient_relations.tools.selections import get_label

from ...tools.bands import LEVELS
from .patient_health_duty_value import KINDS, LATE_ORIGINS


class PatientMeasurement(models.Model):
    """Values that ask for something become duties, in the same transaction."""

    _inherit = "patient.measurement"

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        measurements = super().create(vals_list)
        self.env["patient.health.duty"]._open_for(measurements)
        return measurements

    # BUSINESS

    def _correct_all(self, vals_list, reason):
        before = {row: LEVELS.index(row.level or "unknown") for row in self}
        super()._correct_all(vals_list, reason)
        duties = self.env["patient.health.duty"]
        duties._open_for(
            self.filtered(lambda row: LEVELS.index(row.level) > before[row])
        )
        duties._review([("measurement_ids", "in", self.ids)])

    def _void(self, reason):
        result = super()._void(reason)
        self.env["patient.health.duty"]._review([("measurement_ids", "in", self.ids)])
        return result

    @api.model
    def _reclassify(self, domain):
        """Let duties follow: recent values may ask for something now, or no longer."""
        result = super()._reclassify(domain)
        duties = self.env["patient.health.duty"]
        duties._review([("measurement_ids", "any", Domain(domain))])
        duties._open_for_recent(domain)
        return result

    def _asks_for_duty(self):
        """Tell whether this value, which has just arrived, is a reason to act."""
        self.ensure_one()
        return (
            self._is_alarming()
            and not self._is_late_news()
            and not self.patient_id.deceased_at
        )

    def _is_alarming(self):
        self.ensure_one()
        return self.level in KINDS and self.state == "final"

    def _is_late_news(self):
        """Tell whether the value is too old to start a duty, by the hospital's setting."""
        self.ensure_one()
        oldest = self.env["patient.health.duty"]._get_oldest(self.company_id)
        return self.origin in LATE_ORIGINS and self.effective_at < oldest

    def _get_worst(self):
        """Return the value at the highest level, the latest of several."""
        return self.sorted(
            lambda one: (one.level == "critical", one.effective_at, one.id)
        )[-1:]

    def _get_level_label(self):
        """Return the level in words, with the side of the range: act now, high."""
        self.ensure_one()
        parts = [get_label(self, "level"), self.side and get_label(self, "side")]
        return ", ".join(part for part in parts if part).lower()
