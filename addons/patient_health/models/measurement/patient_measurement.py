from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from odoo.addons.patient_relations.tools.nullable import NullableFloat
from odoo.addons.patient_relations.tools.selections import get_label

from ..res_users import RECORD_GROUP

# The value, by the kind of the indicator.
VALUE_FIELDS = {
    "number": "value",
    "option": "option_id",
    "text": "text",
    "yes_no": "answer",
}
# What is written once: a mistake is corrected by a further row.
FIXED_FIELDS = frozenset(
    {
        "patient_id",
        "indicator_id",
        "effective_at",
        "unit_text",
        "source_text",
        "replaced_by_id",
        *VALUE_FIELDS.values(),
    }
)


class PatientMeasurement(models.Model):
    """One value of one indicator at one moment (FHIR Observation).

    The largest table of the suite: it has no messages, and all that lists, pivots and
    access rules ask for stands in columns of its own, filled in one pass over the rows
    that arrive.
    """

    _name = "patient.measurement"
    _inherit = ["patient.health.part", "patient.pivot.mixin"]
    _description = "Measurement"
    _order = "effective_at desc, id desc"
    _month_fields = frozenset({"effective_month"})
    # What is worked out here, never given.
    _server_fields = frozenset(
        {
            "company_id",
            "category",
            "effective_month",
            "is_sensitive",
            "level",
            "side",
            "state",
        }
    )

    patient_id = fields.Many2one(groups=RECORD_GROUP)
    indicator_id = fields.Many2one(
        comodel_name="patient.indicator", required=True, index=True, ondelete="restrict"
    )
    effective_at = fields.Datetime(
        string="Measured On", required=True, default=fields.Datetime.now
    )
    # value
    value = NullableFloat(aggregator="avg", help="In the unit of the indicator.")
    option_id = fields.Many2one(
        comodel_name="patient.indicator.option",
        string="Choice",
        ondelete="restrict",
        index="btree_not_null",
    )
    text = fields.Text(groups=RECORD_GROUP)
    answer = fields.Selection(selection=[("yes", "Yes"), ("no", "No")])
    unit_text = fields.Char(
        string="Unit as Sent",
        help="The unit of a value given here, where it is not that of the indicator. It "
        "stays where the value cannot be converted, or is not plausible.",
    )
    source_text = fields.Char(
        string="As Sent",
        readonly=True,
        help="Number and unit before the conversion.",
    )
    value_label = fields.Char(
        compute="_compute_value_label",
        string="Shown Value",
        groups=RECORD_GROUP,
    )
    unit_label = fields.Char(related="indicator_id.unit_label")
    # meaning
    level = fields.Selection(
        selection=[
            ("unknown", "Without Range"),
            ("normal", "Normal"),
            ("abnormal", "Abnormal"),
            ("act", "Act"),
            ("critical", "Act Now"),
        ],
        readonly=True,
        help="By the ranges that were in force when the value arrived.",
    )
    side = fields.Selection(selection=[("low", "Low"), ("high", "High")], readonly=True)
    # where
    encounter_id = fields.Many2one(
        comodel_name="patient.encounter",
        string="Visit",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        groups=RECORD_GROUP,
    )
    department_id = fields.Many2one(index=True)
    # facts for lists, pivots and access
    category = fields.Selection(related="indicator_id.category", store=False)
    effective_month = fields.Date(string="Month", readonly=True)
    is_sensitive = fields.Boolean(readonly=True)
    # origin
    origin = fields.Selection(
        selection=[
            ("hand", "By Hand"),
            ("file", "From a File"),
            ("exchange", "From Another System"),
            ("derived", "Calculated"),
            ("patient", "By the Patient"),
        ],
        default="hand",
        required=True,
    )
    source_system = fields.Char(groups=RECORD_GROUP)
    source_id = fields.Char(groups=RECORD_GROUP)
    # corrections
    active = fields.Boolean(default=True)
    state = fields.Selection(
        selection=[
            ("final", "Valid"),
            ("replaced", "Corrected"),
            ("error", "Entered in Error"),
        ],
        default="final",
        readonly=True,
        required=True,
    )
    replaced_by_id = fields.Many2one(
        comodel_name="patient.measurement",
        string="Valid Value",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    former_ids = fields.One2many(
        comodel_name="patient.measurement",
        inverse_name="replaced_by_id",
        string="Former Values",
        context={"active_test": False},
    )
    reason = fields.Char(
        string="Reason of the Correction", readonly=True, groups=RECORD_GROUP
    )

    _trend_idx = models.Index("(patient_id, indicator_id, effective_at DESC)")
    _order_idx = models.Index("(effective_at DESC, id DESC)")
    _fact_idx = models.Index(
        "(company_id, effective_month, department_id, indicator_id)"
    )
    _source_uniq = models.UniqueIndex(
        "(company_id, source_system, source_id) WHERE source_id IS NOT NULL",
        "This value of the source system is in the record already.",
    )
    _value_check = models.Constraint(
        "CHECK(num_nonnulls(value, option_id, text, answer) = 1)",
        "A measurement has one value: a number, a choice, a text, or yes or no.",
    )
    _state_check = models.Constraint(
        "CHECK(active = (state = 'final')"
        " AND (state = 'replaced') = (replaced_by_id IS NOT NULL))",
        "What was corrected is kept out of sight, and only that.",
    )

    @api.depends("value", "option_id", "text", "answer", "unit_text", "indicator_id")
    def _compute_value_label(self):
        for measurement in self:
            measurement.value_label = measurement._get_value_label()

    @api.depends("indicator_id", "effective_at")
    def _compute_display_name(self):
        for measurement in self:
            moment = format_datetime(
                self.env, measurement.effective_at, dt_format="short"
            )
            name = measurement.indicator_id.name or ""
            measurement.display_name = f"{name} · {moment}" if moment else name

    # CRUD

    def write(self, vals):
        if not self.env.su:
            self._refuse_server_fields([vals])
            if FIXED_FIELDS & vals.keys():
                self._refuse_change()
        return super().write(vals)

    # BUSINESS

    @api.model
    def _get_server_fields_text(self, names):
        return self.env._(
            "What a value means is worked out from its indicator and its patient. Leave "
            "it out: %(names)s.",
            names=", ".join(names),
        )

    def _refuse_change(self):
        for measurement in self[:1]:
            raise UserError(
                self.env._(
                    "“%(measurement)s” stays as it was entered. Use “Correct”: the new "
                    "value counts, the former one stays in the record.",
                    measurement=measurement.display_name,
                )
            )

    # TOOLS

    def _get_value_label(self):
        """Return the value as people write it, with its unit."""
        self.ensure_one()
        if self.value is not False:
            return self.indicator_id._format_value(self.value)
        if self.answer:
            return get_label(self, "answer")
        return self.option_id.name or self.text or ""
