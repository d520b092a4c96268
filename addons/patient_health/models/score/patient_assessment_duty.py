from odoo import models


class PatientAssessment(models.Model):
    """Which results call somebody."""

    _inherit = "patient.assessment"

    def _start_duties(self):
        """Start what has to be done because of new assessments, all at once.

        Called for every batch of new assessments. The duties themselves are kept
        elsewhere: whoever keeps them overrides this and takes ``_get_due_reasons``.

        :return: what ``_get_due_reasons`` says
        """
        return self._get_due_reasons()

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
