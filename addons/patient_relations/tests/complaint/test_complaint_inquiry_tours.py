from odoo.tests import HttpCase, tagged

from .test_complaint_inquiry import InquiryCase


class InquiryTourCase(HttpCase, InquiryCase):
    def _walk_answer(self):
        self.start_tour(
            "/odoo/complaint-questions",
            "patient_complaint_inquiry_answer",
            login="pr_staff_surgery",
        )
        self.assertEqual(self.inquiry.state, "answered")
        self.assertEqual(self.inquiry.answer, "十点到场")
        self.assertEqual(self.inquiry.answered_by_id, self.user_staff_surgery)

    def _walk_assess(self):
        complaint = self.complaint
        complaint.summary = "输液反应"
        self.start_tour(
            "/odoo/complaint-work", "patient_complaint_assess", login="pr_officer"
        )
        self.assertEqual(complaint.danger, "possible")
        self.assertEqual(complaint.assessed_by_id, self.user_officer)
        self.assertIn(self.cardiology, complaint.inquiry_ids.department_id)


@tagged("post_install", "-at_install")
class TestInquiryTours(InquiryTourCase):
    def test_answer(self):
        self._walk_answer()

    def test_assess(self):
        self._walk_assess()


@tagged("post_install", "-at_install")
class TestInquiryToursOnAPhone(InquiryTourCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_answer(self):
        self._walk_answer()

    def test_assess(self):
        self._walk_assess()
