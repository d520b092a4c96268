import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain

from ..res_users import CLINICIAN_GROUP


class PatientHealthDuty(models.Model):
    """Duties because of a score: its band, or an answer that calls by itself.

    One is open for a patient and a score at most: a later assessment joins it, and a
    worse one raises its level.
    """

    _inherit = "patient.health.duty"

    assessment_id = fields.Many2one(
        comodel_name="patient.assessment",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=CLINICIAN_GROUP,
        help="The latest assessment that called.",
    )
    score_code = fields.Char(readonly=True)

    _score_uniq = models.UniqueIndex(
        "(patient_id, score_code) WHERE state = 'open' AND score_code IS NOT NULL",
        "A duty about this score of the patient is open already.",
    )

    # BUSINESS

    @api.model
    def _get_duty_sources(self):
        return [*super()._get_duty_sources(), "assessment_id"]

    @api.model
    def _open_for_assessments(self, reasons):
        """Open duties for what assessments call for, or let them join open ones.

        :param list reasons: (assessment, level, words), several of one assessment too
        """
        calls = {}
        for assessment, level, words in reasons:
            calls.setdefault((assessment.patient_id, assessment.score_code), []).append(
                (assessment, "critical" if level == "critical" else "act", words)
            )
        # sudo: patient.health.duty: duties follow from scores, whoever assesses
        duties_sudo = self.sudo()
        open_sudo = duties_sudo.search(
            Domain("state", "=", "open")
            & Domain("patient_id", "in", [patient.id for patient, _code in calls])
            & Domain("score_code", "in", [code for _patient, code in calls])
        )
        known = {(duty.patient_id, duty.score_code): duty for duty in open_sudo}
        for key, duty in known.items():
            if key in calls:
                duty._join_assessments(calls.pop(key))
        duties_sudo._create_for_assessments(calls)

    @api.model
    def _create_for_assessments(self, calls):
        """Create a duty for each patient and score.

        :raise ConcurrencyError: where another transaction has just opened one, which
            this one cannot see; Odoo tries the request again
        """
        if not calls:
            return
        try:
            with self.env.cr.savepoint():
                self.create(
                    [self._prepare_for_assessments(rows) for rows in calls.values()]
                )
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError("a duty was opened for the same score") from error

    @api.model
    def _prepare_for_assessments(self, rows):
        assessment = rows[-1][0]
        return {
            "patient_id": assessment.patient_id.id,
            "department_id": assessment.department_id.id,
            "is_sensitive": assessment.is_sensitive,
            "kind": "score",
            "level": self._get_worst_level(rows),
            "score_code": assessment.score_code,
            **self._prepare_words(rows),
        }

    @api.model
    def _prepare_words(self, rows):
        """Return the latest assessment, and in words why it called."""
        assessment = rows[-1][0]
        words = [text for one, _level, text in rows if one == assessment]
        return {"assessment_id": assessment.id, "summary": "; ".join(words)}

    @api.model
    def _get_worst_level(self, rows):
        levels = {level for _assessment, level, _words in rows}
        return "critical" if "critical" in levels else "act"

    def _join_assessments(self, rows):
        self.write(self._prepare_words(rows))
        if (self.level, self._get_worst_level(rows)) == ("act", "critical"):
            self._raise_level(fields.Datetime.now())

    @api.model
    def _withdraw_for_assessments(self, assessments):
        """End open duties whose assessment was a mistake."""
        # sudo: patient.health.duty: duties follow from scores, whoever corrects them
        self.sudo().search(
            [("assessment_id", "in", assessments.ids), ("state", "=", "open")]
        )._withdraw(self.env._("The assessment was made in error."))
