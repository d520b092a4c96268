from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.patient_relations.tools.nullable import NullableFloat
from odoo.addons.patient_relations.tools.selections import get_label

from ...tools.goals import is_reached


class PatientIntervention(models.Model):
    """What came of the advice, worked out from measurements."""

    _inherit = "patient.intervention"

    baseline_value = NullableFloat(
        compute="_compute_result",
        string="At the Start",
        digits=(16, 4),
        aggregator=None,
        help="The last value until the end of the first day.",
    )
    latest_value = NullableFloat(
        compute="_compute_result",
        string="Latest",
        digits=(16, 4),
        aggregator=None,
        help="The last value after the first day, until the end of the period.",
    )
    result = fields.Selection(
        selection=[
            ("reached", "Goal Reached"),
            ("not_reached", "Goal Not Reached"),
            ("no_data", "No Data"),
        ],
        compute="_compute_result",
        help="By the latest value of the period. Empty where there is no target.",
    )

    @api.depends("indicator_id", "target_low", "target_high", "date_start", "date_end")
    def _compute_result(self):
        values = self._find_values()
        for intervention in self:
            baseline, latest = values.get(intervention._origin.id, (None, None))
            intervention.baseline_value = baseline
            intervention.latest_value = latest
            intervention.result = intervention._judge(latest)

    # BUSINESS

    def _judge(self, value):
        """Return the result for the latest value (None where there is none)."""
        self.ensure_one()
        low, high = (
            None if self[name] is False else self[name]
            for name in ("target_low", "target_high")
        )
        if not self.indicator_id or (low is None and high is None):
            return False
        if value is None:
            return "no_data"
        number = round(value, self.indicator_id.decimals)
        return "reached" if is_reached(number, low, high) else "not_reached"

    def _find_values(self):
        """Return id → (value at the start, latest value); None where there is none.

        One query for all. Whoever sees the advice sees its values: the rules are the same.
        """
        keys = [
            (one.id, one.patient_id.id, one.indicator_id.id, *one._get_moments())
            for one in self._origin
            if one.indicator_id and one.date_start
        ]
        if not keys:
            return {}
        self.env["patient.measurement"].flush_model()
        pick = (
            "(SELECT value FROM patient_measurement AS one"
            " WHERE one.patient_id = key.patient_id"
            " AND one.indicator_id = key.indicator_id"
            " AND one.active AND one.value IS NOT NULL"
        )
        rows = self.env.cr.execute_values(
            "SELECT key.id, "
            + pick
            + " AND one.effective_at < key.begins_at::timestamp"
            " ORDER BY effective_at DESC, id DESC LIMIT 1), "
            + pick
            + " AND one.effective_at >= key.begins_at::timestamp"
            " AND one.effective_at < key.ends_at::timestamp"
            " ORDER BY effective_at DESC, id DESC LIMIT 1)"
            " FROM (VALUES %s) AS key (id, patient_id, indicator_id, begins_at, ends_at)",
            keys,
            fetch=True,
        )
        return {key: (baseline, latest) for key, baseline, latest in rows}

    def _get_moments(self):
        """Return when the first day ends, and when the last does (naive UTC)."""
        self.ensure_one()
        company = self.company_id
        tomorrow = self.date_start + timedelta(days=1)
        last = self.date_end or company._patient_today()
        return (
            company._patient_midnight(tomorrow),
            company._patient_midnight(max(last, self.date_start) + timedelta(days=1)),
        )

    def _get_target_label(self):
        """Return the target as people write it, with its unit; empty where none."""
        self.ensure_one()
        low, high = (
            self[name] is not False and self.indicator_id._format_value(self[name])
            for name in ("target_low", "target_high")
        )
        if low and high:
            return f"{low} – {high}"
        return (low and f"≥ {low}") or (high and f"≤ {high}") or ""

    def _get_result_label(self):
        """Return the result in words, with both values."""
        self.ensure_one()
        parts = [
            self.indicator_id._format_value(value)
            for value in (self.baseline_value, self.latest_value)
            if value is not False
        ]
        values = " → ".join(parts)
        label = get_label(self, "result")
        return f"{label} ({values})" if label and values else label or values
