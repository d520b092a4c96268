import hashlib
import re
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged

from .test_complaint_evidence import PNG
from .test_complaint_inquiry import InquiryCase

NOW = datetime(2026, 3, 4, 2, 0)


class LinkCase(InquiryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inquiry = cls._ask(
            person_name="贺子衿",
            person_email="he.zijin@example.com",
            question="请写下您看到的经过\n<b>第二行</b>",
            kind="statement",
        )

    def _mails(self):
        return self.env["mail.mail"].search(
            [("email_to", "=", self.inquiry.person_email)], order="id"
        )

    def _get_mailed_token(self, mail):
        return re.search(r"/patient/inquiry/([\w-]{43})", mail.body_html)[1]


@tagged("post_install", "-at_install")
class TestComplaintInquiryLink(LinkCase):
    @freeze_time(NOW)
    def test_mail_waits_in_the_queue_and_says_no_more_than_the_number(self):
        self.inquiry.with_user(self.user_officer).action_send_link()
        mail = self._mails()
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.subject, self.complaint.name)
        self.assertTrue(mail.auto_delete)
        self.assertFalse(mail.res_id, "no history shows the link")
        for secret in ("经过", self.complaint.summary, self.user_officer.login):
            self.assertNotIn(secret, mail.body_html)
        self.assertEqual(self.inquiry.link_expires_at, NOW + timedelta(days=14))

    def test_token_is_kept_as_a_hash_only(self):
        self.inquiry.with_user(self.user_officer).action_send_link()
        token = self._get_mailed_token(self._mails())
        digest = hashlib.sha256(token.encode()).hexdigest()
        self.assertEqual(self.inquiry.sudo().link_token_hash, digest)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT t::text FROM patient_complaint_inquiry t WHERE id = %s",
            (self.inquiry.id,),
        )
        self.assertNotIn(token, self.env.cr.fetchone()[0])
        self.assertNotIn(token, "".join(self.complaint.message_ids.mapped("body")))

    def test_new_link_ends_the_one_before(self):
        self.inquiry.action_send_link()
        self.inquiry.action_send_link()
        first, second = (self._get_mailed_token(mail) for mail in self._mails())
        self.assertFalse(self.inquiry._find_by_link(first))
        self.assertEqual(self.inquiry._find_by_link(second), self.inquiry)

    def test_life_of_a_link_is_the_hospitals_choice_if_it_is_sound(self):
        parameters = self.env["ir.config_parameter"].sudo()
        for value, days in (("3", 3), ("0", 14), ("many", 14), ("9999", 14)):
            parameters.set_param("patient_relations.inquiry_link_days", value)
            self.assertEqual(self.inquiry._get_link_days(), days, value)

    def test_who_has_an_account_gets_no_link(self):
        self.employee_staff.work_email = "wang@example.com"
        inquiry = self._ask(employee_id=self.employee_staff.id)
        self.assertFalse(inquiry.can_be_linked)
        with self.assertRaisesRegex(UserError, "王芳"):
            inquiry.action_send_link()

    def test_link_needs_a_name_an_address_and_a_waiting_question(self):
        nameless = self._ask(department_id=self.surgery.id)
        with self.assertRaises(UserError):
            nameless.action_send_link()
        with self.assertRaises(ValidationError):
            self.inquiry.person_email = "nowhere"
        self.inquiry.person_email = False
        with self.assertRaisesRegex(UserError, "贺子衿"):
            self.inquiry.action_send_link()
        self._answer(self.inquiry, self.user_officer)
        with self.assertRaises(UserError):
            self.inquiry.action_show_link()

    def test_link_to_copy_is_shown_once(self):
        action = self.inquiry.with_user(self.user_officer).action_show_link()
        url = action["params"]["message"]
        self.assertEqual(
            self.inquiry._find_by_link(url.rpartition("/")[2]), self.inquiry
        )

    def test_answer_that_is_sent_back_brings_a_new_link(self):
        self.inquiry.action_send_link()
        self.inquiry._record_answer("不清楚", [], answer_way="link")
        self.inquiry.with_user(self.user_officer)._send_back("请写明时间")
        self.assertEqual(len(self._mails()), 2)


