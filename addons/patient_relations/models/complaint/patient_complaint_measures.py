from odoo import api, fields, models
from odoo.tools import SQL

_PERCENTILES = {"median": 0.5, "p90": 0.9}
_STAGES = ("acknowledge", "respond", "close")
# Measure → what it is, of the columns that it names. Each counts only what is known.
_SHARES = {
    "reopened_share": (
        "100.0 * AVG(CASE WHEN %(reopen_count)s > 0 THEN 1 ELSE 0 END)",
        ("reopen_count",),
    ),
    "repeated_share": (
        """100.0 * AVG(CASE WHEN %(kind)s != 'complaint' THEN NULL
                            WHEN %(repeat_number)s > 1 THEN 1 ELSE 0 END)""",
        ("kind", "repeat_number"),
    ),
    "satisfaction_mean": (
        """AVG(CASE WHEN %(satisfaction)s IN ('1', '2', '3', '4', '5')
                    THEN %(satisfaction)s::int END)""",
        ("satisfaction",),
    ),
    "satisfied_share": (
        """100.0 * AVG(CASE WHEN %(satisfaction)s IN ('4', '5') THEN 1
                            WHEN %(satisfaction)s IN ('1', '2', '3') THEN 0 END)""",
        ("satisfaction",),
    ),
}


class PatientComplaint(models.Model):
    """Measures of the handling for pivots: medians, 90th percentiles and shares.

    None is stored. Over a group PostgreSQL calculates them from the columns of the
    complaints; of one complaint they are its own numbers.
    """

    _inherit = "patient.complaint"

    median_hours_to_acknowledge = fields.Float(
        compute="_compute_measures",
        digits=(16, 1),
        aggregator="avg",
        string="Hours to Acknowledge (Median)",
    )
    median_hours_to_respond = fields.Float(
        compute="_compute_measures",
        digits=(16, 1),
        aggregator="avg",
        string="Hours to Respond (Median)",
    )
    median_hours_to_close = fields.Float(
        compute="_compute_measures",
        digits=(16, 1),
        aggregator="avg",
        string="Hours to Close (Median)",
    )
    p90_hours_to_acknowledge = fields.Float(
        compute="_compute_measures",
        digits=(16, 1),
        aggregator="avg",
        string="Hours to Acknowledge (9 of 10 within)",
    )
    p90_hours_to_respond = fields.Float(
        compute="_compute_measures",
        digits=(16, 1),
        aggregator="avg",
        string="Hours to Respond (9 of 10 within)",
    )
    p90_hours_to_close = fields.Float(
        compute="_compute_measures",
        digits=(16, 1),
        aggregator="avg",
        string="Hours to Close (9 of 10 within)",
    )
    reopened_share = fields.Float(
        compute="_compute_measures",
        digits=(16, 1),
        aggregator="avg",
        string="Reopened (%)",
    )
    repeated_share = fields.Float(
        compute="_compute_measures",
        digits=(16, 1),
        aggregator="avg",
        string="Repeated (%)",
        help="Share of the complaints that were not the first one of their person.",
    )
    satisfaction_mean = fields.Float(
        compute="_compute_measures",
        digits=(16, 2),
        aggregator="avg",
        string="Satisfaction (Mean of 1–5)",
        help="Over the answers only: not over those who were not asked, not reached or "
        "did not want to say.",
    )
    satisfied_share = fields.Float(
        compute="_compute_measures",
        digits=(16, 1),
        aggregator="avg",
        string="Satisfied (%)",
        help="Share of the answers “satisfied” and “very satisfied” among all answers.",
    )

    @api.depends(
        "hours_to_acknowledge",
        "hours_to_respond",
        "hours_to_close",
        "kind",
        "reopen_count",
        "repeat_number",
        "satisfaction",
    )
    def _compute_measures(self):
        for complaint in self:
            for stage in _STAGES:
                for prefix in _PERCENTILES:
                    hours = complaint[f"hours_to_{stage}"]
                    complaint[f"{prefix}_hours_to_{stage}"] = hours
            answer = complaint.satisfaction or ""
            repeated = complaint.kind == "complaint" and complaint.repeat_number > 1
            complaint.reopened_share = 100 * bool(complaint.reopen_count)
            complaint.repeated_share = 100 * repeated
            complaint.satisfaction_mean = int(answer) if answer.isdecimal() else 0
            complaint.satisfied_share = 100 * (answer in ("4", "5"))

    # TOOLS

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Calculate a measure of a group; NULL where nothing is known, never 0."""
        measure, _colon, function = aggregate_spec.partition(":")
        if function != "avg":
            return super()._read_group_select(aggregate_spec, query)
        if measure in _SHARES:
            return self._get_share_sql(measure, query)
        prefix, _hours, stage = measure.partition("_hours_to_")
        if prefix in _PERCENTILES and stage in _STAGES:
            return SQL(
                "PERCENTILE_CONT(%s) WITHIN GROUP (ORDER BY %s)",
                _PERCENTILES[prefix],
                self._field_to_sql(self._table, f"hours_to_{stage}", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _get_share_sql(self, measure, query):
        code, columns = _SHARES[measure]
        return SQL(
            code,
            **{name: self._field_to_sql(self._table, name, query) for name in columns},
        )
