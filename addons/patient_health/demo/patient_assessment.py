from datetime import timedelta

from odoo import api, fields, models

from .answers import (
    GAD7,
    PHQ9,
    answer_china_diabetes,
    answer_findrisc,
    answer_hospital,
    answer_mind,
)
from .curves import QUARTER, YEARS

QUARTERS = YEARS * 4
# Half a year apart, each at the end of a quarter in which values were taken.
HALVES = range(1, QUARTERS, 2)
YEARLY = range(3, QUARTERS, 4)
# How many days before the end of a quarter.
DAYS = {
    "china_pressure": 1,
    "china_bmi": 1,
    "china_diabetes": 9,
    "findrisc": 9,
    "phq2": 4,
    "phq9": 3,
    "gad7": 12,
    "cha2ds2_vasc": 16,
    "cha2ds2_va": 16,
}
# Of the asked questionnaires: everybody, one of three, one of four.
SCREENED, TOLD, WORRIED = 1, 3, 4
FIBRILLATION = "I48"
DIABETES = "E11"
HOSPITAL_DAYS = 200


class PatientAssessment(models.Model):
    """Assessments of the demo hospital; called by ``demo/assessments.xml`` and nothing else.

    They are made by the scores themselves, a cohort at a time, as of moments of the last
    three years.
    """

    _inherit = "patient.assessment"

    @api.model
    def _create_demo_assessments(self):
        """Let health management assess the demo patients over three years, once."""
        manager = self.env.ref("patient_health.user_health")
        scores = self.env["patient.score"].with_user(manager)
        if self.search_count([("assessed_at", "!=", False)], limit=1):
            return
        patients = self.env["patient.measurement"]._get_demo_adults()
        numbers = {patient: number for number, patient in enumerate(patients)}
        for quarter in range(QUARTERS):
            self._assess_demo_quarter(scores, numbers, quarter)
        self._assess_demo_stays(scores, patients)

    # patients

    @api.model
    def _assess_demo_quarter(self, scores, numbers, quarter):
        if quarter in HALVES:
            for code in ("china_pressure", "china_bmi"):
                moment = self._get_demo_moment(code, quarter)
                self._assess_demo(scores, code, list(numbers), moment)
        if quarter in YEARLY:
            self._ask_demo_habits(scores, numbers, quarter)
            self._ask_demo_minds(scores, numbers, quarter)
            self._assess_demo_hearts(scores, numbers, quarter)

    @api.model
    def _get_demo_moment(self, code, quarter):
        """Return the morning at which a score looked back at a quarter."""
        today = fields.Datetime.now().replace(
            hour=1, minute=20, second=0, microsecond=0
        )
        back = QUARTER * (QUARTERS - 1 - quarter)
        return today - back - timedelta(days=DAYS[code])

    @api.model
    def _get_demo_share(self, quarter):
        """Return how far the years have gone: 0 to 1."""
        return quarter / (QUARTERS - 1)

    @api.model
    def _ask_demo_habits(self, scores, numbers, quarter):
        """Ask those without diabetes for what raises the risk of it."""
        share = self._get_demo_share(quarter)
        healthy = {
            patient: number
            for patient, number in numbers.items()
            if not self._has_demo_code(patient, DIABETES)
        }
        for code, answer in (
            ("china_diabetes", answer_china_diabetes),
            ("findrisc", answer_findrisc),
        ):
            answers = {
                patient.id: answer(number, share, patient.gender)
                for patient, number in healthy.items()
            }
            moment = self._get_demo_moment(code, quarter)
            self._assess_demo(scores, code, list(healthy), moment, answers)

    @api.model
    def _ask_demo_minds(self, scores, numbers, quarter):
        """Ask many two questions, and some all of them."""
        share = self._get_demo_share(quarter)
        for code, count, every in (
            ("phq2", 2, SCREENED),
            ("phq9", PHQ9, TOLD),
            ("gad7", GAD7, WORRIED),
        ):
            asked = {
                patient: number
                for patient, number in numbers.items()
                if number // 3 % every == 0
            }
            answers = {
                patient.id: answer_mind(number, share, count)
                for patient, number in asked.items()
            }
            moment = self._get_demo_moment(code, quarter)
            self._assess_demo(scores, code, list(asked), moment, answers)

    @api.model
    def _assess_demo_hearts(self, scores, numbers, quarter):
        """Assess the risk of a stroke of those with atrial fibrillation."""
        ill = [
            patient for patient in numbers if self._has_demo_code(patient, FIBRILLATION)
        ]
        for code in ("cha2ds2_vasc", "cha2ds2_va"):
            moment = self._get_demo_moment(code, quarter)
            self._assess_demo(scores, code, ill, moment)

    @api.model
    def _has_demo_code(self, patient, prefix):
        codes = patient.condition_ids.mapped("code")
        return any((code or "").startswith(prefix) for code in codes)

    # stays

    @api.model
    def _assess_demo_stays(self, scores, patients):
        """Assess who was discharged, in the week of the discharge."""
        stays = patients.encounter_ids.filtered(
            lambda visit: (
                visit.encounter_class == "IMP"
                and visit.status == "finished"
                and visit.ended_at
            )
        ).sorted("ended_at")
        recent = fields.Datetime.now() - timedelta(days=HOSPITAL_DAYS)
        weeks = stays.grouped(lambda stay: stay.ended_at.date().isocalendar()[:2])
        for discharged in weeks.values():
            moment = discharged[-1].ended_at + timedelta(hours=1)
            self._assess_demo(scores, "lace", list(discharged), moment)
            if moment > recent:
                answers = {stay.id: answer_hospital(stay.id) for stay in discharged}
                self._assess_demo(scores, "hospital", list(discharged), moment, answers)

    # one cohort

    @api.model
    def _assess_demo(self, scores, code, records, moment, answers=None):
        """Assess a cohort; those of whom something is missing are left out."""
        if not records:
            return
        score = self.env.ref(f"patient_health.patient_score_{code}")
        cohort = records[0].browse([record.id for record in records])
        found = score.with_env(scores.env)._assess_cohort(
            cohort.with_env(scores.env), answers, moment
        )
        found.assessments._date_demo_duties(moment)
