from odoo.tests import tagged

from ..common import NOW
from .score_common import ScoreCase


@tagged("post_install", "-at_install")
class TestAssessmentDuty(ScoreCase):
    """Scores that call somebody."""

    def _assess_phq9(self, **answers):
        return self.phq9._assess_one(
            self.patient, answers=self._answer_phq9(**answers), assessed_at=NOW
        )

    def _duties(self):
        return self.env["patient.health.duty"].search(
            [("patient_id", "=", self.patient.id), ("kind", "=", "score")]
        )

    def test_quiet_score_calls_nobody(self):
        self._assess_phq9(q1="1")
        self.assertFalse(self._duties())

    def test_thought_of_death_is_a_duty_of_today(self):
        assessment = self._assess_phq9(q9="1")
        duty = self._duties()
        self.assertEqual((duty.level, duty.state), ("critical", "open"))
        self.assertEqual(duty.assessment_id, assessment)
        self.assertTrue(duty.is_sensitive)
        self.assertIn("today", duty.reason)
        self.assertEqual(duty.deadline_ids.state, "running")

    def test_later_assessment_joins_and_raises_the_open_duty(self):
        self._assess_phq9(**{f"q{number}": "2" for number in range(1, 9)})
        duty = self._duties()
        self.assertEqual(duty.level, "act")
        later = self._assess_phq9(q9="2")
        self.assertEqual(self._duties(), duty)
        self.assertEqual((duty.level, duty.assessment_id), ("critical", later))

    def test_assessment_made_in_error_ends_the_duty(self):
        self._assess_phq9(q9="1")._void("另一病人")
        duty = self._duties()
        self.assertEqual(duty.state, "not_needed")
        self.assertIn("error", duty.closed_note)
