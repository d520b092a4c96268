from odoo.tests import HttpCase, tagged

from ..common import PatientRelationsCase


class ComplaintTourCase(HttpCase, PatientRelationsCase):
    """Sets the scene of the tours, which run on a desk and on a phone."""

    def _walk_intake(self):
        self.start_tour(
            "/odoo/complaint-intake", "patient_complaint_intake", login="pr_officer"
        )
        complaint = self.env["patient.complaint"].search([], order="id desc", limit=1)
        self.assertEqual(complaint.patient_id, self.patient)
        self.assertEqual(complaint.encounter_id, self.encounter)
        self.assertEqual(complaint.lead_department_id, self.cardiology)
        self.assertEqual(complaint.narrative, "排队三个小时没有人解释")
        self.assertEqual(sorted(complaint.problem_ids.mapped("severity")), ["2", "3"])
        self.assertEqual(complaint.user_id, self.user_officer)

    def _walk_work(self):
        complaint = self._make_complaint(
            summary="病房太吵", user_id=self.user_officer.id
        )
        self.start_tour(
            "/odoo/complaint-work", "patient_complaint_work", login="pr_officer"
        )
        self.assertEqual(complaint.state, "investigating")
        self.assertEqual(complaint.problem_ids.finding, "partly")


@tagged("post_install", "-at_install")
class TestComplaintTours(ComplaintTourCase):
    def test_intake(self):
        self._walk_intake()

    def test_work_list(self):
        self._walk_work()

    def test_statistics(self):
        self._make_complaint(lead_department_id=self.cardiology.id)
        self.env["patient.department.month"]._refresh()
        self.start_tour(
            "/odoo/complaint-problems",
            "patient_complaint_statistics",
            login="pr_manager",
        )

    def test_reply(self):
        self.company.phone = "19900008000"
        self.company.partner_id.lang = "en_US"
        complaint = self._make_complaint(
            complainant_name="张伟", user_id=self.user_officer.id
        )
        self.start_tour(
            f"/odoo/complaints/{complaint.id}",
            "patient_complaint_reply",
            login="pr_officer",
        )
        self.assertEqual(complaint.state, "acknowledged")
        self.assertEqual(complaint.reply_ids.way, "in_person")


@tagged("post_install", "-at_install")
class TestComplaintToursOnAPhone(ComplaintTourCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_intake(self):
        self._walk_intake()

    def test_work_list(self):
        self._walk_work()
