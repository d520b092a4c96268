from odoo import api, models, tools

from ...tools.labels import IndicatorLabels
from ...tools.ranges import write_lines, write_range


class PatientIndicator(models.Model):
    """What an indicator and its ranges are called on screens."""

    _inherit = "patient.indicator"

    # BUSINESS

    def _get_band_of(self, patient, moment):
        """Return the ``Band`` for a patient at a moment (naive UTC), or None."""
        self.ensure_one()
        if not patient:
            return None
        day = patient.company_id._patient_local_date(moment)
        return self._get_facts().choose_band(patient.gender, patient.birth_date, day)

    @api.model
    def _explain_band(self, band, unit):
        """Return the lines of a band as sentences."""
        either = self.env._("or")
        sentences = {
            self.env._("Normal"): write_range(band.normal_low, band.normal_high),
            self.env._("Act"): write_lines(band.act_low, band.act_high, either),
            self.env._("Act Now"): write_lines(
                band.critical_low, band.critical_high, either
            ),
        }
        return "; ".join(
            f"{word}: {lines} {unit}".rstrip()
            for word, lines in sentences.items()
            if lines
        )

    # TOOLS

    @api.model
    @tools.ormcache("self.env.lang")
    def _get_all_labels(self):
        """Return indicator id → ``IndicatorLabels``, in the order of the catalogue."""
        # sudo: patient.indicator: definitions, the same for everybody
        everything = (
            self.sudo().with_context(active_test=False).search([("code", "!=", False)])
        )
        return {
            indicator.id: IndicatorLabels(
                id=indicator.id,
                name=indicator.name,
                code=indicator.code,
                category=indicator.category,
                unit=indicator.unit_label or "",
                decimals=indicator.decimals,
                better=indicator.better,
            )
            for indicator in everything
        }

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        result = super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )
        self.env.registry.clear_cache()  # labels are kept in memory
        return result
