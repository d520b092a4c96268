import base64
import hashlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import PatientRelationsCase

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestComplaintEvidence(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._make_complaint(lead_department_id=cls.cardiology.id)
        cls.evidence = cls.env["patient.complaint.evidence"].create(
            {
                "complaint_id": cls.complaint.id,
                "name": "病房照片",
                "kind": "photo",
                "datas": base64.b64encode(PNG),
                "filename": "room.png",
            }
        )

    def _get_file(self):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self.evidence._name),
                ("res_id", "=", self.evidence.id),
                ("res_field", "=", "datas"),
            ]
        )

    def test_fingerprint_size_and_type_are_those_of_the_bytes(self):
        self.assertEqual(self.evidence.sha256, hashlib.sha256(PNG).hexdigest())
        self.assertEqual(self.evidence.size, len(PNG))
        self.assertEqual(self.evidence.mimetype, "image/png")

    def test_history_names_the_fingerprint(self):
        self.assertIn(self.evidence.sha256[:12], self.complaint.message_ids[0].body)

    def test_content_cannot_be_changed(self):
        for values in (
            {"datas": base64.b64encode(b"other")},
            {"sha256": "0" * 64},
            {"size": 1},
            {"mimetype": "text/plain"},
            {"filename": "other.png"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.evidence.with_user(self.user_manager).write(values)
        self.evidence.name = "病房照片（三楼）"

    def test_evidence_stays_with_its_complaint(self):
        other = self._make_complaint()
        with self.assertRaises(UserError):
            self.evidence.with_user(self.user_manager).complaint_id = other

    def test_stored_file_cannot_be_changed_by_a_side_door(self):
        file = self._get_file()
        for values in (
            {"datas": base64.b64encode(b"other")},
            {"raw": b"other"},
            {"res_id": self.evidence.id + 1},
            {"type": "url", "url": "https://example.com"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                file.with_user(self.user_manager).write(values)
        with self.assertRaises(UserError):
            file.with_user(self.user_manager).unlink()
        self.assertEqual(base64.b64decode(self.evidence.datas), PNG)

    def test_storage_of_files_can_still_be_moved(self):
        file = self._get_file()
        file.write({"raw": PNG, "mimetype": "image/png"})
        self.assertEqual(file.raw, PNG)

    def test_verification_tells_whether_the_file_is_the_same(self):
        self.assertEqual(self.evidence.action_verify()["params"]["type"], "success")
        self.env.cr.execute(
            "UPDATE patient_complaint_evidence SET sha256 = %s WHERE id = %s",
            ("0" * 64, self.evidence.id),
        )
        self.evidence.invalidate_recordset()
        self.assertEqual(self.evidence.action_verify()["params"]["type"], "danger")

    def test_empty_or_broken_file_is_refused(self):
        for datas in (False, b"", b"A"):
            with self.subTest(datas=datas), self.assertRaises(UserError):
                self.evidence.create(
                    {"complaint_id": self.complaint.id, "name": "x", "datas": datas}
                )

    def test_only_managers_delete_evidence_with_its_file(self):
        file = self._get_file()
        with self.assertRaises(AccessError):
            self.evidence.with_user(self.user_officer).unlink()
        self.evidence.with_user(self.user_manager).unlink()
        self.assertFalse(file.exists())
