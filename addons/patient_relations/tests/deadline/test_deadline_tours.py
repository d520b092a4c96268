from odoo.tests import HttpCase, tagged

from ..common import PatientRelationsCase


class DeadlineTourCase(HttpCase, PatientRelationsCase):
    def _walk_work(self):
        complaint = self._make_complaint(user_id=self.user_officer.id)
        self.start_tour("/odoo/deadlines", "patient_deadline_work", login="pr_officer")
        pauses = complaint.deadline_ids.pause_ids
        self.assertEqual(pauses.mapped("reason"), ["appraisal"])
        self.assertTrue(pauses.ended_at)


@tagged("post_install", "-at_install")
class TestDeadlineTours(DeadlineTourCase):
    def test_work(self):
        self._walk_work()

    def test_manage(self):
        complaint = self._make_complaint()
        complaint.sudo().action_acknowledge()
        self.start_tour(
            "/odoo/deadlines-kept", "patient_deadline_manage", login="pr_manager"
        )


@tagged("post_install", "-at_install")
class TestDeadlineToursOnAPhone(DeadlineTourCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_work(self):
        self._walk_work()
