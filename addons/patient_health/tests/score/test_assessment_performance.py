from datetime import timedelta

from odoo.tests import tagged

from ..common import NOW
from .score_common import ADMITTED, DISCHARGED, ScoreCase


@tagged("post_install", "-at_install")
class TestAssessmentPerformance(ScoreCase):
    """As many queries for a hundred patients as for one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patients = cls.env["patient.patient"].create(
            [
                {
                    "name": f"病人{number}",
                    "birth_date": "1950-01-01",
                    "gender": "female",
                }
                for number in range(100)
            ]
        )
        cls.stays = (
            cls.env["patient.encounter"]
            .create(
                [
                    {
                        "patient_id": patient.id,
                        "encounter_class": encounter_class,
                        "status": "finished",
                        "department_id": cls.cardiology.id,
                        "started_at": started_at,
                        "ended_at": ended_at,
                    }
                    for patient in cls.patients
                    for encounter_class, started_at, ended_at in (
                        ("IMP", ADMITTED, DISCHARGED),
                        ("EMER", ADMITTED - timedelta(hours=5), ADMITTED),
                        (
                            "EMER",
                            ADMITTED - timedelta(days=50),
                            ADMITTED - timedelta(days=49),
                        ),
                    )
                ]
            )
            .filtered(lambda visit: visit.encounter_class == "IMP")
        )
        for patient in cls.patients:
            cls._diagnose("I50.9", patient)
            cls._measure("bmi", 25, NOW, patient_id=patient.id)
        cls.env.flush_all()

    def _count(self, function, records):
        """Return the number of queries of a call on records, with warm caches."""
        for _pass in ("cold", "warm", "counted"):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            function(records)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _compare(self, score, records, limit):
        def assess(chosen):
            cohort = score._assess_cohort(chosen, assessed_at=NOW)
            self.assertEqual(len(cohort.assessments), len(chosen))

        score = score.with_user(self.user_health)
        records = records.with_user(self.user_health)
        one, hundred = (self._count(assess, records[:count]) for count in (1, 100))
        self.assertEqual(one, hundred)
        self.assertLessEqual(hundred, limit)

    def test_lace_of_discharges(self):
        self._compare(self.lace, self.stays, 31)

    def test_grade_of_patients(self):
        self._compare(self._score("china_bmi"), self.patients, 30)

    def test_stroke_of_patients(self):
        self._compare(self._score("cha2ds2_vasc"), self.patients, 30)

    def test_assessing_anew(self):
        assessments = self.lace._assess_cohort(self.stays).assessments
        counts = []
        for chosen in (assessments[:1], assessments[1:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(chosen._assess_again(), {})
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_reasons_of_duties(self):
        answers = {patient.id: self._answer_phq9(q9="1") for patient in self.patients}
        assessments = self.phq9._assess_cohort(self.patients, answers).assessments
        counts = []
        for chosen in (assessments[:1], assessments):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(chosen._get_due_reasons()), len(chosen))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
