from odoo.tests import HttpCase, tagged

from ..common import PatientRelationsCase


class ProtectionTourCase(HttpCase, PatientRelationsCase):
    """An officer who may open identities protects one, answers, and opens it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_custodian = cls._make_user("pr_custodian", "officer", "custodian")

    def _walk_protection(self):
        complaint = self._make_complaint(
            summary="护士态度不好",
            complainant_name="欧阳金丝雀",
            complainant_type="relative",
            complainant_relation="child",
            user_id=self.user_custodian.id,
        )
        self.start_tour(
            f"/odoo/complaints/{complaint.id}",
            "patient_complaint_protection",
            login="pr_custodian",
        )
        self.assertEqual(complaint.protection, "protected")
        self.assertFalse(complaint.complainant_name)
        self.assertEqual(
            complaint.thread_message_ids.mapped("sender"),
            ["office"],
        )
        access = complaint.identity_access_ids.filtered(
            lambda entry: entry.action == "opened"
        )
        self.assertEqual(access.user_id, self.user_custodian)
        self.assertEqual(access.reason, "投诉人要求今天回电")


@tagged("post_install", "-at_install")
class TestComplaintProtectionTours(ProtectionTourCase):
    def test_protection(self):
        self._walk_protection()

    def test_monthly_report(self):
        self._make_complaint(lead_department_id=self.cardiology.id)
        self.start_tour(
            "/odoo/complaint-problems",
            "patient_complaint_monthly",
            login="pr_manager",
        )


@tagged("post_install", "-at_install")
class TestComplaintProtectionToursOnAPhone(ProtectionTourCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_protection(self):
        self._walk_protection()
