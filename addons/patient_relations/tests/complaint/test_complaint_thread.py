import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ...models.complaint.patient_complaint_thread_message import MAX_LENGTH
from ...tools import receipts, redaction, uploads
from ..common import PatientRelationsCase

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


class TestReceipts(BaseCase):
    """Codes, uploads and redaction, without a database."""

    def test_codes_are_long_different_and_easy_to_copy(self):
        codes = {receipts.draw_code() for _code in range(2000)}
        self.assertEqual(len(codes), 2000)
        signs = set("".join(codes)) - {"-"}
        self.assertEqual(signs & set("01OIL"), set())
        self.assertGreater(len(receipts.ALPHABET) ** 20, 2**80)
        self.assertEqual({len(code) for code in codes}, {24})

    def test_typing_does_not_matter(self):
        for typed in (
            "abcd-efgh",
            " ABCD EFGH ",
            "ＡＢＣＤ－ＥＦＧＨ",
            "abcd\u2013efgh\x00",
        ):
            self.assertEqual(receipts.normalize_code(typed), "ABCDEFGH", typed)
        self.assertEqual(receipts.normalize_code(None), "")

    def test_digest_needs_the_secret(self):
        digest = receipts.get_digest("ABCD", "one")
        self.assertEqual(digest, receipts.get_digest("ab-cd", "one"))
        self.assertNotEqual(digest, receipts.get_digest("ABCD", "two"))

    def test_files_are_known_by_their_first_bytes(self):
        for content, kind in (
            (PNG, "photo"),
            (b"\xff\xd8\xff\xe0", "photo"),
            (b"%PDF-1.7", "document"),
            (b"ID3\x04", "audio"),
            (b"RIFF....WAVE", "audio"),
            (b"....ftypisom", "video"),
        ):
            self.assertEqual(uploads.recognize(content)[0], kind, content)
        for content in (
            b"",
            b"<html>",
            b"<svg onload=x>",
            b"MZ\x90",
            b"PK\x03\x04",
            b"RIFF....AVI ",
        ):
            self.assertIsNone(uploads.recognize(content), content)

    def test_words_are_found_however_they_are_written(self):
        pattern = redaction.get_pattern(
            ["张伟", "Li Na", "A&B <c@example.com>"], ["138 0000-1234", "12"]
        )
        for text in (
            "张伟",
            "LI  NA",
            "13800001234",
            "+86 138-0000-1234",
            "A&amp;B &lt;c@example.com&gt;",
        ):
            self.assertIn(redaction.MARK, redaction.redact(text, pattern), text)
        for text in ("张 某", "Lina", "12345", "Li Nails"):
            self.assertEqual(redaction.redact(text, pattern), text)

    def test_nothing_known_finds_nothing(self):
        self.assertEqual(redaction.get_pattern([None, "", "王"], [False, "123"]), "")
        self.assertEqual(redaction.redact("王 123", ""), "王 123")


