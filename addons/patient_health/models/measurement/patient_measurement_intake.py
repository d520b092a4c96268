from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.bands import classify
from ...tools.indicator_facts import convert_by_facts
from ...tools.units import UnitError


class PatientMeasurement(models.Model):
    """What a value that arrives means: in which unit, whether it may be true, its level.

    Worked out in one pass over the rows, from facts that are kept in memory.
    """

    _inherit = "patient.measurement"

    # BUSINESS

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
