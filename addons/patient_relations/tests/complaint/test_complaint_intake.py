from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import MODULE, PatientRelationsCase


@tagged("post_install", "-at_install")
class TestComplaintIntake(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.communication = cls.env.ref(
            f"{MODULE}.patient_complaint_category_communication"
        )
        cls.respect = cls.env.ref(f"{MODULE}.patient_complaint_category_respect")

    def _open(self, user=None, **values):
        """Return the intake screen as the officer (or a user) opens it."""
        context = {f"default_{name}": value for name, value in values.items()}
        model = self.env["patient.complaint.intake"].with_user(
            user or self.user_officer
        )
        return Form(model.with_context(**context))

    def _get_complaint(self, action):
        self.assertEqual(action["res_model"], "patient.complaint")
        return self.env["patient.complaint"].browse(action["res_id"])

    def test_call_from_number_to_complaint(self):
        form = self._open()
        form.phone = "138 0000 1234"
        self.assertEqual(form.candidate_ids.ids, self.patient.ids)
        form.patient_id = self.patient
        self.assertEqual(form.visit_ids.ids, self.encounter.ids)
        form.encounter_id = self.encounter  # what a tap on a visit does
        self.assertEqual(form.department_id, self.cardiology)
        self.assertEqual(form.complainant_name, "张伟")
        form.narrative = "排队三个小时没有人解释。\n希望道歉。"
        for category, severity in ((self.communication, "3"), (self.respect, "2")):
            with form.problem_ids.new() as problem:
                problem.category_id = category
                problem.severity = severity
        complaint = self._get_complaint(form.save().action_register())
        self.assertRecordValues(
            complaint,
            [
                {
                    "kind": "complaint",
                    "channel": "phone",
                    "state": "received",
                    "summary": "排队三个小时没有人解释。",
                    "patient_id": self.patient.id,
                    "encounter_id": self.encounter.id,
                    "lead_department_id": self.cardiology.id,
                    "complainant_type": "patient",
                    "complainant_phone": "138 0000 1234",
                    "complainant_phone_digits": "13800001234",
                    "user_id": self.user_officer.id,
                    "max_severity": 3,
                }
            ],
        )
        self.assertEqual(
            complaint.problem_ids.category_id, self.communication | self.respect
        )
        self.assertEqual(complaint.problem_ids.department_id, self.cardiology)

    def test_last_four_digits_are_enough(self):
        form = self._open()
        form.phone = "1234"
        self.assertIn(self.patient.id, form.candidate_ids.ids)
        form.phone = "12"
        self.assertFalse(form.candidate_ids.ids)

    def test_five_last_visits_are_offered_latest_first(self):
        visits = self.env["patient.encounter"].create(
            [
                {
                    "patient_id": self.patient.id,
                    "status": "finished",
                    "department_id": self.surgery.id,
                    "started_at": datetime(2026, 3, day),
                }
                for day in range(10, 16)
            ]
        )
        form = self._open()
        form.patient_id = self.patient
        self.assertEqual(form.visit_ids.ids, visits.ids[:0:-1])

    def test_relative_who_calls_is_recognised(self):
        self.env["patient.relative"].create(
            {
                "patient_id": self.patient.id,
                "name": "张敏",
                "relation": "child",
                "phone": "+86 137-9999-8888",
            }
        )
        form = self._open()
        form.phone = "13799998888"
        self.assertEqual(form.candidate_ids.ids, self.patient.ids)
        form.patient_id = self.patient
        self.assertEqual(form.complainant_type, "relative")
        self.assertEqual(form.complainant_name, "张敏")
        self.assertEqual(form.complainant_relation, "child")

    def test_open_complaint_of_the_caller_is_shown(self):
        known = self._make_complaint(patient_id=self.patient.id)
        form = self._open()
        form.phone = "13800001234"
        form.patient_id = self.patient
        self.assertEqual(form.open_complaint_ids.ids, known.ids)

    def test_unknown_caller_needs_no_patient(self):
        form = self._open()
        form.complainant_type = "anonymous"
        form.narrative = "厕所很脏"
        complaint = self._get_complaint(form.save().action_register())
        self.assertFalse(complaint.patient_id)
        self.assertEqual(complaint.complainant_type, "anonymous")

    def test_nothing_told_is_refused(self):
        intake = self._open().save()
        with self.assertRaises(UserError):
            intake.action_register()

    def test_next_call_begins_with_an_empty_screen(self):
        form = self._open(patient_id=self.patient.id)
        form.narrative = "停车难"
        action = form.save().action_register_next()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("TS", action["params"]["message"])
        following = action["params"]["next"]
        self.assertEqual(following["res_model"], "patient.complaint.intake")
        self.assertFalse(following["context"])

    def test_long_beginning_is_shortened_for_the_summary(self):
        form = self._open()
        form.narrative = "很" * 100
        complaint = self._get_complaint(form.save().action_register())
        self.assertEqual(len(complaint.summary), 60)

    def test_staff_takes_a_complaint_for_another_department(self):
        form = self._open(user=self.user_staff)
        form.department_id = self.surgery
        form.narrative = "手术推迟"
        complaint = self._get_complaint(form.save().action_register())
        self.assertEqual(complaint.lead_department_id, self.surgery)
        self.assertEqual(complaint.first_department_id, self.cardiology)
        self.assertTrue(complaint.with_user(self.user_staff).has_access("read"))

    def test_staff_without_an_employee_acts_for_their_department(self):
        form = self._open(user=self.user_staff_surgery)
        form.narrative = "药房排队"
        form.department_id = self.cardiology
        complaint = self._get_complaint(form.save().action_register())
        self.assertEqual(complaint.first_department_id, self.surgery)
        self.assertTrue(complaint.with_user(self.user_staff_surgery).has_access("read"))

    # from elsewhere

    def _follow(self, action):
        context = {**self.env.context, **action["context"]}
        model = self.env["patient.complaint.intake"].with_user(self.user_officer)
        return Form(model.with_context(**context))

    def test_patient_brings_name_and_number(self):
        form = self._follow(self.patient.action_register_complaint())
        self.assertEqual(form.patient_id, self.patient)
        self.assertEqual(form.phone, self.patient.phone)
        self.assertEqual(len(form.visit_ids.ids), 1)

    def test_visit_brings_patient_and_department(self):
        form = self._follow(self.encounter.action_register_complaint())
        form.narrative = "医生没有解释"
        complaint = self._get_complaint(form.save().action_register())
        self.assertEqual(complaint.encounter_id, self.encounter)
        self.assertEqual(complaint.lead_department_id, self.cardiology)
        self.assertEqual(self.encounter.complaint_count, 1)
        self.assertEqual(self.patient.complaint_count, 1)
        self.assertEqual(self.cardiology.complaint_count, 1)

    def test_enquiry_becomes_a_complaint_that_remembers_it(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "退费问题",
                "contact_name": "张伟",
                "phone": "13800001234",
                "email_from": "zhang@example.com",
                "description": "<p>要求退还检查费</p>",
            }
        )
        form = self._follow(lead.action_register_complaint())
        complaint = self._get_complaint(form.save().action_register())
        self.assertEqual(complaint.lead_id, lead)
        self.assertEqual(complaint.summary, "退费问题")
        self.assertEqual(complaint.narrative, "要求退还检查费")
        self.assertEqual(complaint.complainant_email, "zhang@example.com")
        self.assertEqual(complaint.patient_id, self.patient)
        self.assertEqual(lead.complaint_count, 1)