@tagged("post_install", "-at_install")
class TestComplaintThread(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._make_complaint(
            protection="anonymous",
            complainant_type="anonymous",
            lead_department_id=cls.cardiology.id,
            user_id=cls.user_officer.id,
        )
        cls.code = cls.complaint._draw_receipts()[cls.complaint.id]

    def _find(self, code):
        return self.env["patient.complaint.receipt"]._find(code)

    # the code

    def test_code_is_stored_as_a_hash_only(self):
        receipt = self._find(self.code)
        self.assertEqual(receipt.complaint_id, self.complaint)
        self.assertNotIn(receipts.normalize_code(self.code), receipt.code_hash.upper())
        self.assertEqual(len(receipt.code_hash), 64)
        for user in (self.user_manager, self.user_officer, self.user_plain):
            with self.assertRaises(AccessError):
                receipt.with_user(user).read(["code_hash"])

    def test_renewing_ends_the_former_code(self):
        action = self.complaint.with_user(self.user_officer).action_draw_receipt()
        new = action["context"]["default_code"]
        self.assertFalse(self._find(self.code))
        self.assertEqual(self._find(new).complaint_id, self.complaint)
        shown = (
            self.env["patient.complaint.receipt.show"]
            .with_user(self.user_officer)
            .create({"complaint_id": self.complaint.id, "code": new})
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(shown.code)

    def test_revoked_code_opens_nothing(self):
        self.assertEqual(self.complaint.receipt_state, "valid")
        self.complaint.with_user(self.user_officer).action_revoke_receipt()
        self.complaint.invalidate_recordset()
        self.assertEqual(self.complaint.receipt_state, "revoked")
        self.assertFalse(self._find(self.code))
        self.assertEqual(self._make_complaint().receipt_state, "none")

    def test_department_staff_gives_out_no_codes(self):
        complaint = self.complaint.with_user(self.user_staff)
        for call in (complaint.action_draw_receipt, complaint.action_revoke_receipt):
            with self.assertRaises(UserError):
                call()
        self.assertTrue(self._find(self.code))

    # the conversation

    def test_complainant_leaves_neither_user_nor_time(self):
        self.complaint._receive_voice("还没有回音")
        message = self.complaint.thread_message_ids
        self.assertEqual(message.sender, "complainant")
        self.assertFalse(message.user_id)
        self.assertFalse({"create_uid", "create_date"} & message._fields.keys())
        self.assertEqual(message._fields["date"].type, "date")
        self.assertTrue(self.complaint.thread_waiting)

    def test_office_answers_by_name_and_ends_the_waiting(self):
        self.complaint._receive_voice("在吗")
        complaint = self.complaint.with_user(self.user_manager)
        complaint.thread_draft = "我们已经去了病房"
        complaint.action_send_thread_draft()
        answer = self.complaint.thread_message_ids[-1]
        self.assertEqual(answer.sender, "office")
        self.assertEqual(answer.user_id, self.user_manager)
        self.assertFalse(self.complaint.thread_draft)
        self.assertFalse(self.complaint.thread_waiting)
        self.assertFalse(self.complaint._get_thread_activities())

    def test_many_messages_make_one_activity(self):
        for _message in range(3):
            self.complaint._receive_voice("请回复")
        activities = self.complaint._get_thread_activities()
        self.assertEqual(len(activities), 1)
        self.assertEqual(activities.user_id, self.user_officer)
        self.assertNotIn("请回复", f"{activities.summary}{activities.note}")

    def test_officer_cannot_write_as_the_complainant(self):
        message = (
            self.env["patient.complaint.thread.message"]
            .with_user(self.user_officer)
            .create(
                {
                    "complaint_id": self.complaint.id,
                    "body": "我撤诉",
                    "sender": "complainant",
                    "user_id": self.user_manager.id,
                    "date": "2020-01-01",
                }
            )
        )
        self.assertEqual(message.sender, "office")
        self.assertEqual(message.user_id, self.user_officer)
        self.assertEqual(message.date, self.company._patient_today())
        with self.assertRaises(AccessError):
            message.write({"body": "x"})
        with self.assertRaises(AccessError):
            message.unlink()

    def test_empty_and_endless_messages_are_refused(self):
        for body in (None, "", " \n\x00 ", "长" * (MAX_LENGTH + 1)):
            with self.subTest(body=(body or "")[:5]), self.assertRaises(UserError):
                self.complaint._receive_voice(body)
        self.assertFalse(self.complaint.thread_message_ids)

    def test_database_keeps_users_out_of_what_complainants_write(self):
        self.complaint._receive_voice("x")
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE patient_complaint_thread_message SET user_id = %s",
                [self.user_officer.id],
            )

    # files

    def test_files_become_evidence_without_their_names(self):
        self.complaint._receive_voice("", [PNG])
        evidence = self.complaint.evidence_ids
        self.assertEqual(evidence.kind, "photo")
        self.assertEqual(evidence.filename, "file-1.png")
        self.assertTrue(evidence.is_hidden)
        self.assertTrue(self.complaint.thread_message_ids.body)

    def test_other_files_are_refused(self):
        for content in (b"<script>", b"MZ\x90", PNG + b"x" * uploads.MAX_BYTES):
            with self.subTest(content=content[:5]), self.assertRaises(UserError):
                self.complaint._receive_voice("看附件", [content])

    def test_a_complaint_takes_twenty_files(self):
        self.complaint._receive_voice("", [PNG] * 20)
        with self.assertRaises(UserError):
            self.complaint._receive_voice("", [PNG])

    # who

    def test_only_the_office_reads_the_conversation(self):
        self.complaint._receive_voice("x")
        message = self.complaint.thread_message_ids
        self.assertTrue(message.with_user(self.user_officer).read(["body"]))
        for user in (self.user_staff, self.user_plain, self.user_portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                message.with_user(user).read(["body"])
        self.assertTrue(self.complaint.with_user(self.user_staff).read(["protection"]))

    def test_accused_officer_reads_no_conversation(self):
        self.complaint._receive_voice("x")
        employee = self.env["hr.employee"].create(
            {"name": "周", "user_id": self.user_manager.id}
        )
        self.complaint.problem_ids.employee_id = employee
        message = self.complaint.thread_message_ids.with_user(self.user_manager)
        with self.assertRaises(AccessError):
            message.read(["body"])
        with self.assertRaises(AccessError):
            message.create({"complaint_id": self.complaint.id, "body": "x"})

    def test_canary_of_another_hospital(self):
        company = self._make_company()
        stranger = self._make_user(
            "pr_stranger", "manager", company_id=company.id, company_ids=company.ids
        )
        self.complaint._receive_voice("金丝雀")
        message = self.complaint.thread_message_ids.with_user(stranger)
        self.assertFalse(message.search([]))
        with self.assertRaises(AccessError):
            message.read(["body"])
        with self.assertRaises(AccessError):
            message.create({"complaint_id": self.complaint.id, "body": "x"})

    # attempts

    def test_attempts_are_few_in_any_minute_and_keep_no_address(self):
        attempts = self.env["patient.voice.attempt"]
        allowed = [attempts._is_allowed("code", "203.0.113.7") for _try in range(30)]
        self.assertLessEqual(sum(allowed), 10)
        self.assertEqual(allowed[:5], [True] * 5)
        self.assertTrue(attempts._is_allowed("new", "203.0.113.7"))
        self.assertTrue(attempts._is_allowed("code", "198.51.100.1"))
        self.assertTrue(attempts._is_allowed("code", None))
        keys = attempts.search([]).mapped("key")
        self.assertNotIn("203", "".join(keys))
        self.assertEqual({len(key.partition(":")[2]) for key in keys}, {6})

    def test_attempts_are_forgotten(self):
        attempts = self.env["patient.voice.attempt"]
        for _try in range(8):
            attempts._is_allowed("code", "203.0.113.7")
        self.env.cr.execute(
            "UPDATE patient_voice_attempt SET free_at = free_at - interval '61 seconds'"
        )
        attempts._gc_attempts()
        self.assertFalse(attempts.search([]))
        self.assertTrue(attempts._is_allowed("code", "203.0.113.7"))

    def test_one_household_counts_as_one(self):
        get_key = self.env["patient.voice.attempt"]._get_key
        one = get_key("code", "2001:db8:1:2::1")
        self.assertEqual(one, get_key("code", "2001:db8:1:2:ffff::9"))
        self.assertNotEqual(one, get_key("code", "2001:db8:1:3::1"))
