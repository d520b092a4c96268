from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_datetime

from ...models.measurement.patient_measurement import VALUE_FIELDS

# How far the clock of a telephone may be ahead.
TOLERANCE = timedelta(minutes=10)
# Characters from which a name says whom it means.
ENOUGH_CHARACTERS = 2
# Rows that were filled before another set was chosen stay at the end.
LAST = 10_000


class PatientMeasurementEntry(models.TransientModel):
    """The grid: many values of one patient at one moment, saved together or not at all.

    The rows are the indicators of a set; empty ones are left out.
    """

    _name = "patient.measurement.entry"
    _description = "Values to Enter"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )
    # whose, when, where
    who = fields.Char(
        string="Find Patient",
        help="Two characters of the name, its initials, the record number, or the last "
        "four digits of the telephone.",
    )
    candidate_ids = fields.Many2many(
        comodel_name="patient.patient",
        compute="_compute_candidate_ids",
        string="Patients Found",
    )
    patient_id = fields.Many2one(
        comodel_name="patient.patient",
        compute="_compute_patient_id",
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id)]",
    )
    encounter_id = fields.Many2one(
        comodel_name="patient.encounter",
        string="Visit",
        compute="_compute_encounter_id",
        store=True,
        readonly=False,
        domain="[('patient_id', '=', patient_id)]",
    )
    department_id = fields.Many2one(
        comodel_name="hr.department",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
    )
    effective_at = fields.Datetime(
        string="Measured On", required=True, default=fields.Datetime.now
    )
    examination_id = fields.Many2one(
        comodel_name="patient.examination",
        string="Examination Report",
        help="The report that carries these values.",
    )
    # what
    set_id = fields.Many2one(
        comodel_name="patient.indicator.set",
        string="Values",
        required=True,
        default=lambda self: self.env["patient.indicator.set"].search([], limit=1),
    )
    line_ids = fields.One2many(
        comodel_name="patient.measurement.entry.line",
        inverse_name="entry_id",
        string="Rows",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    # what became of it
    is_for_one = fields.Boolean(help="Opened from a patient, and goes back there.")
    is_saved = fields.Boolean(
        readonly=True, help="A second click does not save the values again."
    )

    def _compute_display_name(self):
        self.display_name = self.env._("Enter Values")

    @api.depends("who", "company_id")
    def _compute_candidate_ids(self):
        for entry in self:
            text = (entry.who or "").strip()
            entry.candidate_ids = (
                self.env["patient.patient"]._find_meant(text, entry.company_id)
                if len(text) >= ENOUGH_CHARACTERS
                else False
            )

    @api.depends("encounter_id")
    def _compute_patient_id(self):
        for entry in self:
            entry.patient_id = entry.patient_id or entry.encounter_id.patient_id

    @api.depends("patient_id")
    def _compute_encounter_id(self):
        """Propose the latest visit of the patient."""
        latest = self.patient_id._get_last_encounters()
        for entry in self:
            if entry.encounter_id.patient_id != entry.patient_id:
                entry.encounter_id = latest.get(entry.patient_id)

    @api.depends("encounter_id")
    def _compute_department_id(self):
        for entry in self:
            entry.department_id = (
                entry.encounter_id.department_id or entry.department_id
            )

    @api.depends("set_id")
    def _compute_line_ids(self):
        for entry in self:
            entry.line_ids = [Command.clear(), *entry._prepare_lines()]

    # ACTIONS

    def action_save(self):
        """Save the values, and say what they mean."""
        return self._notify(self._save(), {"type": "ir.actions.act_window_close"})

    def action_save_next(self):
        """Save the values, and be ready for the next patient."""
        values = {"set_id": self.set_id.id}
        return self._notify(self._save(), self._get_action(values, target="main"))

    # BUSINESS

    @api.model
    def _get_action(self, values, target="current"):
        """Return the action that opens the grid.

        :param dict values: what is known beforehand; with a patient or visit the screen
            goes back to where it came from
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_health.patient_measurement_entry_action"
        )
        values = {**values, "is_for_one": "patient_id" in values}
        known = {name: value for name, value in values.items() if value}
        context = {f"default_{name}": value for name, value in known.items()}
        return {**action, "context": context, "target": target}

    def _save(self):
        """Create the measurements of all filled rows, in one batch; return them."""
        self.ensure_one()
        measurements = self.env["patient.measurement"]
        if self.is_saved:
            return measurements
        self._check_whose_and_when()
        lines = self.line_ids.filtered(lambda line: line._get_filled())
        if not lines:
            raise UserError(
                self.env._(
                    "There is no value to save. Enter at least one; rows without a value "
                    "are left out."
                )
            )
        lines._check_plausible()
        self.is_saved = True
        return measurements.create([line._prepare_measurement() for line in lines])

    def _check_whose_and_when(self):
        if not self.patient_id:
            raise UserError(
                self.env._("Choose the patient whose values these are, then save them.")
            )
        if self.effective_at > fields.Datetime.now() + TOLERANCE:
            raise UserError(
                self.env._(
                    "The values of %(patient)s would be measured in the future: "
                    "%(moment)s. Correct the time.",
                    patient=self.patient_id.display_name,
                    moment=format_datetime(self.env, self.effective_at),
                )
            )
        born = self.patient_id.birth_date
        if born and self._get_day() < born:
            raise UserError(
                self.env._(
                    "The values of %(patient)s would be measured before the birth on "
                    "%(birth)s. Correct the time, or the patient.",
                    patient=self.patient_id.display_name,
                    birth=born,
                )
            )

    def _get_day(self):
        company = self.patient_id.company_id or self.company_id
        return company._patient_local_date(self.effective_at)

    def _prepare_lines(self):
        """Return commands for the rows of the set, and for those that are filled."""
        self.ensure_one()
        filled = {
            line.indicator_id: line._get_typed()
            for line in self.line_ids
            if line._get_filled()
        }
        wanted = self.set_id._get_indicators() if self.set_id else []
        rows = {
            indicator: {"sequence": place} for place, indicator in enumerate(wanted)
        }
        for place, indicator in enumerate(filled.keys() - rows.keys()):
            rows[indicator] = {"sequence": LAST + place}
        return [
            Command.create(
                {"indicator_id": indicator.id, **vals, **filled.get(indicator, {})}
            )
            for indicator, vals in rows.items()
        ]

    def _get_last_values(self, indicators):
        """Return indicator → last valid measurement until now, in two queries."""
        self.ensure_one()
        measurements = self.env["patient.measurement"]
        if not self.patient_id or not indicators:
            return {}
        domain = Domain("patient_id", "=", self.patient_id.id) & Domain(
            "indicator_id", "in", indicators.ids
        )
        if self.effective_at:
            domain &= Domain("effective_at", "<=", self.effective_at)
        rows = measurements._read_group(domain, ["indicator_id"], ["effective_at:max"])
        latest = dict(rows)
        found = measurements.search_fetch(
            domain & Domain("effective_at", "in", set(latest.values())),
            ["indicator_id", "effective_at", "company_id", *VALUE_FIELDS.values()],
            order="id",
        )
        return {
            measurement.indicator_id: measurement
            for measurement in found
            if measurement.effective_at == latest[measurement.indicator_id]
        }

    # TOOLS

    def _notify(self, measurements, following):
        """Return the notification of what was saved, with the action that follows it."""
        if not measurements:
            return following
        urgent = measurements.filtered(lambda one: one.level in ("act", "critical"))
        message = self.env._(
            "%(count)s values of %(patient)s are saved.",
            count=len(measurements),
            patient=self.patient_id.name,
        )
        if urgent:
            message += " " + self.env._(
                "Something has to be done: %(values)s.",
                values="; ".join(
                    f"{one.indicator_id.name} {one.value_label}" for one in urgent
                ),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if urgent else "success",
                "sticky": bool(urgent),
                "message": message,
                "next": following,
            },
        }
