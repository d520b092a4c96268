from odoo import fields
from odoo.tests import HttpCase, tagged

from .course_common import ComplaintCourseCase


class CourseTourCase(HttpCase, ComplaintCourseCase):
    def _walk_course(self):
        complaint = self._make_complaint(
            summary="病房太吵",
            first_receiver_id=self.employee_staff.id,
            lead_department_id=self.surgery.id,
            user_id=self.user_officer.id,
        )
        self._reply(complaint)
        self.start_tour(
            f"/odoo/complaints/{complaint.id}",
            "patient_complaint_course",
            login="pr_officer",
        )
        self.assertEqual(complaint.satisfaction, "4")
        self.assertEqual(complaint.satisfaction_user_id, self.user_officer)


@tagged("post_install", "-at_install")
class TestComplaintCourseTours(CourseTourCase):
    def test_course(self):
        self._walk_course()

    def test_handling(self):
        self._make_complaint(
            lead_department_id=self.cardiology.id, patient_id=self.patient.id
        )
        self._make_complaint(
            lead_department_id=self.cardiology.id,
            patient_id=self.patient.id,
            received_at=fields.Datetime.subtract(fields.Datetime.now(), days=3),
        )
        self.env["patient.complaint.repeat"]._refresh(self.company)
        self.start_tour(
            "/odoo/complaint-handling", "patient_complaint_handling", login="pr_manager"
        )


@tagged("post_install", "-at_install")
class TestComplaintCourseToursOnAPhone(CourseTourCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_course(self):
        self._walk_course()
