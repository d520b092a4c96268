import io
import shutil
import unittest
import zipfile

from odoo.tests import HttpCase, tagged

from ..common import PatientRelationsCase


@tagged("post_install", "-at_install")
class TestComplaintJourney(HttpCase, PatientRelationsCase):
    """One complaint from the telephone to the dossier, in Chinese, as three roles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        ours = [("name", "in", ("base", "web", "mail", "patient_relations"))]
        modules = cls.env["ir.module.module"].search(ours)
        modules._update_translations(["zh_CN"])
        users = cls.user_officer | cls.user_staff | cls.user_manager
        users.lang = "zh_CN"
        (cls.company.partner_id | cls.patient.partner_id).lang = "zh_CN"
        cls.company.phone = "0871-60000000"

    @unittest.skipUnless(shutil.which("wkhtmltopdf"), "wkhtmltopdf is not installed")
    def test_from_the_telephone_to_the_dossier(self):
        self.start_tour(
            "/odoo/complaint-intake", "patient_journey_take", login="pr_officer"
        )
        complaint = self.env["patient.complaint"].search([], order="id desc", limit=1)
        self.start_tour(
            "/odoo/complaint-questions",
            "patient_journey_answer",
            login="pr_staff",
        )
        self.assertEqual(complaint.inquiry_ids.state, "answered")
        address = f"/odoo/complaints/{complaint.id}"
        self.start_tour(address, "patient_journey_write", login="pr_officer")
        reply = complaint.reply_ids
        self.assertNotIn("____", reply.body)
        letters = f"/odoo/complaint-replies/{reply.id}"
        self.start_tour(letters, "patient_journey_approve", login="pr_manager")
        self.assertEqual(reply.approver_id, self.user_manager)
        self.start_tour(letters, "patient_journey_send", login="pr_officer")
        self._assert_ended_in_time(complaint)
        self._assert_dossier(complaint)

    def _assert_ended_in_time(self, complaint):
        self.assertEqual(complaint.state, "closed")
        self.assertEqual(set(complaint.deadline_ids.mapped("state")), {"met"})
        self.assertEqual(complaint.problem_ids.finding, "partly")
        self.assertFalse(complaint.handover_warning)

    def _assert_dossier(self, complaint):
        self.authenticate("pr_officer", "pr_officer")
        answer = self.url_open(f"/patient/complaint/{complaint.id}/dossier")
        self.assertEqual(answer.status_code, 200)
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        self.assertIn(f"{complaint.name}.pdf", names)
        self.assertIn("manifest.csv", names)
        # the letter as it went out
        self.assertTrue([name for name in names if name.startswith("replies/")])
