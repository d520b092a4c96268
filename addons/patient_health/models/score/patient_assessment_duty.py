from odoo import models


class PatientAssessment(models.Model):
    """Which results call somebody."""

    _inherit = "patient.assessment"

    # BUSINESS

    def _start_duties(self):
        """Start what has to be done because of new assessments, all at once."""
        self.env["patient.health.duty"]._open_for_assessments(self._get_due_reasons())

    def _void(self, reason):
        result = super()._void(reason)
        self.env["patient.health.duty"]._withdraw_for_assessments(self)
        return result

    def _get_due_reasons(self):
        """Return (assessment, level, reason) of all that calls somebody.

        A band calls that starts a duty, and an answer that alerts by itself; one
        assessment may call more than once. As many queries for a hundred as for one.
        """
        # sudo: patient.assessment.line: alerts are told whoever assesses
        lines_sudo = self.env["patient.assessment.line"].sudo()
        domain = [("assessment_id", "in", self.ids), ("alert_id", "!=", False)]
        alerts = lines_sudo.search(domain).grouped("assessment_id")
        reasons = []
        for assessment in self:
            for line in alerts.get(assessment.sudo(), lines_sudo):
                alert = line.alert_id
                reasons.append((assessment, alert.level, alert.name))
            band = assessment.band_id
            if band.starts_duty:
                reason = f"{assessment.score_id.name} {assessment.total}: {band.name}"
                reasons.append((assessment, band.level, reason))
        return reasons
