import hashlib
import io
import shutil
import unittest
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError
from PyPDF2 import PdfFileReader

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import MODULE, PatientRelationsCase

REPORT = f"{MODULE}.patient_complaint_reply_action_report"


@tagged("post_install", "-at_install")
class TestComplaintReply(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "hospital@example.com"
        cls.user_second = cls._make_user("pr_officer_second", "officer")
        cls.complaint = cls._make_complaint(
            received_at=datetime(2026, 3, 2, 1, 0),
            lead_department_id=cls.cardiology.id,
            complainant_name="张伟",
            complainant_email="zhang@example.com",
            channel="email",
        )
        cls.replies = cls.env["patient.complaint.reply"].with_user(cls.user_officer)

    def _draft(self, **values):
        return self.replies.create(
            {
                "complaint_id": self.complaint.id,
                "kind": "final",
                "body": "<p>经核查，情况属实。</p>",
                **values,
            }
        )

    def _approved(self, **values):
        reply = self._draft(**values)
        reply.action_submit()
        reply.with_user(self.user_second).action_approve()
        return reply

    def _get_mails(self):
        return self.env["mail.mail"].search(
            [("model", "=", "patient.complaint"), ("res_id", "=", self.complaint.id)]
        )

    # drafting

    def test_new_reply_is_prefilled_from_the_letter_of_the_language(self):
        self.company.partner_id.lang = False
        self.complaint.complainant_type = "relative"
        self.complaint.complainant_relation = "child"
        action = self.complaint.with_user(self.user_officer).action_reply()
        form = Form(self.replies.with_context(**action["context"]))
        self.assertEqual(form.kind, "acknowledgement")
        self.assertEqual(form.template_id.lang, "en_US")
        self.assertIn("Dear 张伟", form.body)
        self.assertIn(self.complaint.name, form.body)
        self.assertIn("March 2, 2026", form.body)
        self.assertEqual(
            (form.way, form.receiver_name, form.receiver_relation, form.receiver_email),
            ("email", "张伟", "child", "zhang@example.com"),
        )
        form.kind = "final"
        self.assertEqual(form.template_id.kind, "final")

    def test_patient_is_written_to_in_their_language(self):
        self.complaint.patient_id = self.patient
        self.patient.language_id = self.env.ref("base.lang_zh_CN")
        reply = self.replies.create({"complaint_id": self.complaint.id})
        self.assertEqual(reply.template_id.lang, "zh_CN")
        self.assertIn("尊敬的张伟", reply.body)
        self.assertIn("2026年3月2日", reply.body)

    def test_choosing_another_letter_writes_its_words(self):
        reply = self._draft()
        self.assertIn("情况属实", reply.body)
        reply.template_id = self.env.ref(f"{MODULE}.patient_letter_template_final_zh")
        self.assertIn("尊敬的张伟", reply.body)

    def test_reply_under_way_is_opened_instead_of_a_second_one(self):
        reply = self._draft()
        action = self.complaint.with_user(self.user_officer).action_reply()
        self.assertEqual(action["res_id"], reply.id)

    def test_versions_count_within_complaint_and_kind(self):
        other = self._make_complaint()
        replies = self.replies.create(
            [
                {"complaint_id": self.complaint.id, "kind": "final"},
                {"complaint_id": self.complaint.id, "kind": "holding"},
                {"complaint_id": self.complaint.id, "kind": "final"},
                {"complaint_id": other.id, "kind": "final"},
            ]
        )
        self.assertEqual(replies.mapped("version"), [1, 1, 2, 1])
        self.assertEqual(self._draft().version, 3)

    def test_merged_complaint_is_not_replied_to(self):
        main = self._make_complaint()
        self.complaint._merge_into(main)
        with self.assertRaisesRegex(UserError, main.name):
            self._draft()

    # the second person

    def test_final_reply_needs_a_second_person(self):
        reply = self._draft()
        self.assertTrue(reply.needs_approval)
        with self.assertRaisesRegex(UserError, "Ask for approval"):
            reply.action_send()
        reply.action_submit()
        with self.assertRaisesRegex(UserError, "second person"):
            reply.action_send()
        with self.assertRaisesRegex(UserError, "colleague"):
            reply.action_approve()
        with self.assertRaisesRegex(UserError, "office"):
            reply.with_user(self.user_staff).action_approve()
        reply.with_user(self.user_second).action_approve()
        self.assertEqual(
            (reply.state, reply.approver_id), ("approved", self.user_second)
        )
        with self.assertRaisesRegex(UserError, "Approved"):
            reply.with_user(self.user_manager).action_approve()

    def test_database_refuses_the_approval_of_ones_own_words(self):
        reply = self._draft()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            reply.sudo().approver_id = self.user_officer
            reply.flush_recordset()

    def test_database_refuses_an_unapproved_explanation(self):
        reply = self._draft(kind="not_accepted")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            reply.sudo().write({"state": "sent", "replied_at": datetime(2026, 3, 3)})
            reply.flush_recordset()

    def test_who_rewrites_the_words_becomes_their_author(self):
        reply = self._draft()
        reply.with_user(self.user_second).body = "<p>全部重写</p>"
        reply.action_submit()
        self.assertEqual(reply.author_id, self.user_second)
        with self.assertRaisesRegex(UserError, "colleague"):
            reply.with_user(self.user_second).action_approve()
        reply.action_approve()

    def test_acknowledgement_and_holding_reply_need_none(self):
        for kind in ("acknowledgement", "holding"):
            reply = self._draft(kind=kind, way="phone")
            self.assertFalse(reply.needs_approval)
            reply.action_send()
            self.assertEqual(reply.state, "sent")

    def test_hospital_decides_about_final_replies_but_not_about_explanations(self):
        self.company.patient_final_reply_approval = False
        self.assertFalse(self._draft().needs_approval)
        self.assertTrue(self._draft(kind="not_accepted").needs_approval)

    def test_setting_is_kept_on_the_hospital(self):
        self.env["res.config.settings"].create(
            {"patient_final_reply_approval": False}
        ).execute()
        self.assertFalse(self.company.patient_final_reply_approval)

    def test_sending_back_needs_a_reason_and_frees_the_words(self):
        reply = self._approved()
        action = reply.with_user(self.user_second).action_send_back()
        wizard = (
            self.env["patient.complaint.reply.send.back"]
            .with_user(self.user_second)
            .with_context(**action["context"])
        )
        with self.assertRaises(AssertionError):  # the form asks for the reason
            Form(wizard).save()
        form = Form(wizard)
        form.reason = "日期写错了"
        form.save().action_confirm()
        self.assertEqual((reply.state, reply.return_reason), ("draft", "日期写错了"))
        self.assertFalse(reply.approver_id)
        self.assertIn("日期写错了", self.complaint.message_ids[0].body)
        reply.body = "<p>更正</p>"
        reply.action_submit()
        self.assertFalse(reply.return_reason)

    def test_staff_sends_nothing_back_that_others_wrote(self):
        reply = self._draft()
        reply.action_submit()
        with self.assertRaisesRegex(UserError, "office"):
            reply.with_user(self.user_staff)._send_back("x")

    # by hand

    def test_status_and_names_are_not_written_by_hand(self):
        reply = self._draft()
        for values in (
            {"state": "approved"},
            {"approver_id": self.user_second.id},
            {"author_id": self.user_second.id},
            {"sha256": "0" * 64},
            {"previous_id": reply.id},
            {"complaint_id": self._make_complaint().id},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "Use the buttons"),
            ):
                reply.write(values)

    def test_new_reply_starts_as_a_draft_of_its_writer_whatever_is_asked(self):
        asked = {"state": "approved", "author_id": self.user_second.id}
        context = {f"default_{name}": value for name, value in asked.items()}
        for reply in (
            self._draft(**asked),
            self.replies.with_context(**context).create(
                {"complaint_id": self.complaint.id}
            ),
        ):
            self.assertEqual(
                (reply.state, reply.author_id), ("draft", self.user_officer)
            )

    def test_words_are_frozen_from_the_question_for_approval_on(self):
        reply = self._draft()
        reply.action_submit()
        with self.assertRaisesRegex(UserError, "Send Back"):
            reply.body = "<p>x</p>"
        with self.assertRaisesRegex(UserError, "Only drafts"):
            reply.unlink()

    # going out

    def test_gap_and_missing_words_are_not_sent(self):
        reply = self._draft(kind="holding", way="phone", body="<p>因____，</p>")
        with self.assertRaisesRegex(UserError, "____"):
            reply.action_send()
        reply.body = "<p><br></p>"
        with self.assertRaisesRegex(UserError, "no words"):
            reply.action_send()
        self.assertEqual(reply.state, "draft")

    def test_receiver_and_address_are_asked_for(self):
        reply = self._draft(kind="holding", receiver_name=False)
        with self.assertRaisesRegex(UserError, "who receives"):
            reply.action_send()
        reply.write({"receiver_name": "张伟", "receiver_email": "zhang"})
        with self.assertRaisesRegex(UserError, "“zhang”"):
            reply.action_send()
        reply.receiver_email = "zhang@example.com"
        self.company.email = False
        self.user_officer.email = False
        with self.assertRaisesRegex(UserError, self.company.name):
            reply.action_send()
        self.assertFalse(self._get_mails())

    def test_mail_is_queued_with_the_letter_and_tells_nothing_in_its_subject(self):
        reply = self._approved(way="email")
        with freeze_time("2026-03-05 02:00:00"):
            reply.action_send()
        mail = self._get_mails()
        self.assertEqual(len(mail), 1)
        self.assertEqual((mail.state, mail.subject), ("outgoing", self.complaint.name))
        self.assertIn("zhang@example.com", mail.email_to)
        self.assertNotIn("情况属实", mail.body_html)
        self.assertEqual(mail.attachment_ids, reply.letter_id)
        self.assertEqual(reply.replied_at, datetime(2026, 3, 5, 2, 0))
        self.assertEqual(reply.sender_id, self.user_officer)

    def test_letter_that_went_out_is_kept_with_its_fingerprint(self):
        for way in ("letter", "handed_over", "email"):
            reply = self._draft(kind="holding", way=way)
            reply.action_send()
            letter = reply.letter_id
            self.assertEqual(reply.sha256, hashlib.sha256(letter.raw).hexdigest())
            self.assertEqual((letter.res_model, letter.res_id), (reply._name, reply.id))
            self.assertIn(str(letter.id), reply.action_preview()["url"])
        self.assertEqual(len(self._get_mails()), 1)

    def test_kept_letter_cannot_be_changed_or_deleted(self):
        reply = self._draft(kind="holding", way="letter")
        reply.action_send()
        letter = reply.letter_id.with_user(self.user_manager)
        for values in ({"raw": b"other"}, {"res_id": reply.id + 1}):
            with self.assertRaisesRegex(UserError, "went out"):
                letter.write(values)
        with self.assertRaisesRegex(UserError, "went out"):
            letter.unlink()

    def test_letter_leaves_with_its_complaint(self):
        reply = self._draft(kind="holding", way="letter")
        reply.action_send()
        letter = reply.letter_id
        self.complaint.with_user(self.user_manager).unlink()
        self.assertFalse(letter.exists())

    def test_spoken_reply_makes_no_letter_and_keeps_its_hour(self):
        said = datetime(2026, 3, 4, 6, 30)
        reply = self._draft(kind="holding", way="phone", replied_at=said)
        reply.action_send()
        self.assertFalse(reply.letter_id)
        self.assertEqual(reply.replied_at, said)

    def test_hour_to_come_or_before_the_receipt_is_refused(self):
        with freeze_time("2026-03-05 02:00:00"):
            with self.assertRaisesRegex(ValidationError, "still to come"):
                self._draft(replied_at=datetime(2026, 3, 6))
            with self.assertRaisesRegex(ValidationError, "before the complaint"):
                self._draft(replied_at=datetime(2026, 3, 1))

    def test_anonymous_complainant_gets_no_mail_but_a_record(self):
        self.complaint.complainant_type = "anonymous"
        reply = self._draft(kind="holding")
        self.assertFalse(reply.receiver_name)
        reply.write({"way": "email", "receiver_email": "x@example.com"})
        with self.assertRaisesRegex(UserError, "no named complainant"):
            reply.action_send()
        reply.way = "other"
        reply.action_send()
        self.assertEqual(reply.state, "sent")
        self.assertFalse(self._get_mails())

    # once

    def test_second_click_sends_nothing_and_says_who_sent(self):
        reply = self._approved(way="email")
        reply.action_send()
        for user in (self.user_officer, self.user_second):
            with self.assertRaises(UserError) as raised:
                reply.with_user(user).action_send()
            self.assertIn(self.user_officer.name, str(raised.exception))
        self.assertEqual(len(self._get_mails()), 1)

    def test_screen_that_is_out_of_date_sends_nothing(self):
        """What a user still sees as approved was sent by somebody else meanwhile."""
        reply = self._approved(way="email")
        self.assertEqual(reply.state, "approved")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE patient_complaint_reply SET state = 'sent', replied_at = '2026-03-05',"
            " sender_id = %s WHERE id = %s",
            (self.user_second.id, reply.id),
        )
        with self.assertRaisesRegex(UserError, "does not go out again"):
            reply.action_send()
        self.assertFalse(self._get_mails())

    def test_reply_on_which_somebody_works_is_left_alone(self):
        reply = self._approved(way="email")
        with (
            patch.object(
                type(reply), "try_lock_for_update", lambda self, **_kw: self.browse()
            ),
            self.assertRaisesRegex(UserError, "Somebody else"),
        ):
            reply.action_send()
        self.assertEqual(reply.state, "approved")

    def test_undelivered_mail_is_told(self):
        reply = self._draft(kind="holding", way="email")
        reply.action_send()
        self.assertFalse(reply.is_undelivered)
        self._get_mails().state = "exception"
        self.assertTrue(reply.is_undelivered)

    # correcting

    def test_words_do_not_change_after_they_went_out(self):
        reply = self._approved(way="phone")
        reply.action_send()
        for user in (self.user_officer, self.env.user):
            for values in (
                {"body": "<p>x</p>"},
                {"receiver_name": "x"},
                {"replied_at": datetime(2026, 3, 3)},
            ):
                with (
                    self.subTest(values=values, user=user.login),
                    self.assertRaisesRegex(UserError, "does not change"),
                ):
                    reply.with_user(user).write(values)

    def test_correction_supersedes_when_it_goes_out_and_both_stay(self):
        former = self._approved(way="phone")
        former.action_send()
        reply = self.replies.browse(former.action_correct()["res_id"])
        self.assertEqual((reply.previous_id, reply.version), (former, 2))
        self.assertEqual((reply.state, reply.body), ("draft", former.body))
        self.assertEqual(former.action_correct()["res_id"], reply.id)
        reply.body = "<p>更正：</p>"
        reply.action_submit()
        reply.with_user(self.user_second).action_approve()
        self.assertEqual(former.state, "sent")
        reply.action_send()
        self.assertEqual((former.state, reply.state), ("superseded", "sent"))
        self.assertIn("情况属实", former.body)

    def test_draft_is_not_corrected(self):
        with self.assertRaisesRegex(UserError, "Draft"):
            self._draft().action_correct()

    # the letter

    def _render(self, replies):
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.user_officer)
            ._render_qweb_html(REPORT, replies.ids)
        )
        return html.decode()

    def test_printed_letter_says_what_it_is(self):
        reply = self._draft(kind="holding", way="letter")
        reply.template_id = self.env.ref(f"{MODULE}.patient_letter_template_holding_zh")
        reply.body = "<p>还在核实。</p>"
        html = self._render(reply)
        for text in (
            self.company.name,
            self.complaint.name,
            "延期答复告知书",
            "还在核实",
        ):
            self.assertIn(text, html)
        self.assertIn("has not gone out", html)
        reply.replied_at = datetime(2026, 3, 2, 16, 30)
        reply.action_send()
        html = self._render(reply)
        self.assertNotIn("has not gone out", html)
        self.assertIn("2026年3月3日", html)  # the day in Shanghai

    @unittest.skipUnless(shutil.which("wkhtmltopdf"), "wkhtmltopdf is not installed")
    def test_one_and_several_letters_are_printed_on_a4(self):
        report = self.env["ir.actions.report"].with_user(self.user_officer)
        report = report.with_context(force_report_rendering=True)
        one = self._draft()
        for replies in (one, one | self._draft()):
            pdf, kind = report._render_qweb_pdf(REPORT, replies.ids)
            self.assertEqual(kind, "pdf")
            pages = PdfFileReader(io.BytesIO(pdf))
            self.assertEqual(pages.getNumPages(), len(replies))
            width, height = pages.getPage(0).mediaBox[2:]
            self.assertAlmostEqual(float(width), 595, delta=3)
            self.assertAlmostEqual(float(height), 842, delta=3)
