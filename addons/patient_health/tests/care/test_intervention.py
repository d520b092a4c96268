from datetime import date, datetime, timedelta

import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged, warmup
from odoo.tools import mute_logger

from ..common import NOW
from .common import CareCase


@tagged("post_install", "-at_install")
class TestIntervention(CareCase):
    """Advice that suits a patient, and what comes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salt = cls.env.ref("patient_health.patient_intervention_template_salt")

    def _advise(self, template=None, **values):
        return self.env["patient.intervention"].create(
            {
                "patient_id": self.patient.id,
                "template_id": (template or self.salt).id,
                **values,
            }
        )

    def _propose(self, patient=None):
        templates = self.env["patient.intervention.template"]
        return templates.with_user(self.user_health)._propose(patient or self.patient)

    # the library

    def test_every_piece_has_a_source_and_a_reason(self):
        library = self.env["patient.intervention.template"].search([])
        self.assertGreaterEqual(len(library), 15)
        for template in library:
            self.assertTrue(template.source and template.advice, template.name)
            self.assertTrue(
                template.condition_prefixes or template.trigger_ids, template.name
            )
        self.assertEqual(
            set(library.mapped("kind")),
            {"diet", "exercise", "medication", "mind", "education", "habit"},
        )

    def test_prefixes_are_codes(self):
        self.salt.condition_prefixes = "i10，E11；Z72.0"
        self.assertEqual(self.salt._get_condition_prefixes(), ("I10", "E11", "Z72.0"))
        with self.assertRaises(ValidationError) as caught:
            self.salt.condition_prefixes = "I10, 高血压"
        self.assertIn("高血压", str(caught.exception))

    def test_target_in_order(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
        ):
            self.salt.write({"target_low": 150, "target_high": 139})
            self.env.flush_all()

    # what is proposed

    def test_nothing_without_a_reason(self):
        self.assertFalse(self._propose())

    def test_diagnosis_by_the_beginning_of_its_code(self):
        condition = self.env["patient.condition"].create(
            {"patient_id": self.patient.id, "name": "高血压", "code": "I10.x00"}
        )
        proposed = self._propose()
        self.assertIn(self.salt, proposed)
        self.assertEqual(
            proposed, proposed.sorted(lambda one: (one.kind, one.sequence))
        )
        reasons = self.env["patient.intervention.template"]._explain_proposals(
            self.patient
        )
        self.assertEqual(reasons[self.salt], ["高血压"])
        for over in (
            {"clinical_status": "resolved"},
            {"clinical_status": "active", "verification_status": "refuted"},
            {"verification_status": "confirmed", "abated_at": NOW - timedelta(days=1)},
        ):
            condition.write(over)
            self.assertNotIn(self.salt, self._propose(), over)

    def test_value_at_its_level_and_side(self):
        self._measure("glucose_fasting", 8.0, NOW - timedelta(days=2))
        diet = self.env.ref(
            "patient_health.patient_intervention_template_diabetes_diet"
        )
        low = self.env.ref("patient_health.patient_intervention_template_low_sugar")
        self.assertIn(diet, self._propose())
        self.assertNotIn(low, self._propose())
        self._measure("glucose_fasting", 3.2, NOW - timedelta(days=1))
        self.assertIn(low, self._propose())  # the latest value counts
        self.assertNotIn(diet, self._propose())

    def test_value_of_long_ago_calls_for_nothing(self):
        self._measure("systolic", 150, NOW - timedelta(days=366))
        self.assertNotIn(self.salt, self._propose())

    def test_tag(self):
        tag = self.env["patient.tag"].create({"name": "体检异常"})
        self.salt.tag_ids = tag
        self.patient.tag_ids = tag
        self.assertEqual(self._propose(), self.salt)

    def test_what_goes_on_is_not_proposed_again(self):
        self._measure("systolic", 135)
        self.assertIn(self.salt, self._propose())
        advice = self._advise()
        self.assertNotIn(self.salt, self._propose())
        advice.stop_reason = "病人不愿意"
        advice.action_stop()
        self.assertIn(self.salt, self._propose())

    def test_sensitive_values_propose_nothing_to_those_without_the_right(self):
        self.systolic.is_sensitive = True
        self._measure("systolic", 150)
        self.assertNotIn(self.salt, self._propose())

    def test_dialog_plans_what_is_chosen(self):
        self._measure("systolic", 135)
        action = self.patient.with_user(self.user_nurse).action_propose_interventions()
        wizard = (
            self.env["patient.intervention.propose"]
            .with_user(self.user_nurse)
            .with_context(**action["context"])
            .create({})
        )
        self.assertIn("135 mmHg", wizard.reasons)
        self.assertIn(self.salt, wizard.template_ids)
        wizard.template_ids = self.salt
        wizard.action_confirm()
        advice = self.patient.intervention_ids
        self.assertEqual((advice.name, advice.state), (self.salt.name, "planned"))
        wizard.template_ids = False
        with self.assertRaises(UserError) as caught:
            wizard.action_confirm()
        self.assertIn("张伟", str(caught.exception))

    # what is given

    def test_advice_comes_from_the_library_and_is_adapted(self):
        advice = self._advise(target_high=129)
        self.assertEqual(advice.advice, self.salt.advice)
        self.assertEqual(advice.indicator_id, self.systolic)
        self.assertEqual(advice.target_high, 129)
        self.assertIs(advice.target_low, False)
        self.assertEqual(advice.date_start, date(2026, 3, 2))
        self.assertEqual(advice.date_end, date(2026, 5, 30))  # 90 days
        self.salt.advice = "Changed later"
        self.assertNotEqual(advice.advice, "Changed later")

    def test_same_advice_goes_on_once(self):
        self._advise()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
        ):
            self._advise()

    def test_course(self):
        advice = self._advise().with_user(self.user_nurse)
        with self.assertRaises(UserError) as caught:
            advice.action_finish()
        self.assertIn("planned", str(caught.exception))
        advice.action_activate()
        with self.assertRaises(UserError):
            advice.write({"state": "finished"})
        with self.assertRaises(UserError) as caught:
            advice.action_stop()
        self.assertIn("why", str(caught.exception))
        with self._freeze(NOW + timedelta(days=10)):
            advice.action_finish()
        self.assertEqual(
            (advice.state, advice.date_end), ("finished", date(2026, 3, 12))
        )
        with self.assertRaises(UserError):
            advice.advice = "另一建议"

    # what comes of it

    def test_result_from_data(self):
        advice = self._advise()
        self.assertEqual(advice.result, "no_data")
        self.assertIs(advice.baseline_value, False)
        self._measure("systolic", 160, NOW - timedelta(days=5))
        self._measure("systolic", 152)  # on the first day: where it begins
        advice.invalidate_recordset()
        self.assertEqual((advice.baseline_value, advice.result), (152, "no_data"))
        self._measure("systolic", 139, NOW + timedelta(days=30))
        self._measure("systolic", 145, NOW + timedelta(days=40))
        advice.invalidate_recordset()
        self.assertEqual((advice.latest_value, advice.result), (145, "not_reached"))
        self._measure("systolic", 138, NOW + timedelta(days=60))
        self._measure("systolic", 170, NOW + timedelta(days=100))  # after its end
        advice.invalidate_recordset()
        self.assertEqual((advice.latest_value, advice.result), (138, "reached"))
        self.assertEqual(advice._get_target_label(), "≤ 139 mmHg")
        self.assertEqual(
            advice._get_result_label(), "Goal Reached (152 mmHg → 138 mmHg)"
        )

    def test_days_are_those_of_the_hospital(self):
        advice = self._advise(date_end=date(2026, 3, 3))
        # 2 March ends in Shanghai at 16:00 UTC, and 3 March a day later
        for moment, value in (
            (datetime(2026, 3, 2, 15, 59), 151),
            (datetime(2026, 3, 3, 15, 59), 141),
            (datetime(2026, 3, 3, 16, 0), 131),
        ):
            self._measure("systolic", value, moment)
        self.assertEqual((advice.baseline_value, advice.latest_value), (151, 141))

    def test_corrected_value_does_not_count(self):
        advice = self._advise()
        self._measure("systolic", 150, NOW + timedelta(days=2))._void("另一病人")
        self.assertEqual(advice.result, "no_data")

    def test_without_a_target_there_is_no_result(self):
        feet = self.env.ref("patient_health.patient_intervention_template_feet")
        advice = self._advise(feet)
        self.assertFalse(advice.result)
        self.assertEqual(advice._get_target_label(), "")

    @warmup
    def test_results_of_many_in_as_many_queries_as_of_one(self):
        patients = self.env["patient.patient"].create(
            [{"name": f"病人{number}"} for number in range(50)]
        )
        advice = self.env["patient.intervention"].create(
            [
                {"patient_id": patient.id, "template_id": self.salt.id}
                for patient in patients
            ]
        )
        counts = []
        for some in (advice[:1], advice[:1], advice[1:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("result")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
