import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import PatientRelationsCase


@tagged("post_install", "-at_install")
class TestComplaintMerge(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.main = cls._make_complaint(received_at="2026-03-01 00:00:00")
        cls.other = cls._make_complaint(
            received_at="2026-03-02 00:00:00",
            patient_id=cls.patient.id,
            complainant_phone="13800001234",
        )

    def _merge(self, complaints, main=None):
        """Merge as the officer does from the list."""
        model = self.env["patient.complaint.merge"].with_user(self.user_officer)
        context = {"active_model": complaints._name, "active_ids": complaints.ids}
        form = Form(model.with_context(**context))
        if main:
            form.main_id = main
        return form.save().action_merge()

    def test_oldest_keeps_its_number_and_gets_all(self):
        evidence = self.env["patient.complaint.evidence"].create(
            {
                "complaint_id": self.other.id,
                "name": "照片",
                "datas": base64.b64encode(b"picture"),
            }
        )
        file = self.env["ir.attachment"].create(
            {
                "name": "信.txt",
                "raw": b"x",
                "res_model": self.other._name,
                "res_id": self.other.id,
            }
        )
        words = "来电补充"
        answer = self.other.message_post(body=words, message_type="comment")
        problems = self.main.problem_ids | self.other.problem_ids
        action = self._merge(self.main | self.other)
        self.assertEqual(action["res_id"], self.main.id)
        self.assertEqual(self.main.problem_ids, problems)
        self.assertEqual(evidence.complaint_id, self.main)
        self.assertEqual(file.res_id, self.main.id)
        self.assertEqual(answer.res_id, self.main.id)
        self.assertEqual(self.main.patient_id, self.patient)
        self.assertEqual(self.main.complainant_phone, "13800001234")
        self.assertEqual(self.other.duplicate_of_id, self.main)
        self.assertFalse(self.other.active)
        self.assertIn(self.main.name, self.other.message_ids[0].body)
        self.assertIn(self.other.name, self.main.message_ids[0].body)
        self.assertEqual(self.main.duplicate_count, 1)
        self.assertEqual(set(problems.mapped("complaint_active")), {True})

    def test_what_was_merged_before_follows(self):
        third = self._make_complaint(received_at="2026-02-01 00:00:00")
        self._merge(self.main | self.other)
        self._merge(self.main | third)
        self.assertEqual(self.other.duplicate_of_id, third)
        self.assertEqual(self.other._get_main(), third)

    def test_different_patients_are_refused_with_their_names(self):
        self.main.patient_id = self._make_patient("李娜")
        with self.assertRaises(UserError) as raised:
            self._merge(self.main | self.other)
        self.assertIn("李娜", str(raised.exception))
        self.assertIn("张伟", str(raised.exception))

    def test_different_hospitals_are_refused(self):
        other = self._make_company()
        self.user_officer.company_ids |= other
        foreign = self._make_complaint(company_id=other.id)
        wizard = (
            self.env["patient.complaint.merge"]
            .with_user(self.user_officer)
            .with_context(allowed_company_ids=[self.company.id, other.id])
            .create(
                {"complaint_ids": (self.main | foreign).ids, "main_id": self.main.id}
            )
        )
        with self.assertRaisesRegex(UserError, "hospitals"):
            wizard.action_merge()

    def test_one_alone_and_merged_ones_are_refused(self):
        with self.assertRaises(UserError):
            self._merge(self.main)
        self._merge(self.main | self.other)
        with self.assertRaisesRegex(UserError, self.main.name):
            self._merge(self.other | self._make_complaint())

    def test_open_one_is_not_merged_into_one_that_has_ended(self):
        ended = self._make_complaint(kind="enquiry").with_user(self.user_officer)
        ended.action_close()
        with self.assertRaisesRegex(UserError, "ended"):
            self._merge(ended | self.main, main=ended)

    def test_merged_complaint_cannot_be_brought_back(self):
        self._merge(self.main | self.other)
        with self.assertRaisesRegex(UserError, self.main.name):
            self.other.action_unarchive()

    def test_staff_does_not_merge(self):
        with self.assertRaises(AccessError):
            self.env["patient.complaint.merge"].with_user(self.user_staff).create({})
