from odoo.tests import HttpCase, tagged

from ..common import NOW
from .score_common import ScoreCase


class ScoreTourCase(HttpCase, ScoreCase):
    """Sets the scene of the tours, which run on a desk and on a phone."""

    def _walk_page(self):
        self.patient.birth_date = "1960-12-01"
        self._measure("bmi", 31, self.env.cr.now().replace(microsecond=0))
        self.start_tour(
            f"/odoo/patients/{self.patient.id}",
            "patient_health_assess",
            login="ph_clinician",
        )
        assessment = self.patient.assessment_ids
        self.assertEqual((assessment.total, assessment.level), (26, "act"))
        asked = assessment.line_ids.filtered("is_asked").item_id.mapped("code")
        self.assertEqual(len(asked), 6)

    def _walk_score(self):
        self.start_tour(
            "/odoo/health-scores", "patient_health_score", login="ph_manager"
        )
        versions = self.env["patient.score"].search([("code", "=", "lace")])
        self.assertEqual(sorted(versions.mapped("version")), [1, 2])


@tagged("post_install", "-at_install")
class TestScoreTours(ScoreTourCase):
    browser_size = "1366x768"

    def test_page(self):
        self._walk_page()

    def test_score(self):
        self._walk_score()

    def test_cohort(self):
        self.env["patient.encounter"].search([("encounter_class", "=", "AMB")]).unlink()
        self._make_stay(self._make_patient("甲"), ended_at=False, status="in_progress")
        self.start_tour("/odoo/visits", "patient_health_cohort", login="ph_clinician")
        self.assertEqual(self.stay.patient_id.assessment_ids.total, 4)


@tagged("post_install", "-at_install")
class TestScoreToursOnAPhone(ScoreTourCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_page(self):
        self._walk_page()

    def test_score(self):
        self._walk_score()

    def test_assessments(self):
        self.lace._assess_one(self.patient, self.stay, assessed_at=NOW)
        self.start_tour(
            "/odoo/health-assessments",
            "patient_health_assessments",
            login="ph_clinician",
        )
