from odoo import api, fields, models

from odoo.addons.patient_relations.tools.nullable import NullableFloat

from ..models.measurement.patient_measurement import VALUE_FIELDS


class PatientMeasurementCorrect(models.TransientModel):
    """Asks for the better value and the reason; the former value stays in the record."""

    _name = "patient.measurement.correct"
    _description = "Correct a Measurement"

    measurement_id = fields.Many2one(
        comodel_name="patient.measurement", required=True, readonly=True
    )
    indicator_id = fields.Many2one(related="measurement_id.indicator_id")
    value_kind = fields.Selection(related="indicator_id.value_kind")
    unit_label = fields.Char(related="indicator_id.unit_label")
    former = fields.Char(string="Value until Now", related="measurement_id.value_label")
    is_error = fields.Boolean(
        string="Entered in Error",
        help="There was no such measurement: it belongs to another patient, or never was.",
    )
    value = NullableFloat(compute="_compute_values", store=True, readonly=False)
    option_id = fields.Many2one(
        comodel_name="patient.indicator.option",
        string="Choice",
        compute="_compute_values",
        store=True,
        readonly=False,
        domain="[('indicator_id', '=', indicator_id)]",
    )
    text = fields.Text(compute="_compute_values", store=True, readonly=False)
    answer = fields.Selection(
        selection=[("yes", "Yes"), ("no", "No")],
        compute="_compute_values",
        store=True,
        readonly=False,
    )
    effective_at = fields.Datetime(
        string="Measured On", compute="_compute_values", store=True, readonly=False
    )
    reason = fields.Char(help="Stays in the record beside the former value.")

    @api.depends("measurement_id")
    def _compute_values(self):
        for wizard in self:
            for name in (*VALUE_FIELDS.values(), "effective_at"):
                wizard[name] = wizard.measurement_id[name]

    # ACTIONS

    def action_confirm(self):
        self.ensure_one()
        measurement = self.measurement_id
        if self.is_error:
            measurement._void(self.reason)
        else:
            name = VALUE_FIELDS[self.value_kind]
            value = self[name].id if name == "option_id" else self[name]
            measurement._correct(
                {name: value, "effective_at": self.effective_at}, self.reason
            )
        return {"type": "ir.actions.act_window_close"}
