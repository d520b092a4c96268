import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import MODULE
from .course_common import ComplaintCourseCase


@tagged("post_install", "-at_install")
class TestComplaintSplit(ComplaintCourseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        safety = cls.env.ref(f"{MODULE}.patient_complaint_category_safety")
        cls.complaint = cls._make_complaint(
            received_at="2026-03-02 01:00:00",
            patient_id=cls.patient.id,
            encounter_id=cls.encounter.id,
            complainant_name="张伟",
            complainant_phone="13800001234",
            channel="phone",
            first_receiver_id=cls.employee_staff.id,
            user_id=cls.user_officer.id,
        )
        cls.stays = cls.complaint.problem_ids
        cls.complaint.problem_ids = [
            Command.create({"category_id": safety.id, "department_id": cls.surgery.id})
        ]
        cls.moves = cls.complaint.problem_ids - cls.stays

    def _split(self, problems, user=None):
        user = user or self.user_officer
        action = self.complaint.with_user(user).action_split()
        model = self.env[action["res_model"]].with_user(user)
        form = Form(model.with_context(**action["context"]))
        for problem in problems:
            form.problem_ids.add(problem)
        form.summary = "伤口换药"
        action = form.save().action_split()
        return self.env["patient.complaint"].browse(action["res_id"])

    def test_part_has_the_same_people_and_receipt_and_its_own_lead(self):
        evidence = self.env["patient.complaint.evidence"].create(
            {
                "complaint_id": self.complaint.id,
                "name": "照片",
                "datas": base64.b64encode(b"x"),
            }
        )
        part = self._split(self.moves)
        for name in (
            "patient_id",
            "encounter_id",
            "complainant_name",
            "complainant_phone",
            "channel",
            "received_at",
            "first_receiver_id",
            "first_department_id",
            "company_id",
        ):
            self.assertEqual(part[name], self.complaint[name], name)
        self.assertEqual(part.lead_department_id, self.surgery)
        self.assertEqual(part.summary, "伤口换药")
        self.assertNotEqual(part.name, self.complaint.name)
        self.assertEqual(part.problem_ids, self.moves)
        self.assertEqual(self.complaint.problem_ids, self.stays)
        self.assertEqual(evidence.complaint_id, self.complaint)
        self.assertEqual(
            part.handover_ids.mapped("to_department_id.name"), ["心内科", "外科"]
        )

    def test_both_point_to_each_other_and_tell_it(self):
        part = self._split(self.moves)
        self.assertEqual(part.split_from_id, self.complaint)
        self.assertEqual(self.complaint.split_ids, part)
        self.assertEqual((self.complaint.split_count, part.split_count), (1, 1))
        action = part.action_open_splits()
        self.assertEqual(
            self.env["patient.complaint"].search(action["domain"]),
            part | self.complaint,
        )
        self.assertIn(part.name, self.complaint.message_ids[0].body)
        self.assertIn(self.complaint.name, part.message_ids[0].body)

    def test_part_of_a_part_points_to_the_first(self):
        part = self._split(self.moves)
        part.problem_ids = [Command.create({"category_id": self.moves.category_id.id})]
        self.complaint, source = part, self.complaint
        self.assertEqual(self._split(self.moves).split_from_id, source)

    def test_part_is_no_repeat(self):
        part = self._split(self.moves)
        self.assertEqual((self.complaint.repeat_number, part.repeat_number), (1, 1))
        later = self._make_complaint(
            patient_id=self.patient.id, received_at="2026-03-09 01:00:00"
        )
        self.assertEqual(later.repeat_number, 2)

    def test_response_given_is_none_to_the_part(self):
        self._reply(self.complaint)
        part = self._split(self.moves)
        self.assertEqual(part.state, "investigating")
        self.assertEqual(part.acknowledged_on, self.complaint.acknowledged_on)
        self.assertFalse(part.responded_on)

    def test_something_must_move_and_something_stay(self):
        before = self.env["patient.complaint"].search_count([])
        for problems, text in (
            (self.moves | self.stays, "must stay"),
            (self.moves.browse(), "Choose the problems"),
            (self._make_complaint().problem_ids, "Choose the problems"),
        ):
            with self.assertRaisesRegex(UserError, text):
                self.complaint._split(problems, {"summary": "x"})
        self.assertEqual(self.env["patient.complaint"].search_count([]), before + 1)

    def test_ended_one_is_not_split(self):
        self.complaint.write({"state": "withdrawn", "state_note": "撤回"})
        with self.assertRaisesRegex(UserError, "Reopen it first"):
            self._split(self.moves)

    def test_person_complained_about_does_not_get_the_part(self):
        self.moves.employee_id = self.env["hr.employee"].create(
            {"name": "周敏", "user_id": self.user_manager.id}
        )
        with self.assertRaisesRegex(UserError, "pr_manager"):
            self.complaint.with_user(self.user_officer)._split(
                self.moves, {"summary": "x", "user_id": self.user_manager.id}
            )

    def test_staff_does_not_split(self):
        with self.assertRaises(AccessError):
            self.env["patient.complaint.split"].with_user(self.user_staff).create({})
