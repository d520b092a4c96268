import re
import secrets
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...tools import receipts
from ..common import PatientRelationsCase

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
SCRIPT = "<script>alert(1)</script>"
EMOJI = "\u202eطبيب 👩‍⚕️ 投诉"


@tagged("post_install", "-at_install")
class TestComplaintVoice(HttpCase, PatientRelationsCase):
    """The public pages, as a phone without scripts sees them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.complaint = cls._make_complaint(
            protection="anonymous",
            user_id=cls.user_officer.id,
            summary="夜里没有人应铃",
        )
        cls.code = cls.complaint._draw_receipts()[cls.complaint.id]

    def setUp(self):
        super().setUp()
        attempts = type(self.env["patient.voice.attempt"])
        self.hurry = patch.object(attempts, "_is_allowed", lambda *_args: True)
        self.hurry.start()
        self.addCleanup(self.hurry.stop)

    def _get(self, path="", **params):
        return self.url_open(f"/patient/voice{path}", params=params)

    def _post(self, path="", files=None, **values):
        """Send the form of a page, with the hidden fields that it holds."""
        page = self._get("/new" if path == "/new" else path).text
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        return self.url_open(
            f"/patient/voice{path}",
            data={**hidden, **values},
            files=files or {"none": ("", b"")},
        )

    def _enter(self):
        return self._post(code=self.code)

    def _last(self):
        return self.env["patient.complaint"].search([], order="id desc", limit=1)

    def _check_page(self, response, status=200):
        self.assertEqual(response.status_code, status, response.text[:300])
        self.assertLess(len(response.content), 50_000)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("noindex", response.headers["X-Robots-Tag"])
        self.assertIn("default-src 'none'", response.headers["Content-Security-Policy"])
        self.assertNotIn("<script", response.text)
        self.assertIn('name="viewport"', response.text)
        self.assertNotIn(self.code, response.url)

    # what pages are like

    def test_pages_are_small_plain_and_not_kept(self):
        for response in (self._get(), self._get("/new"), self._enter()):
            self._check_page(response)

    def test_language_is_chosen_by_link(self):
        self.assertIn('lang="zh-CN"', self._get(lang="zh_CN").text)
        self.assertIn('lang="en-US"', self._get(lang="en_US").text)
        self._check_page(self._get(lang="'><script>"))

    def test_department_list_of_a_large_hospital_fits_the_page(self):
        self.env["hr.department"].create(
            [{"name": f"一个名字相当长的临床科室第{n}病区"} for n in range(400)]
        )
        self._check_page(self._get("/new"))

    # the code

    def test_code_opens_the_conversation(self):
        self.complaint.with_user(self.user_officer).write({"thread_draft": "我们在查"})
        self.complaint.with_user(self.user_officer).action_send_thread_draft()
        response = self._enter()
        self.assertTrue(response.url.endswith("/patient/voice/thread?lang=en_US"))
        self.assertIn(self.complaint.name, response.text)
        self.assertIn("我们在查", response.text)
        self.assertNotIn(self.user_officer.name, response.text)

    def test_code_is_read_with_small_letters_and_blanks(self):
        self.code = self.code.lower().replace("-", "  ")
        self.assertIn(self.complaint.name, self._enter().text)

    def test_wrong_revoked_and_unknown_codes_get_one_answer(self):
        other = self._make_complaint(protection="protected")
        revoked = other._draw_receipts()[other.id]
        other.action_revoke_receipt()
        renewed = other._draw_receipts()[other.id]
        other._draw_receipts()
        answers = set()
        for code in (
            "",
            "X",
            receipts.draw_code(),
            revoked,
            renewed,
            SCRIPT,
            "' OR 1=1 --",
            "\x00",
            EMOJI,
            "A" * 100_000,
        ):
            response = self._post(code=code)
            self._check_page(response)
            text = re.sub(r'value="[^"]*"', "", response.text)
            answers.add((response.status_code, text))
        self.assertEqual(len(answers), 1)

    def test_revoking_closes_an_open_conversation(self):
        self._enter()
        self.complaint.action_revoke_receipt()
        response = self._get("/thread")
        self.assertNotIn(self.complaint.name, response.text)
        self.assertIn('name="code"', response.text)

    def test_leaving_closes_the_conversation(self):
        self._enter()
        page = self._get("/thread").text
        token = re.search(r'name="csrf_token" value="([^"]*)"', page)[1]
        self.url_open("/patient/voice/leave", data={"csrf_token": token})
        self.assertNotIn(self.complaint.name, self._get("/thread").text)

    def test_conversation_closes_by_itself(self):
        self._enter()
        clock = "odoo.addons.patient_relations.controllers.complaint.voice.time.time"
        with patch(clock, lambda: 10**11):
            self.assertNotIn(self.complaint.name, self._get("/thread").text)

    def test_nothing_opens_without_a_code(self):
        for path in (
            "/thread",
            "/thread?before=1",
            f"/thread?complaint={self.complaint.id}",
        ):
            self.assertNotIn(self.complaint.name, self._get(path).text)

    def test_attempts_are_slowed_down(self):
        self.hurry.stop()
        statuses = [self._post(code="X").status_code for _try in range(12)]
        self.assertIn(429, statuses)
        self.assertLessEqual(statuses.count(200), 10)
        self._check_page(self._post(code=self.code), 429)

    @mute_logger("odoo.http")
    def test_form_of_another_site_is_refused(self):
        response = self.url_open(
            "/patient/voice", data={"code": self.code}, allow_redirects=False
        )
        self.assertEqual(response.status_code, 400)

    # writing

    def test_complainant_writes_and_sends_files(self):
        self._enter()
        response = self._post(
            "/thread", body="还有一张照片", files={"files": ("张伟.png", PNG)}
        )
        self._check_page(response)
        self.assertIn("还有一张照片", response.text)
        self.complaint.invalidate_recordset()
        message = self.complaint.thread_message_ids
        self.assertEqual(message.sender, "complainant")
        self.assertEqual(self.complaint.evidence_ids.filename, "file-1.png")
        self.assertTrue(self.complaint._get_thread_activities())

    def test_somebody_who_is_logged_in_leaves_no_name(self):
        self.authenticate("pr_portal", "pr_portal")
        self._enter()
        self._post("/thread", body="登录着写的")
        self._post("/new", narrative="登录着投诉")
        public = self.env.ref("base.public_user")
        complaint = self._last()
        self.assertEqual(complaint.create_uid, public)
        self.assertEqual(complaint.write_uid, public)
        self.assertFalse(complaint.message_ids.author_id - public.partner_id)
        self.assertFalse(self.complaint.thread_message_ids.user_id)

    def test_hostile_text_is_shown_as_text(self):
        self._enter()
        for body in (
            SCRIPT,
            EMOJI,
            "a\x00b",
            "{{7*7}}",
            "%s%(x)s",
            "'; DROP TABLE x --",
        ):
            response = self._post("/thread", body=body)
            self._check_page(response)
        self.assertIn("&lt;script&gt;", response.text)
        bodies = self.complaint.thread_message_ids.mapped("body")
        self.assertIn(SCRIPT, bodies)
        self.assertIn("ab", bodies)
        self.assertIn(EMOJI, bodies)

    def test_a_megabyte_of_text_is_refused_with_a_sentence(self):
        self._enter()
        response = self._post("/thread", body="<" * 1_000_000)
        self._check_page(response)
        self.assertIn('class="error"', response.text)
        self.assertFalse(self.complaint.thread_message_ids)

    def test_refused_files_leave_nothing_half_written(self):
        self._enter()
        for files in (
            {"files": ("x.png", b"<script>")},
            [("files", (f"{n}.png", PNG)) for n in range(6)],
        ):
            response = self._post("/thread", body="看附件", files=files)
            self.assertIn('class="error"', response.text)
        self.assertFalse(self.complaint.thread_message_ids)
        self.assertFalse(self.complaint.evidence_ids)

    def test_the_same_page_sent_twice_writes_once(self):
        self._enter()
        page = self._get("/thread").text
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        for _time in range(2):
            self.url_open("/patient/voice/thread", data={**hidden, "body": "一次"})
        self.assertEqual(len(self.complaint.thread_message_ids), 1)

    def test_robots_write_nothing(self):
        self._enter()
        self._post("/thread", body="spam", website="https://example.com")
        self._post("/new", narrative="spam", website="https://example.com")
        self.assertFalse(self.complaint.thread_message_ids)
        self.assertNotEqual(self._last().narrative, "spam")

    def test_long_conversations_are_shown_in_pages(self):
        for number in range(12):
            self.complaint._receive_voice(f"第{number}条" + '"' * 4000)
        response = self._enter()
        self._check_page(response)
        self.assertIn("第11条", response.text)
        self.assertNotIn("第0条", response.text)
        seen = response.text
        while link := re.search(r"thread\?before=(\d+)", response.text):
            response = self._get("/thread", before=link[1])
            self._check_page(response)
            seen += response.text
        for number in range(12):
            self.assertIn(f"第{number}条", seen)

    # a new complaint

    def test_anonymous_complaint_gets_number_and_code(self):
        response = self._post(
            "/new",
            department=self.cardiology.id,
            narrative=f"等了三个小时 {SCRIPT}",
            expectation="请解释",
            files={"files": ("a.png", PNG)},
        )
        self._check_page(response)
        complaint = self._last()
        self.assertIn(complaint.name, response.text)
        code = re.search(r'class="code">([^<]+)<', response.text)[1]
        found = self.env["patient.complaint.receipt"]._find(code)
        self.assertEqual(found.complaint_id, complaint)
        self.assertEqual(complaint.protection, "anonymous")
        self.assertEqual(complaint.complainant_type, "anonymous")
        self.assertEqual(complaint.channel, "web")
        self.assertEqual(complaint.lead_department_id, self.cardiology)
        self.assertEqual(complaint.narrative, f"等了三个小时 {SCRIPT}")
        self.assertEqual(complaint.expectation, "请解释")
        self.assertFalse(complaint.user_id or complaint.first_receiver_id)
        self.assertEqual(len(complaint.evidence_ids), 1)

    def test_complaint_without_words_is_refused(self):
        before = self._last()
        response = self._post("/new", narrative="  ", expectation="退钱")
        self._check_page(response)
        self.assertIn("退钱", response.text)
        self.assertEqual(self._last(), before)

    def test_foreign_ids_are_ignored(self):
        company = self._make_company()
        foreign = self.env["hr.department"].create(
            {"name": "外院科室", "company_id": company.id}
        )
        page = self._get("/new")
        self.assertIn(company.name, page.text)
        self._check_page(page)
        page = self._get("/new", hospital=self.company.id)
        self.assertNotIn("外院科室", page.text)
        hidden = dict(
            re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
        )
        for department in (foreign.id, "abc", "1 OR 1", "-1", "9" * 30):
            response = self.url_open(
                "/patient/voice/new",
                data={
                    **hidden,
                    "narrative": "x",
                    "department": department,
                    "state": "closed",
                    "user_id": self.user_officer.id,
                },
            )
            self._check_page(response)
        complaint = self._last()
        self.assertEqual(complaint.company_id, self.company)
        self.assertFalse(complaint.lead_department_id)
        self.assertEqual(complaint.state, "received")

    def test_thousand_random_codes_open_nothing(self):
        receipt = self.env["patient.complaint.receipt"]
        for _code in range(1000):
            self.assertFalse(receipt._find(receipts.draw_code()))
            self.assertFalse(receipt._find(secrets.token_urlsafe(20)))
