from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PatientRelationsCase

MAIL = """Return-Path: <{sender}>
To: {to}
From: {name} <{sender}>
Subject: {subject}
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: 8bit
Date: Mon, 2 Mar 2026 10:00:00 +0800
Message-ID: {message_id}
{headers}
{body}
"""


@tagged("post_install", "-at_install")
class TestComplaintMail(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].search([], limit=1)
        domain = domain or cls.env["mail.alias.domain"].create(
            {"name": "hospital.example"}
        )
        cls.company.alias_domain_id = domain
        alias = cls.env.ref("patient_relations.patient_complaint_mail_alias")
        alias.alias_domain_id = domain
        cls.address = alias.alias_full_name
        cls.patient.email = "zhang.wei@example.com"

    def _receive(
        self, subject="投诉", body="等候时间太长", number=1, headers="", **values
    ):
        """Let the gateway process a mail; return the id of what it made."""
        text = MAIL.format(
            to=values.get("to", self.address),
            sender=values.get("sender", "zhang.wei@example.com"),
            name=values.get("name", "张伟"),
            subject=subject,
            body=body,
            headers=f"{headers}\n" if headers else "",
            message_id=values.get("message_id", f"<mail-{number}@example.com>"),
        )
        return self._process(text.encode())

    def _process(self, content):
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            return self.env["mail.thread"].message_process(None, content)

    def _get(self, complaint_id):
        return self.env["patient.complaint"].browse(complaint_id)

    def test_mail_of_a_patient_becomes_a_complaint(self):
        complaint = self._get(self._receive(body="等了三个小时\n没有人解释"))
        self.assertRecordValues(
            complaint,
            [
                {
                    "company_id": self.company.id,
                    "channel": "email",
                    "summary": "投诉",
                    "patient_id": self.patient.id,
                    "complainant_type": "patient",
                    "complainant_name": "张伟",
                    "complainant_email": "zhang.wei@example.com",
                    "state": "received",
                    "user_id": False,
                    "first_receiver_id": False,
                }
            ],
        )
        self.assertIn("没有人解释", complaint.narrative)
        self.assertTrue(complaint.name.startswith("TS"))
        self.assertEqual(complaint.message_ids[0].message_type, "email")

    def test_stranger_and_shared_address_name_no_patient(self):
        stranger = self._get(self._receive(sender="who@example.com", name="某人"))
        self.assertFalse(stranger.patient_id)
        self.assertEqual(stranger.complainant_type, "other")
        self._make_patient("张小伟", email="zhang.wei@example.com")
        self.assertFalse(self._get(self._receive(number=2)).patient_id)

    def test_fifty_mails_of_one_hotline_are_fifty_complaints(self):
        before = self.env["patient.complaint"].search_count([])
        for number in range(50):
            self._receive(
                number=number,
                subject=f"12345 工单 {number}",
                sender="12345@city.example",
                headers="Auto-Submitted: auto-generated",
            )
        self.assertEqual(self.env["patient.complaint"].search_count([]), before + 50)

    def test_fifty_answers_of_one_person_are_fifty_messages(self):
        complaint = self._get(self._receive())
        before = len(complaint.message_ids)
        for number in range(50):
            self._receive(number=number + 100, subject=f"Re: {complaint.name}")
        self.assertEqual(len(complaint.message_ids), before + 50)

    def test_robot_that_answers_itself_is_stopped(self):
        created = [
            self._receive(
                number=number,
                sender="robot@example.com",
                headers="Auto-Submitted: auto-replied",
            )
            for number in range(25)
        ]
        self.assertEqual(len([res_id for res_id in created if res_id]), 20)

    def test_same_message_comes_once(self):
        first = self._receive()
        self.assertFalse(self._receive())
        self.assertTrue(first)

    def test_two_processes_with_the_same_mail_make_one_complaint(self):
        """The mail server and the gateway may deliver it twice before either looks."""
        first = self._get(self._receive())
        first.message_ids.sudo().message_id = "<lost@example.com>"
        self.assertEqual(self._receive(), first.id)

    def test_answer_goes_to_its_complaint(self):
        complaint = self._get(self._receive())
        answer = self._receive(
            number=2, subject="补充", headers="In-Reply-To: <mail-1@example.com>"
        )
        self.assertEqual(answer, complaint.id)
        self.assertIn("等候时间太长", complaint.message_ids[0].body)

    def test_number_in_the_subject_goes_to_its_complaint(self):
        complaint = self._get(self._receive())
        subjects = (
            f"关于{complaint.name}的补充材料",
            f"Re: [{complaint.name.lower()}]",
            f"投诉编号：{complaint.name}。",
        )
        for number, subject in enumerate(subjects, start=10):
            with self.subTest(subject=subject):
                self.assertEqual(
                    self._receive(number=number, subject=subject), complaint.id
                )

    def test_number_with_chinese_letters_is_found(self):
        complaint = self._make_complaint(name="投诉2026-0007")
        self.assertEqual(self._receive(subject="关于投诉2026-0007的情况"), complaint.id)

    def test_number_of_another_hospital_is_no_number(self):
        elsewhere = self._make_complaint(company_id=self._make_company().id)
        self.assertNotEqual(
            self._receive(subject=elsewhere.name, number=3), elsewhere.id
        )

    def test_mail_for_a_merged_complaint_goes_to_the_main_one(self):
        main = self._make_complaint()
        merged = self._make_complaint()
        merged._merge_into(main)
        self.assertEqual(self._receive(subject=merged.name), main.id)

    def test_mail_after_the_end_wakes_the_officer(self):
        complaint = self._make_complaint(kind="praise", user_id=self.user_officer.id)
        complaint.with_user(self.user_officer).action_close()
        self._receive(subject=complaint.name)
        self.assertEqual(complaint.activity_ids.user_id, self.user_officer)

    def test_second_address_of_the_same_hospital_makes_no_second_complaint(self):
        alias = self.env["mail.alias"].create(
            {
                "alias_name": "toushu",
                "alias_model_id": self.env["ir.model"]._get_id("patient.complaint"),
                "alias_domain_id": self.company.alias_domain_id.id,
                "alias_defaults": repr({"company_id": self.company.id}),
            }
        )
        before = self.env["patient.complaint"].search_count([])
        self._receive(to=f"{self.address}, {alias.alias_full_name}")
        self.assertEqual(self.env["patient.complaint"].search_count([]), before + 1)

    def test_address_of_another_hospital_makes_its_complaint(self):
        other = self._make_company()
        alias = self.env["mail.alias"].create(
            {
                "alias_name": "complaints-b",
                "alias_model_id": self.env["ir.model"]._get_id("patient.complaint"),
                "alias_domain_id": self.company.alias_domain_id.id,
                "alias_defaults": repr({"company_id": other.id}),
            }
        )
        complaint = self._get(self._receive(to=alias.alias_full_name))
        self.assertEqual(complaint.company_id, other)
        self.assertFalse(complaint.patient_id)

    def test_odd_letters_do_not_lose_the_mail(self):
        head = (
            "To: {to}\nFrom: =?gb2312?B?1cXOsA==?= <zhang.wei@example.com>\n"
            "Subject: =?gb2312?B?zbbL3w==?=\nMIME-Version: 1.0\n"
            "Content-Type: text/plain; charset={charset}\n"
            "Content-Transfer-Encoding: 8bit\nMessage-ID: <odd-{charset}@example.com>\n\n"
        )
        for charset in ("gb2312", "x-unknown-1", "utf-8"):
            content = head.format(to=self.address, charset=charset).encode()
            # 朱镕基 is not in GB2312 itself; a broken byte; a NUL
            content += "朱镕基 太慢了".encode("gb18030") + b"\xff\x00 end\n"
            with self.subTest(charset=charset):
                complaint = self._get(self._process(content))
                self.assertEqual(complaint.summary, "投诉")
                self.assertEqual(complaint.complainant_name, "张伟")
                self.assertIn("end", complaint.narrative)

    def test_mail_without_subject_and_body_is_kept(self):
        complaint = self._get(self._receive(subject="", body=""))
        self.assertTrue(complaint.summary)

    def test_attached_file_comes_with_the_complaint(self):
        text = (
            f"To: {self.address}\nFrom: zhang.wei@example.com\nSubject: 照片\n"
            "MIME-Version: 1.0\nMessage-ID: <photo@example.com>\n"
            'Content-Type: multipart/mixed; boundary="cut"\n\n'
            "--cut\nContent-Type: text/plain; charset=utf-8\n\n见附件\n"
            "--cut\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n"
            'Content-Disposition: attachment; filename="a.png"\n\n'
            "iVBORw0KGgo=\n--cut--\n"
        )
        complaint = self._get(self._process(text.encode()))
        files = self.env["ir.attachment"].search(
            [("res_model", "=", complaint._name), ("res_id", "=", complaint.id)]
        )
        self.assertEqual(files.name, "a.png")
