from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from odoo.addons.patient_relations.tools.nullable import NullableFloat
from odoo.addons.patient_relations.tools.selections import get_label

from ...tools.bands import classify
from ...tools.indicator_facts import convert_by_facts
from ...tools.units import UnitError
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
# What a former value does not take over from the valid one.
FORMER_FIELDS = frozenset(
    {
        "id",
        "active",
        "state",
        "replaced_by_id",
        "reason",
        "source_system",
        "source_id",
        "write_uid",
        "write_date",
    }
)


class PatientMeasurement(models.Model):
    """One value of one indicator at one moment (FHIR Observation).

    The largest table of the suite: it has no messages, and all that lists, pivots and
    access rules ask for stands in columns of its own, filled in one pass over the rows
    that arrive.
    """

    _name = "patient.measurement"
    _inherit = "patient.health.part"
    _description = "Measurement"
    _order = "effective_at desc, id desc"
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

    @api.model_create_multi
    def create(self, vals_list):
        measurements = super().create(vals_list)
        derived = self._prepare_derived(measurements)
        if derived:
            self.create(list(derived.values()))
        return measurements

    def write(self, vals):
        if not self.env.su:
            self._refuse_server_fields([vals])
            if FIXED_FIELDS & vals.keys():
                self._refuse_change()
        return super().write(vals)

    # ACTIONS

    def action_correct(self):
        """Open the dialog that corrects this value, or says that it was a mistake."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_measurement_correct_action"
        )
        return {**action, "context": {"default_measurement_id": self.id}}

    # BUSINESS

    def _correct(self, vals, reason):
        """Put a better value in the place of this one; see ``_correct_all``.

        :param dict vals: the value, and what else is different
        """
        self.ensure_one()
        self._correct_all([vals], reason)

    def _correct_all(self, vals_list, reason):
        """Put better values in the place of these; the former ones stay in the record.

        The rows keep their ids, so what points to them stays right; copies with the
        former values and the reason are kept out of sight beside them. As many queries
        for a hundred as for one.

        :param list vals_list: the values of each row, and what else is different
        """
        self._check_correction(reason)
        self._keep_former(reason)
        # sudo: patient.measurement: what the rows know of themselves; only a correction
        # changes a value
        rows_sudo = self.sudo()
        completed = [
            row_sudo._prepare_corrected(vals)
            for row_sudo, vals in zip(rows_sudo, vals_list, strict=True)
        ]
        self._complete_vals(completed)
        for row_sudo, vals in zip(rows_sudo, completed, strict=True):
            row_sudo.write(vals)

    def _prepare_corrected(self, vals):
        """Return all that a correction writes: one value, and nothing of the former."""
        self.ensure_one()
        return {
            **dict.fromkeys(VALUE_FIELDS.values()),
            "patient_id": self.patient_id.id,
            "indicator_id": self.indicator_id.id,
            "effective_at": self.effective_at,
            "unit_text": None,
            **vals,
            "side": None,
            "source_text": None,
        }

    def _void(self, reason):
        """Say that these values were entered in error; they stay in the record."""
        self._check_correction(reason)
        # sudo: patient.measurement: only a correction ends a value
        self.sudo().write({"state": "error", "active": False, "reason": reason.strip()})

    def _check_correction(self, reason):
        """Refuse corrections without a right or a reason, or of what is not valid."""
        self.check_access("write")
        self._lock_valid()
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "Say why “%(measurement)s” is corrected. The former value and the "
                    "reason stay in the record.",
                    measurement=self[:1].display_name,
                )
            )

    def _keep_former(self, reason):
        """Copy the rows as they are, as former values of themselves; one statement."""
        self.flush_recordset()
        columns = SQL(", ").join(
            SQL.identifier(name)
            for name, field in self._fields.items()
            if field.store and field.column_type and name not in FORMER_FIELDS
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO patient_measurement"
                " (%(columns)s, active, state, replaced_by_id, reason, write_uid, write_date)"
                " SELECT %(columns)s, FALSE, 'replaced', id, %(reason)s, %(uid)s, %(now)s"
                " FROM patient_measurement WHERE id IN %(ids)s",
                columns=columns,
                reason=reason.strip(),
                uid=self.env.uid,
                now=fields.Datetime.now(),
                ids=tuple(self.ids),
            )
        )
        self.invalidate_recordset(["former_ids"])

    def _lock_valid(self):
        """Lock the rows, and refuse what has been corrected meanwhile."""
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        for measurement in self:
            if measurement.state != "final":
                raise UserError(
                    self.env._(
                        "“%(measurement)s” has been corrected already (%(state)s). Open "
                        "the valid value.",
                        measurement=measurement.display_name,
                        state=get_label(measurement, "state").lower(),
                    )
                )

    @api.model
    def _reclassify(self, domain):
        """Judge valid numbers anew, by the ranges in force and the patient's facts."""
        numbers = self.search(Domain(domain) & Domain("value", "!=", False))
        numbers.fetch(["patient_id", "indicator_id", "effective_at", "value", "level"])
        facts = self.env["patient.indicator"]._get_all_facts()
        places = {}
        for measurement in numbers:
            patient, moment = measurement.patient_id, measurement.effective_at
            found = self._judge_number(
                facts[measurement.indicator_id.id],
                patient,
                patient.company_id._patient_local_date(moment),
                measurement.value,
            )
            if found != (measurement.level, measurement.side or None):
                places.setdefault(found, []).append(measurement.id)
        for (level, side), ids in places.items():
            # sudo: patient.measurement: the meaning follows from the ranges
            self.browse(ids).sudo().write({"level": level, "side": side})

    # what arrives

    @api.model
    def _complete_vals(self, vals_list):
        """Add what lists, pivots and rules ask for as well.

        One pass, without a query per row.

        :raise UserError: where a number is not plausible, or no value is given
        """
        facts = self.env["patient.indicator"]._get_all_facts()
        # sudo: patient.patient, patient.encounter: sex, age and department, for whoever
        # may enter values; access to the rows is checked by their rules
        patients_sudo = self.env["patient.patient"].sudo()
        encounters_sudo = self.env["patient.encounter"].sudo()
        patients_sudo.browse(
            {vals["patient_id"] for vals in vals_list if vals.get("patient_id")}
        ).fetch(["company_id", "birth_date", "gender"])
        encounters_sudo.browse(
            {vals["encounter_id"] for vals in vals_list if vals.get("encounter_id")}
        ).fetch(["department_id"])
        super()._complete_vals(vals_list)
        now = fields.Datetime.now()
        for vals in vals_list:
            patient = patients_sudo.browse(vals.get("patient_id"))
            indicator = facts.get(vals.get("indicator_id"))
            moment = fields.Datetime.to_datetime(vals.get("effective_at")) or now
            vals["effective_at"] = moment
            if not patient or not indicator:
                continue  # the database names the missing column
            day = patient.company_id._patient_local_date(moment)
            vals["effective_month"] = day.replace(day=1)
            vals["is_sensitive"] = indicator.is_sensitive
            if not vals.get("department_id") and vals.get("encounter_id"):
                encounter = encounters_sudo.browse(vals["encounter_id"])
                vals["department_id"] = encounter.department_id.id
            self._complete_value(vals, indicator, patient, day)

    @api.model
    def _complete_value(self, vals, facts, patient, day):
        """Convert, check and judge one value of a day; see ``_complete_vals``."""
        number = vals.get("value")
        if number is not None and number is not False:
            self._complete_number(vals, facts, patient, day)
        elif vals.get("option_id"):
            vals["level"] = facts.options.get(vals["option_id"], "unknown")
        else:
            vals["level"] = "unknown"
            if not vals.get("text") and not vals.get("answer"):
                self._refuse_empty(facts, patient)

    @api.model
    def _complete_number(self, vals, facts, patient, day):
        number, unit = vals["value"], vals.get("unit_text")
        if unit and unit != facts.unit:
            vals["source_text"] = f"{number:g} {unit}"
            try:
                number = convert_by_facts(facts, number, unit)
            except UnitError:
                self._keep_as_text(vals, unit)
                return
            vals.update(value=number, unit_text=False)
        if not facts.is_plausible(number) and vals.get("origin") == "exchange":
            self._keep_as_text(vals, unit or facts.unit)
            return
        self._check_plausible(facts, patient, number)
        vals["level"], vals["side"] = self._judge_number(facts, patient, day, number)

    @api.model
    def _keep_as_text(self, vals, unit):
        """Keep a number that cannot be understood as it came, without a meaning.

        It is listed for whoever looks after the indicators, and lost by nobody.
        """
        sent = vals.get("source_text") or f"{vals['value']:g} {unit}".strip()
        vals.update(
            value=None,
            text=sent,
            unit_text=unit or "?",
            level="unknown",
            source_text=sent,
        )

    @api.model
    def _judge_number(self, facts, patient, day, number):
        """Return (level, side) of a number of a patient on a day of the hospital."""
        if not facts.bands:
            return "unknown", None
        band = facts.choose_band(patient.gender, patient.birth_date, day)
        # as people write it: 6.04 is 6.0 to a range that ends at 6.0
        return classify(band, round(number, facts.decimals))

    # refusals

    @api.model
    def _check_plausible(self, facts, patient, number):
        if facts.is_plausible(number):
            return
        low, high = facts.plausible
        indicator = self.env["patient.indicator"].browse(facts.id)
        raise UserError(
            self.env._(
                "%(indicator)s of %(patient)s: %(value)s is not plausible. Expected is "
                "from %(low)s to %(high)s. Check the number and its unit.",
                indicator=indicator.name,
                patient=patient.display_name,
                value=indicator._format_value(number),
                low="−∞" if low is None else indicator._format_value(low),
                high="∞" if high is None else indicator._format_value(high),
            )
        )

    @api.model
    def _refuse_empty(self, facts, patient):
        raise UserError(
            self.env._(
                "%(indicator)s of %(patient)s has no value. Enter one, or leave the line "
                "out.",
                indicator=self.env["patient.indicator"].browse(facts.id).name,
                patient=patient.display_name,
            )
        )

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
