from datetime import datetime, timedelta

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import PatientRelationsCase

NOW = datetime(2026, 3, 4, 2, 0)
ASSESSMENT = {
    "assessment_severity": "3",
    "danger": "none",
    "complexity": "moderate",
    "impact": "one",
}


@tagged("post_install", "-at_install")
class TestComplaintAssessment(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._make_complaint(
            lead_department_id=cls.cardiology.id, received_at=NOW - timedelta(days=1)
        )
        cls.doctor = cls.env["hr.employee.public"].browse(cls.employee_doctor.id)

    def _assess(self, **values):
        self.complaint.with_user(self.user_officer).write({**ASSESSMENT, **values})

    @freeze_time(NOW)
    def test_server_notes_who_assessed_and_when(self):
        self._assess()
        self.assertEqual(self.complaint.assessed_at, NOW)
        self.assertEqual(self.complaint.assessed_by_id, self.user_officer)

    def test_nobody_forges_who_assessed(self):
        officer = self.complaint.with_user(self.user_officer)
        for values in (
            {"assessed_at": NOW},
            {"assessed_by_id": self.user_manager.id},
            {**ASSESSMENT, "assessed_at": NOW},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                officer.write(values)
            with self.subTest(values=values), self.assertRaises(UserError):
                officer.create({"summary": "x", **values})
        self.assertFalse(self.complaint.assessed_at)

    def test_history_tells_the_assessment(self):
        self._assess(danger="immediate", immediate_action="已停用该批次输液器")
        body = self.complaint.message_ids[0].body
        self.assertIn("3 – Serious", body)
        self.assertIn("Immediate", body)
        self.assertIn("已停用该批次输液器", body)
        self.assertEqual(
            self.complaint.message_ids[0].author_id, self.user_officer.partner_id
        )

    @freeze_time(NOW)
    def test_assessed_again_the_last_one_counts_and_history_keeps_both(self):
        self._assess()
        with freeze_time(NOW + timedelta(hours=2)):
            self.complaint.with_user(self.user_manager).write({"impact": "several"})
        self.assertEqual(self.complaint.assessed_by_id, self.user_manager)
        self.assertEqual(self.complaint.assessed_at, NOW + timedelta(hours=2))
        told = [
            body
            for body in self.complaint.message_ids.mapped("body")
            if "Initial assessment" in body
        ]
        self.assertEqual(len(told), 2)

    def test_immediate_danger_needs_the_immediate_action(self):
        for text in (False, "", "  "):
            with (
                self.subTest(text=text),
                self.assertRaisesRegex(ValidationError, self.complaint.name),
                self.env.cr.savepoint(),
            ):
                self._assess(danger="immediate", immediate_action=text)
        self.assertFalse(self.complaint.assessed_at)
        self._assess(danger="possible")

    def test_half_an_assessment_is_none(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
        ):
            self.complaint.with_user(self.user_officer).write({"danger": "none"})
            self.complaint.flush_recordset()

    def test_staff_do_not_assess(self):
        with self.assertRaises(UserError):
            self.complaint.with_user(self.user_staff).write(ASSESSMENT)
        with self.assertRaises(UserError):
            self.complaint.with_user(self.user_staff).write({"reported_to": "x"})
        with self.assertRaises(AccessError):
            self.env["patient.complaint.assess"].with_user(self.user_staff).create(
                {"complaint_id": self.complaint.id, **ASSESSMENT}
            )

    def test_accused_officer_does_not_assess(self):
        employee = self.env["hr.employee"].create(
            {"name": "周敏", "user_id": self.user_officer.id}
        )
        self.complaint.user_id = False
        self.complaint.problem_ids.employee_id = employee
        with self.assertRaises(AccessError):
            self._assess()

    def test_registering_does_not_assess(self):
        complaint = (
            self.env["patient.complaint"]
            .with_user(self.user_staff)
            .create(
                {
                    "summary": "x",
                    "lead_department_id": self.cardiology.id,
                    "is_major_event": False,
                    "informed_department_ids": False,
                }
            )
        )
        self.assertFalse(complaint.assessed_at)

    # wizard

    def _open_wizard(self):
        return Form(
            self.env["patient.complaint.assess"]
            .with_user(self.user_officer)
            .with_context(default_complaint_id=self.complaint.id)
        )

    def test_one_screen_does_it(self):
        with self._open_wizard() as form:
            self.assertEqual(form.assessment_severity, "2", "as the worst problem")
            form.danger = "immediate"
            form.immediate_action = "已通知科室停用"
            form.impact = "several"
            form.informed_department_ids.add(self.surgery)
            form.informed_employee_ids.add(self.doctor)
        form.record.action_confirm()
        self.assertEqual(self.complaint.assessed_by_id, self.user_officer)
        self.assertEqual(self.complaint.immediate_action, "已通知科室停用")
        self.assertEqual(self.complaint.informed_department_ids, self.surgery)
        self.assertEqual(self.complaint.informed_employee_ids, self.doctor)
        self.assertFalse(self.complaint.is_major_event)
        self.assertFalse(self.complaint.major_event_at)

    def test_screen_starts_from_the_last_assessment(self):
        self._assess(impact="hospital", informed_department_ids=self.surgery.ids)
        form = self._open_wizard()
        self.assertEqual(form.impact, "hospital")
        self.assertEqual(form.informed_department_ids[:], self.surgery)

    # major event

    @freeze_time(NOW)
    def test_major_event_is_known_since_now_unless_said_otherwise(self):
        self._assess(is_major_event=True, major_event_kind="death")
        self.assertEqual(self.complaint.major_event_at, NOW)
        known = NOW - timedelta(hours=5)
        self._assess(
            is_major_event=True, major_event_kind="death", major_event_at=known
        )
        self.assertEqual(self.complaint.major_event_at, known)

    @freeze_time(NOW)
    def test_saying_it_once_more_does_not_begin_the_time_anew(self):
        self._assess(is_major_event=True, major_event_kind="death")
        with freeze_time(NOW + timedelta(hours=11)):
            self._assess(is_major_event=True)
        self.assertEqual(self.complaint.major_event_at, NOW)

    @freeze_time(NOW)
    def test_report_to_the_authority_is_noted_in_the_history(self):
        self._assess(is_major_event=True, major_event_kind="three_harmed")
        self.env.cr.precommit.run()
        complaint = self.complaint.with_user(self.user_officer)
        complaint.with_context(mail_notrack=False).write(
            {"reported_to_authority_at": NOW, "reported_to": "区卫健委医政科 李科长"}
        )
        self.env.flush_all()
        self.env.cr.precommit.run()
        told = self.complaint.message_ids.sudo().tracking_value_ids
        self.assertIn("区卫健委医政科 李科长", told.mapped("new_value_char"))
        self.assertIn(NOW, told.mapped("new_value_datetime"))

    @freeze_time(NOW + timedelta(hours=3))
    def test_report_is_no_new_assessment(self):
        with freeze_time(NOW):
            self._assess(is_major_event=True, major_event_kind="death")
        self.complaint.with_user(self.user_manager).write(
            {"reported_to_authority_at": NOW, "reported_to": "卫健委"}
        )
        self.assertEqual(self.complaint.assessed_at, NOW)
        self.assertEqual(self.complaint.assessed_by_id, self.user_officer)

    @freeze_time(NOW)
    def test_impossible_moments_are_refused_by_name(self):
        major = {"is_major_event": True, "major_event_kind": "death"}
        number = self.complaint.name
        with self.assertRaisesRegex(ValidationError, number):
            self._assess(**major, major_event_at=NOW + timedelta(hours=1))
        self._assess(**major, major_event_at=NOW)
        officer = self.complaint.with_user(self.user_officer)
        with self.assertRaisesRegex(ValidationError, number):
            officer.write(
                {
                    "reported_to_authority_at": NOW - timedelta(hours=1),
                    "reported_to": "卫健委",
                }
            )
        officer.write({"reported_to_authority_at": NOW, "reported_to": "卫健委"})
        with self.assertRaisesRegex(ValidationError, number):
            officer.write({"is_major_event": False})

    def test_report_names_the_authority(self):
        self._assess(is_major_event=True, major_event_kind="death")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
        ):
            self.complaint.reported_to_authority_at = fields.Datetime.now()
            self.complaint.flush_recordset()

    @freeze_time(NOW)
    def test_event_that_is_none_after_all_forgets_kind_and_moment(self):
        self._assess(is_major_event=True, major_event_kind="death")
        self._assess(is_major_event=False)
        self.assertFalse(self.complaint.major_event_kind)
        self.assertFalse(self.complaint.major_event_at)

    @freeze_time(NOW)
    def test_merging_keeps_a_major_event(self):
        self._assess(is_major_event=True, major_event_kind="death")
        main = self._make_complaint(lead_department_id=self.cardiology.id)
        self.complaint._merge_into(main)
        self.assertTrue(main.is_major_event)
        self.assertEqual(main.major_event_at, NOW)
