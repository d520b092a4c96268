from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.patient_relations.tools.nullable import NullableFloat

from ...tools import units
from ...tools.indicator_facts import IndicatorFacts

LOINC = "http://loinc.org"


class PatientIndicator(models.Model):
    """What can be measured or observed of a patient: one line of the health record.

    SPECIFICATIONS:
    - Blood pressure is two indicators; what is calculated from others has a derivation.
    - Numbers are kept in one unit (UCUM); others are converted on arrival.
    - What a number means is said by its ranges, never by code.
    """

    _name = "patient.indicator"
    _description = "Health Indicator"
    _order = "category, sequence, id"
    _rec_names_search = ["name", "code", "loinc_code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="A short name without spaces, for templates of imports and for scores.",
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=100)
    category = fields.Selection(
        selection=[
            ("vital", "Vital Signs"),
            ("body", "Body Measures"),
            ("glucose", "Blood Glucose"),
            ("lipids", "Blood Lipids"),
            ("kidney", "Kidney"),
            ("liver", "Liver"),
            ("electrolytes", "Electrolytes"),
            ("blood", "Blood Count"),
            ("heart", "Heart"),
            ("urine", "Urine"),
            ("mind", "Mind"),
            ("lifestyle", "Way of Life"),
            ("other", "Other"),
        ],
        default="other",
        required=True,
    )
    # what it is
    loinc_code = fields.Char(string="LOINC", help="Code in the catalogue of LOINC.")
    code_ids = fields.One2many(
        "patient.indicator.code", "indicator_id", string="Other Codes"
    )
    value_kind = fields.Selection(
        selection=[
            ("number", "Number"),
            ("option", "Choice"),
            ("text", "Text"),
            ("yes_no", "Yes or No"),
        ],
        default="number",
        required=True,
    )
    option_ids = fields.One2many(
        "patient.indicator.option", "indicator_id", string="Choices"
    )
    # numbers
    unit_code = fields.Char(string="Unit", help="The unit as UCUM writes it: mm[Hg].")
    unit_text = fields.Char(
        string="Unit on Screens", translate=True, help="How people write it: mmHg."
    )
    unit_label = fields.Char(compute="_compute_unit_label", string="Shown Unit")
    decimals = fields.Integer(default=1, help="Digits after the point.")
    plausible_low = NullableFloat(
        string="Lowest Plausible",
        help="Smaller numbers are refused: they are mistakes of typing or of the unit.",
    )
    plausible_high = NullableFloat(
        string="Highest Plausible", help="Greater numbers are refused."
    )
    better = fields.Selection(
        selection=[
            ("lower", "Lower Is Better"),
            ("higher", "Higher Is Better"),
            ("within", "Within the Normal Range"),
        ],
        default="within",
        required=True,
        help="In which direction a change is an improvement.",
    )
    molar_mass = NullableFloat(
        string="Molar Mass (g/mol)",
        help="Lets mg/dL become mmol/L. Leave it empty for what is no single substance.",
    )
    unit_ids = fields.One2many(
        "patient.indicator.unit", "indicator_id", string="Conversions"
    )
    derivation = fields.Selection(
        selection=[
            ("bmi", "Body Mass Index"),
            ("egfr", "Filtration Rate (CKD-EPI 2021)"),
        ],
        help="Calculated from others when they are entered by hand or from a file.",
    )
    # meaning
    range_ids = fields.One2many(
        "patient.indicator.range", "indicator_id", string="Reference Ranges"
    )
    is_sensitive = fields.Boolean(
        string="Sensitive",
        help="Read only by people with the right to sensitive values: mind, infections "
        "that carry a stigma.",
    )
    is_reviewed = fields.Boolean(
        string="Reviewed",
        default=True,
        help="Off for what another system has sent and nobody has looked at yet.",
    )
    source = fields.Char(help="Where ranges and definition come from.")

    _code_uniq = models.UniqueIndex(
        "(code)", "Another indicator has this code already."
    )
    _loinc_uniq = models.UniqueIndex(
        "(loinc_code) WHERE loinc_code IS NOT NULL",
        "Another indicator has this LOINC code already.",
    )
    _plausible_check = models.Constraint(
        "CHECK(plausible_low IS NULL OR plausible_high IS NULL"
        " OR plausible_low < plausible_high)",
        "The lowest plausible number is smaller than the highest.",
    )
    _decimals_check = models.Constraint(
        "CHECK(decimals BETWEEN 0 AND 6)", "A number has between 0 and 6 decimals."
    )

    @api.depends("unit_text", "unit_code")
    def _compute_unit_label(self):
        for indicator in self:
            unit = indicator.unit_code or ""
            # UCUM writes what is counted without a unit in braces: {score}
            told = unit if not unit.startswith("{") else ""
            indicator.unit_label = indicator.unit_text or told

    @api.constrains("unit_code")
    def _check_unit_code(self):
        for indicator in self.filtered("unit_code"):
            if not units.is_unit(indicator.unit_code):
                raise ValidationError(
                    self.env._(
                        "“%(unit)s” is no unit that UCUM knows, for %(indicator)s. "
                        "Write it as in UCUM: mm[Hg], mmol/L, 10*9/L.",
                        unit=indicator.unit_code,
                        indicator=indicator.name,
                    )
                )

    # CRUD: facts are kept in memory

    @api.model_create_multi
    def create(self, vals_list):
        indicators = super().create(vals_list)
        self.env.registry.clear_cache()
        return indicators

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        if "is_sensitive" in vals:
            self._hide_or_show(bool(vals["is_sensitive"]))
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_measured(self):
        # sudo: patient.measurement: whether there are any, in every hospital
        measured = (
            self.env["patient.measurement"].sudo().with_context(active_test=False)
        )
        for indicator in self:
            if measured.search_count([("indicator_id", "=", indicator.id)], limit=1):
                raise UserError(
                    self.env._(
                        "“%(indicator)s” has measurements and cannot be deleted. Archive "
                        "it instead.",
                        indicator=indicator.name,
                    )
                )

    # ACTIONS

    def action_reclassify(self):
        """Judge all valid values anew, by the ranges as they are now."""
        self.check_access("write")
        self.env["patient.measurement"]._reclassify([("indicator_id", "in", self.ids)])

    # BUSINESS

    @api.model
    def _find_by_code(self, system, code):
        """Return the indicator of a code of another system, archived ones included."""
        indicator_id = self._get_code_map().get((system, code))
        return self.browse(indicator_id)

    @api.model
    @tools.ormcache()
    def _get_code_map(self):
        """Return (system, code) → indicator id."""
        # sudo: patient.indicator, its codes: a table of facts for every exchange
        everything = self.sudo().with_context(active_test=False)
        known = {
            (LOINC, indicator.loinc_code): indicator.id
            for indicator in everything.search([("loinc_code", "!=", False)])
        }
        codes = everything.env["patient.indicator.code"]
        for code in codes.search([]):  # pylint: disable=no-search-all
            known[code.system, code.code] = code.indicator_id.id
        return known

    def _format_value(self, value):
        """Return a number as people write it, with its unit."""
        self.ensure_one()
        number = f"{value:.{self.decimals}f}"
        return f"{number} {self.unit_label}" if self.unit_label else number

    def _hide_or_show(self, is_sensitive):
        """Let past values follow, whoever sees them: one statement for all."""
        measurements = self.env["patient.measurement"]
        measurements.flush_model(["is_sensitive", "indicator_id"])
        self.env.cr.execute(
            SQL(
                "UPDATE patient_measurement SET is_sensitive = %s"
                " WHERE indicator_id IN %s AND is_sensitive IS DISTINCT FROM %s",
                is_sensitive,
                tuple(self.ids) or (0,),
                is_sensitive,
            )
        )
        measurements.invalidate_model(["is_sensitive"])

    # TOOLS

    def _get_facts(self):
        """Return the ``IndicatorFacts`` of one indicator."""
        self.ensure_one()
        return self._get_all_facts()[self.id]

    @api.model
    @tools.ormcache()
    def _get_all_facts(self):
        """Return indicator id → ``IndicatorFacts``; the names in the source language."""
        # sudo: patient.indicator: definitions, the same for everybody
        everything = self.sudo().with_context(active_test=False, lang=None)
        everything = everything.search([])  # pylint: disable=no-search-all
        return {
            indicator.id: IndicatorFacts(
                id=indicator.id,
                name=indicator.name,
                code=indicator.code,
                kind=indicator.value_kind,
                unit=indicator.unit_code or "",
                decimals=indicator.decimals,
                plausible=(
                    indicator._get_line("plausible_low"),
                    indicator._get_line("plausible_high"),
                ),
                molar_mass=indicator._get_line("molar_mass"),
                is_sensitive=indicator.is_sensitive,
                bands=tuple(line._get_band() for line in indicator.range_ids),
                options={
                    option.id: option.level or "unknown"
                    for option in indicator.option_ids
                },
                conversions={
                    line.unit_code: (line.factor, line.offset)
                    for line in indicator.unit_ids
                },
            )
            for indicator in everything
        }

    def _get_line(self, name):
        value = self[name]
        return None if value is False or value is None else value
