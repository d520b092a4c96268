from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.patient_relations.tools.nullable import NullableFloat

from ...models.measurement.patient_measurement import VALUE_FIELDS
from ...tools.ranges import write_range


class PatientMeasurementEntryLine(models.TransientModel):
    """One row of the grid: an indicator, what is known of it, and the value typed."""

    _name = "patient.measurement.entry.line"
    _description = "Value to Enter"
    _order = "entry_id, sequence, id"
    _rec_name = "indicator_id"

    entry_id = fields.Many2one(
        comodel_name="patient.measurement.entry",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer()
    indicator_id = fields.Many2one(comodel_name="patient.indicator", required=True)
    value_kind = fields.Selection(related="indicator_id.value_kind")
    unit_label = fields.Char(related="indicator_id.unit_label")
    # what is typed
    value = NullableFloat()
    option_id = fields.Many2one(
        comodel_name="patient.indicator.option",
        string="Choice",
        domain="[('indicator_id', '=', indicator_id)]",
    )
    text = fields.Char()
    answer = fields.Selection(selection=[("yes", "Yes"), ("no", "No")])
    # what is known
    last_label = fields.Char(
        compute="_compute_last_label",
        string="Last Value",
        help="The last value known at that moment, and its day.",
    )
    range_label = fields.Char(
        compute="_compute_ranges", string="Normal Range", help="For sex and age."
    )
    range_help = fields.Char(compute="_compute_ranges", string="Lines in Words")
    level = fields.Selection(
        selection=[
            ("unknown", "Without Range"),
            ("normal", "Normal"),
            ("abnormal", "Abnormal"),
            ("act", "Act"),
            ("critical", "Act Now"),
            ("implausible", "Not Plausible"),
        ],
        compute="_compute_level",
        help="What the value means, while it is typed.",
    )
    side = fields.Selection(
        selection=[("low", "Low"), ("high", "High")], compute="_compute_level"
    )

    @api.depends("indicator_id", "entry_id.patient_id", "entry_id.effective_at")
    def _compute_last_label(self):
        for entry, lines in self.grouped("entry_id").items():
            latest = entry._get_last_values(lines.indicator_id) if entry else {}
            for line in lines:
                measurement = latest.get(line.indicator_id)
                line.last_label = measurement and line._write_last(measurement)

    @api.depends("indicator_id", "entry_id.patient_id", "entry_id.effective_at")
    def _compute_ranges(self):
        for line in self:
            indicator, band = line.indicator_id, line._get_band()
            unit = indicator.unit_label or ""
            line.range_label = band and write_range(band.normal_low, band.normal_high)
            line.range_help = band and indicator._explain_band(band, unit)

    @api.depends(
        "indicator_id",
        "value",
        "option_id",
        "entry_id.patient_id",
        "entry_id.effective_at",
    )
    def _compute_level(self):
        for line in self:
            line.level, line.side = line._judge()

    # BUSINESS

    def _check_plausible(self):
        """Refuse what cannot be, naming every row.

        :raise UserError: with one sentence a row
        """
        facts = self.env["patient.indicator"]._get_all_facts()
        refusals = []
        for line in self.filtered(lambda line: line.level == "implausible"):
            try:
                self.env["patient.measurement"]._check_plausible(
                    facts[line.indicator_id.id], line.entry_id.patient_id, line.value
                )
            except UserError as error:
                refusals.append(error.args[0])
        if refusals:
            refusals.append(self.env._("Nothing has been saved yet."))
            raise UserError("\n".join(refusals))

    def _prepare_measurement(self):
        self.ensure_one()
        entry = self.entry_id
        return {
            "patient_id": entry.patient_id.id,
            "indicator_id": self.indicator_id.id,
            "effective_at": entry.effective_at,
            "encounter_id": entry.encounter_id.id,
            "department_id": entry.department_id.id,
            "examination_id": entry.examination_id.id,
            **self._get_filled(),
        }

    def _get_filled(self):
        """Return the value of the kind of the indicator as a dict, empty if none."""
        self.ensure_one()
        kind = self.indicator_id.value_kind
        name = VALUE_FIELDS.get(kind)
        value = self._get_typed().get(name)
        if kind == "text":
            value = (value or "").strip()
        empty = value is False if kind == "number" else not value
        return {} if empty else {name: value}

    def _get_typed(self):
        """Return all that is typed in the row, as values for a new one."""
        self.ensure_one()
        return {
            name: self[name].id if name == "option_id" else self[name]
            for name in VALUE_FIELDS.values()
        }

    # TOOLS

    def _judge(self):
        """Return (level, side) of what is typed; (False, False) without a value."""
        self.ensure_one()
        if not self._get_filled() or not self.indicator_id:
            return False, False
        facts = self.indicator_id._get_facts()
        if facts.kind == "option":
            return facts.options.get(self.option_id.id, "unknown"), False
        if facts.kind != "number":
            return "unknown", False
        low, high = facts.plausible
        if (low is not None and self.value < low) or (
            high is not None and self.value > high
        ):
            return "implausible", "low" if high is None or self.value < high else "high"
        entry = self.entry_id
        if not entry.patient_id or not entry.effective_at:
            return "unknown", False
        return self.env["patient.measurement"]._judge_number(
            facts, entry.patient_id, entry._get_day(), self.value
        )

    def _get_band(self):
        self.ensure_one()
        entry = self.entry_id
        if not self.indicator_id or not entry.patient_id or not entry.effective_at:
            return None
        return self.indicator_id._get_band_of(entry.patient_id, entry.effective_at)

    def _write_last(self, measurement):
        day = measurement.company_id._patient_local_date(measurement.effective_at)
        return f"{measurement.value_label} · {format_date(self.env, day)}"
