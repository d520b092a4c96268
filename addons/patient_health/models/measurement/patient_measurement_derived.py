from odoo import api, models
from odoo.tools import SQL

from ...tools.ages import get_age
from ...tools.derivations import get_body_mass_index, get_filtration_rate

# Code of the indicator that starts a calculation → that which it gives.
DERIVATIONS = {"weight": "bmi", "creatinine": "egfr"}
# Who measures by hand wants the calculation; other systems send their own.
DERIVING_ORIGINS = ("hand", "file", "patient")


class PatientMeasurement(models.Model):
    """Values that follow from others: body mass index, filtration rate."""

    _inherit = "patient.measurement"

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        measurements = super().create(vals_list)
        derived = self._prepare_derived(measurements)
        if derived:
            self.create(list(derived.values()))
        return measurements

    # BUSINESS

    def _correct_all(self, vals_list, reason):
        former = self._find_derived()
        super()._correct_all(vals_list, reason)
        fresh = self._prepare_derived(self)
        changed = {former[row]: fresh[row] for row in former if row in fresh}
        if changed:
            self.browse().union(*changed)._correct_all(
                [
                    {name: vals[name] for name in ("value", "effective_at")}
                    for vals in changed.values()
                ],
                reason,
            )
        gone = self.browse().union(*former.values()) - self.browse().union(*changed)
        if gone:
            gone._void(reason)
        added = [vals for row, vals in fresh.items() if row not in former]
        if added:
            self.create(added)

    def _void(self, reason):
        derived = self.browse().union(*self._find_derived().values())
        super()._void(reason)
        if derived:
            derived._void(reason)

    def _find_derived(self):
        """Return row → the valid value that was calculated from it, in one query."""
        keys = {
            row: (row.patient_id, DERIVATIONS[row.indicator_id.code], row.effective_at)
            for row in self
            if row.indicator_id.code in DERIVATIONS
        }
        if not keys:
            return {}
        patients, codes, moments = zip(*keys.values(), strict=True)
        found = self.search(
            [
                ("patient_id", "in", [patient.id for patient in patients]),
                ("indicator_id.code", "in", codes),
                ("effective_at", "in", moments),
                ("origin", "=", "derived"),
            ]
        )
        # of several the latest, which comes first
        derived = {
            (row.patient_id, row.indicator_id.code, row.effective_at): row
            for row in reversed(found)
        }
        return {row: derived[key] for row, key in keys.items() if key in derived}

    @api.model
    def _prepare_derived(self, measurements):
        """Return row → values of what follows from it, in three queries at most."""
        facts = self.env["patient.indicator"]._get_all_facts()
        starts = {
            fact.id: DERIVATIONS[fact.code]
            for fact in facts.values()
            if fact.code in DERIVATIONS
        }
        bases = [
            row
            for row in measurements
            if row.indicator_id.id in starts
            and row.origin in DERIVING_ORIGINS
            and row.value is not False
        ]
        if not bases:
            return {}
        by_code = {fact.code: fact for fact in facts.values()}
        weights = [row for row in bases if starts[row.indicator_id.id] == "bmi"]
        heights = self._find_latest_heights(weights, by_code.get("height"))
        derived = {}
        for row in bases:
            target = by_code.get(starts[row.indicator_id.id])
            number = target and self._derive(target.code, row, heights)
            if number:
                derived[row] = row._prepare_derived_vals(target, number)
        return derived

    @api.model
    def _derive(self, code, row, heights):
        if code == "bmi":
            height = heights.get(row.id)
            return height and get_body_mass_index(row.value, height)
        patient = row.patient_id
        day = patient.company_id._patient_local_date(row.effective_at)
        age = get_age(patient.birth_date, day)
        return get_filtration_rate(row.value, age and int(age), patient.gender)

    def _prepare_derived_vals(self, target, number):
        self.ensure_one()
        return {
            "patient_id": self.patient_id.id,
            "indicator_id": target.id,
            "effective_at": self.effective_at,
            "value": round(number, target.decimals),
            "encounter_id": self.encounter_id.id,
            "department_id": self.department_id.id,
            "origin": "derived",
        }

    @api.model
    def _find_latest_heights(self, weights, height_facts):
        """Return measurement id of a weight → the height (cm) known at its moment."""
        if not weights or not height_facts:
            return {}
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT weight.id, height.value FROM patient_measurement weight"
                " JOIN LATERAL (SELECT value FROM patient_measurement height"
                " WHERE height.patient_id = weight.patient_id"
                " AND height.indicator_id = %s AND height.active"
                " AND height.value IS NOT NULL"
                " AND height.effective_at <= weight.effective_at"
                " ORDER BY height.effective_at DESC, height.id DESC LIMIT 1) height"
                " ON TRUE WHERE weight.id IN %s",
                height_facts.id,
                tuple(row.id for row in weights),
            )
        )
        return dict(rows)