@tagged("post_install", "-at_install")
class TestComplaintInquiryPage(HttpCase, LinkCase):
    """The page over HTTP, as a browser without JavaScript sends it."""

    def setUp(self):
        super().setUp()
        self.token = self.inquiry._create_link().rpartition("/")[2]
        self.authenticate(None, None)

    def _get(self, token=None, lang="en"):
        return self.url_open(
            f"/patient/inquiry/{token or self.token}",
            headers={"Accept-Language": lang},
        )

    def _post(self, answer="我看到的经过", files=(), token=None, csrf=None, **more):
        csrf = csrf if csrf is not None else self._get_csrf()
        return self.url_open(
            f"/patient/inquiry/{token or self.token}",
            data={"csrf_token": csrf, "answer": answer, **more},
            files=[("files", file) for file in files] or None,
            headers={"Accept-Language": "en"},
        )

    def _get_csrf(self):
        return re.search(r'name="csrf_token" value="([^"]+)"', self._get().text)[1]

    # the page

    def test_page_shows_the_question_and_nobody(self):
        self.complaint.write(
            {"patient_id": self.patient.id, "complainant_name": "钱投诉"}
        )
        response = self._get()
        self.assertEqual(response.status_code, 200)
        self.assertIn(self.complaint.name, response.text)
        self.assertIn(self.company.name, response.text)
        self.assertIn("请写下您看到的经过", response.text)
        self.assertIn("&lt;b&gt;第二行&lt;/b&gt;", response.text)
        self.assertIn('name="csrf_token"', response.text)
        for secret in (
            self.patient.name,
            "钱投诉",
            self.complaint.summary,
            self.user_officer.login,
            "贺子衿",
        ):
            self.assertNotIn(secret, response.text)

    def test_page_is_small_and_needs_no_script_and_no_other_file(self):
        response = self._get()
        self.assertLess(len(response.content), 50_000)
        self.assertNotRegex(response.text, r"<(script|link|img|iframe)\b")
        self.assertIn("width=device-width", response.text)

    def test_headers_keep_the_link_to_oneself(self):
        for token in (self.token, "wrong"):
            headers = self._get(token).headers
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertIn("noindex", headers["X-Robots-Tag"])
            self.assertIn("no-store", headers["Cache-Control"])
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")

    def test_language_is_the_browsers_and_else_the_hospitals(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.company.partner_id.lang = "zh_CN"
        for asked, given in (
            ("zh-TW,zh;q=0.9,en;q=0.5", "zh-CN"),
            ("en-GB,en;q=0.9", "en-US"),
            ("fr-FR,en;q=0.2", "en-US"),
            ("fr-FR", "zh-CN"),
            ("*", "zh-CN"),
            ("", "zh-CN"),
        ):
            with self.subTest(asked=asked):
                self.assertIn(f'lang="{given}"', self._get(lang=asked).text)
        self.company.partner_id.lang = "en_US"
        self.assertIn('lang="en-US"', self._get(lang="fr-FR").text)

    def test_day_is_that_of_the_hospital(self):
        self.inquiry.due_at = datetime(2026, 3, 4, 17, 30)
        self.assertIn("3/5/26", self._get().text)

    # links that do not work

    def test_all_links_that_do_not_work_give_the_same_page(self):
        answers = [self._get("wrong"), self._get("x" * 5000)]
        answers.append(self._get("%00%ff%E2%80%AE"))
        self.inquiry.link_expires_at = fields.Datetime.now()
        answers.append(self._get())
        self.inquiry.link_expires_at = fields.Datetime.now() + timedelta(days=1)
        self.assertEqual(self._get().status_code, 200)
        self.inquiry.with_user(self.user_officer).action_withdraw_link()
        answers.append(self._get())
        self.inquiry._create_link()
        answers.append(self._get())
        self.assertEqual({answer.status_code for answer in answers}, {404})
        self.assertEqual(len({answer.content for answer in answers}), 1)

    def test_link_of_a_cancelled_question_does_not_work(self):
        self.inquiry._cancel("x")
        self.assertEqual(self._get().status_code, 404)

    def test_answer_through_a_withdrawn_link_is_refused(self):
        csrf = self._get_csrf()
        self.inquiry.action_withdraw_link()
        response = self._post(csrf=csrf)
        self.assertEqual(response.status_code, 404)
        self.assertEqual(self.inquiry.state, "asked")

    # answering

    def test_answer_arrives_with_its_files(self):
        response = self._post(
            "十点到场\r\n第二行",
            [("a.png", PNG, "image/png"), ("b.txt", "记录".encode(), "text/plain")],
        )
        self.assertEqual(response.status_code, 200)
        self.assertIn("has been received", response.text)
        self.assertEqual(self.inquiry.state, "answered")
        self.assertEqual(self.inquiry.answer, "十点到场\n第二行")
        self.assertEqual(self.inquiry.answer_way, "link")
        self.assertEqual(self.inquiry.answered_by_name, "贺子衿")
        self.assertFalse(self.inquiry.answered_by_id)
        evidence = self.complaint.evidence_ids
        self.assertEqual(evidence.inquiry_id, self.inquiry)
        self.assertEqual(
            evidence.mapped("sha256"),
            [hashlib.sha256(raw).hexdigest() for raw in (PNG, "记录".encode())],
        )
        self.assertIn("十点到场", self.complaint.message_ids[0].body)

    def test_who_is_logged_in_answers_as_the_person_of_the_link(self):
        self.authenticate("pr_plain", "pr_plain")
        self._post()
        self.assertFalse(self.inquiry.answered_by_id)
        self.assertEqual(self.inquiry.answer_way, "link")

    def test_second_click_changes_nothing(self):
        csrf = self._get_csrf()
        self._post("第一次", csrf=csrf)
        response = self._post("第二次", [("a.png", PNG, "image/png")], csrf=csrf)
        self.assertEqual(response.status_code, 200)
        self.assertIn("has been received", response.text)
        self.assertEqual(self.inquiry.answer, "第一次")
        self.assertFalse(self.complaint.evidence_ids)

    def test_answered_link_says_so(self):
        self._post()
        response = self._get()
        self.assertEqual(response.status_code, 200)
        self.assertIn("has been received", response.text)
        self.assertNotIn("<form", response.text)
        self.assertNotIn("我看到的经过", response.text)

    def test_sent_back_answer_shows_the_reason_and_takes_another(self):
        self._post("不清楚")
        self.inquiry.person_email = False
        self.inquiry.with_user(self.user_officer)._send_back("请写明时间")
        self.assertIn("请写明时间", self._get().text)
        self._post("十点零五分")
        self.assertEqual(self.inquiry.answer, "十点零五分")

    def test_without_csrf_token_the_text_comes_back(self):
        for csrf in ("", "wrong", "0o99999999999"):
            response = self._post("写了很久的话", csrf=csrf)
            self.assertEqual(response.status_code, 400)
            self.assertIn("写了很久的话", response.text)
            self.assertEqual(self.inquiry.state, "asked")
        fresh = re.search(r'name="csrf_token" value="([^"]+)"', response.text)[1]
        self._post("写了很久的话", csrf=fresh)
        self.assertEqual(self.inquiry.answer, "写了很久的话")

    def test_nothing_said_is_no_answer(self):
        for text in ("", "  \r\n ", "\x00"):
            response = self._post(text)
            self.assertEqual(response.status_code, 400)
            self.assertIn("is empty", response.text)
        self.assertEqual(self.inquiry.state, "asked")

    # hostile

    def test_script_is_kept_as_text(self):
        hostile = "<script>alert(1)</script>'; DROP TABLE res_users;-- {{7*7}}"
        self._post(hostile)
        self.assertEqual(self.inquiry.answer, hostile)
        self.assertNotIn("<script>", self.complaint.message_ids[0].body)

    def test_strange_characters_are_kept_and_null_bytes_are_not(self):
        self._post("a\x00b \u202eתירבע\u202c 👩‍⚕️ 𠀀")
        self.assertEqual(self.inquiry.answer, "ab \u202eתירבע\u202c 👩‍⚕️ 𠀀")

    def test_broken_bytes_make_no_error(self):
        response = self.url_open(
            f"/patient/inquiry/{self.token}",
            data=b"csrf_token="
            + self._get_csrf().encode()
            + b"&answer=%ff%fe%ed%a0%80x",
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept-Language": "en",
            },
        )
        self.assertEqual(response.status_code, 200)
        self.assertIn("x", self.inquiry.answer)

    def test_a_megabyte_of_text_is_refused_in_words(self):
        response = self._post("字" * 350_000)
        self.assertEqual(response.status_code, 400)
        self.assertIn("20000 characters", response.text)
        self.assertLess(len(response.content), 50_000)
        self.assertEqual(self.inquiry.state, "asked")

    def test_longest_answer_is_taken(self):
        self._post("字" * 20_000)
        self.assertEqual(len(self.inquiry.answer), 20_000)

    def test_field_that_comes_as_a_file_is_no_text(self):
        response = self.url_open(
            f"/patient/inquiry/{self.token}",
            data={"csrf_token": self._get_csrf()},
            files={"answer": ("a.txt", b"x")},
            headers={"Accept-Language": "en"},
        )
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.inquiry.state, "asked")

    def test_more_fields_than_asked_for_change_nothing(self):
        self._post(state="accepted", answered_by_name="别人", complaint_id="1")
        self.assertEqual(self.inquiry.state, "answered")
        self.assertEqual(self.inquiry.answered_by_name, "贺子衿")

    # files

    def test_files_that_cannot_be_taken_are_named_and_the_text_stays(self):
        large = b"\xff\xd8\xff\xe0" + b"0" * (10 * 1024 * 1024)
        for files, words in (
            ([("page.html", b"<html><script>x</script></html>")], "page.html"),
            ([("photo.png", b"MZ\x90\x00" + b"\x00" * 200)], "photo.png"),
            ([("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>')], "x.svg"),
            ([("nothing.png", b"")], "nothing.png"),
            ([("large.jpg", large)], "large.jpg"),
            ([(f"{number}.png", PNG) for number in range(6)], "At most 5"),
        ):
            with self.subTest(words=words):
                response = self._post("十点到场", files)
                self.assertEqual(response.status_code, 400)
                self.assertIn(words, response.text)
                self.assertIn("十点到场", response.text)
        self.assertEqual(self.inquiry.state, "asked")
        self.assertFalse(self.complaint.evidence_ids)

    def test_name_of_a_file_is_shown_as_text(self):
        response = self._post("x", [("<script>.html", b"<html></html>")])
        self.assertNotIn("<script>", response.text)
