from datetime import date, datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import PatientRelationsCase


@tagged("post_install", "-at_install")
class TestComplaintResponse(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._make_complaint(
            received_at=datetime(2026, 3, 2, 1, 0),
            lead_department_id=cls.cardiology.id,
            complainant_name="张伟",
        ).with_user(cls.user_officer)

    # what went out moves the complaint

    def test_acknowledgement_that_went_out_moves_a_new_complaint(self):
        said = datetime(2026, 3, 2, 3, 0)
        self._reply(self.complaint, "acknowledgement", replied_at=said)
        self.assertEqual(self.complaint.state, "acknowledged")
        self.assertEqual(self.complaint.acknowledged_at, said)
        self.assertFalse(self.complaint.responded_at)

    def test_acknowledgement_moves_nothing_back(self):
        self.complaint.state = "investigating"
        self._reply(self.complaint, "acknowledgement")
        self.assertEqual(self.complaint.state, "investigating")

    def test_final_reply_answers_and_acknowledges(self):
        said = datetime(2026, 3, 4, 3, 0)
        self._reply(self.complaint, replied_at=said)
        self.assertEqual(self.complaint.state, "responded")
        self.assertEqual(self.complaint.responded_at, said)
        self.assertEqual(self.complaint.acknowledged_at, said)

    def test_holding_reply_moves_no_status(self):
        self._reply(self.complaint, "holding")
        self.assertEqual(self.complaint.state, "received")
        self.assertTrue(self.complaint.acknowledged_at)

    def test_draft_answers_nothing(self):
        self.env["patient.complaint.reply"].create(
            {"complaint_id": self.complaint.id, "body": "<p>x</p>"}
        )
        self.assertFalse(self.complaint.responded_at)
        self.assertEqual(self.complaint.pending_reply_count, 1)

    def test_first_answer_counts_however_often_it_is_corrected(self):
        first = datetime(2026, 3, 4, 3, 0)
        reply = self._reply(self.complaint, replied_at=first)
        self._reply(
            self.complaint, replied_at=datetime(2026, 3, 9), previous_id=reply.id
        )
        self.assertEqual(reply.state, "superseded")
        self.assertEqual(self.complaint.responded_at, first)

    def test_reply_to_a_closed_complaint_leaves_it_closed(self):
        self._reply(self.complaint)
        self.complaint.problem_ids.finding = "founded"
        self.complaint.action_close()
        self._reply(self.complaint)
        self.assertEqual(self.complaint.state, "closed")

    # closing

    def test_closing_needs_a_final_reply(self):
        self.complaint.problem_ids.finding = "founded"
        self.complaint.state = "responded"
        self._reply(self.complaint, "holding")
        with self.assertRaises(UserError) as raised:
            self.complaint.action_close()
        self.assertIn("final reply", str(raised.exception))
        self.assertIn(self.complaint.name, str(raised.exception))
        self._reply(self.complaint)
        self.complaint.action_close()
        self.assertEqual(self.complaint.state, "closed")

    def test_history_is_imported_closed(self):
        category = self.complaint.problem_ids.category_id
        problem = {"category_id": category.id, "finding": "founded"}
        closed = self._make_complaint(
            state="closed", problem_ids=[Command.create(problem)]
        )
        self.assertEqual(closed.state, "closed")

    def test_mark_responded_asks_for_the_reply(self):
        self.complaint.state = "investigating"
        action = self.complaint.action_respond()
        self.assertEqual(action["context"]["default_kind"], "final")
        self.assertEqual(self.complaint.state, "investigating")
        self._reply(self.complaint)
        self.complaint.action_investigate()
        self.complaint.action_respond()
        self.assertEqual(self.complaint.state, "responded")

    # on the spot

    def _solve(self, user, **values):
        action = self.complaint.with_user(user).action_respond()
        wizard = self.env["patient.complaint.solve"].with_user(user)
        form = Form(wizard.with_context(**action["context"]))
        for name, value in {"words": "当场致歉\n并换了床位", **values}.items():
            form[name] = value
        return form.save()

    def test_solved_on_the_spot_records_what_was_said(self):
        with freeze_time("2026-03-02 02:00:00"):
            self._solve(self.user_staff).action_confirm()
        reply = self.complaint.reply_ids
        self.assertEqual(self.complaint.state, "responded")
        self.assertEqual(
            (reply.kind, reply.way, reply.receiver_name, reply.state),
            ("final", "in_person", "张伟", "sent"),
        )
        self.assertEqual(reply.author_id, self.user_staff)
        self.assertFalse(reply.approver_id)
        self.assertIn("当场致歉", reply.body)
        self.assertEqual(self.complaint.responded_at, datetime(2026, 3, 2, 2, 0))

    def test_only_a_new_complaint_is_solved_on_the_spot(self):
        wizard = self._solve(self.user_officer)
        self.complaint.state = "investigating"
        with self.assertRaisesRegex(ValidationError, "Reply"):
            wizard.action_confirm()

    def test_letter_cannot_pass_for_what_was_said_on_the_spot(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["patient.complaint.reply"].with_user(self.user_staff).create(
                {
                    "complaint_id": self.complaint.id,
                    "kind": "final",
                    "on_the_spot": True,
                    "way": "letter",
                }
            )

    def test_blank_words_solve_nothing(self):
        wizard = self._solve(self.user_officer, words="  ")
        with self.assertRaisesRegex(UserError, "what was said"):
            wizard.action_confirm()

    # not accepted

    def _set_aside(self, complaints, **values):
        wizard = self.env["patient.complaint.set.aside"].with_user(self.user_officer)
        action = complaints.with_context(
            default_state="not_accepted"
        ).action_set_aside()
        form = Form(wizard.with_context(**action["context"]))
        form.reason = "in_court"
        for name, value in values.items():
            form[name] = value
        return form.save().action_confirm()

    def test_not_accepting_drafts_the_explanation_with_its_reason(self):
        self.company.partner_id.lang = "en_US"
        action = self._set_aside(self.complaint, note="案号 123")
        reply = self.env["patient.complaint.reply"].browse(action["res_id"])
        self.assertEqual((reply.kind, reply.state), ("not_accepted", "draft"))
        self.assertIn("Already before a court", reply.body)
        self.assertIn("案号 123", reply.body)
        self.assertTrue(self.complaint.is_explanation_owed)
        owed = [("state", "=", "not_accepted"), ("explained_at", "=", False)]
        self.assertIn(self.complaint, self.complaint.search(owed))

    def test_explanation_is_owed_until_it_went_out(self):
        action = self._set_aside(self.complaint, note="案号 123")
        reply = self.env["patient.complaint.reply"].browse(action["res_id"])
        reply = reply.with_user(self.user_officer)
        reply.body = "<p>已由法院受理。</p>"
        reply.action_submit()
        reply.with_user(self.user_manager).action_approve()
        self.assertTrue(self.complaint.is_explanation_owed)
        reply.action_send()
        self.assertFalse(self.complaint.is_explanation_owed)
        self.assertEqual(self.complaint.explained_at, reply.replied_at)
        self.assertEqual(self.complaint.state, "not_accepted")

    def test_several_not_accepted_get_a_letter_each(self):
        both = self.complaint | self._make_complaint().with_user(self.user_officer)
        action = self._set_aside(both)
        self.assertEqual(action["type"], "ir.actions.act_window_close")
        self.assertEqual(both.reply_ids.mapped("kind"), ["not_accepted"] * 2)

    # remedies

    def test_promise_stays_visible_until_it_is_kept(self):
        remedy = self.env["patient.complaint.remedy"].create(
            {
                "complaint_id": self.complaint.id,
                "kind": "fee",
                "amount": 280,
                "promised_on": date(2026, 3, 4),
            }
        )
        self.assertTrue(remedy.is_outstanding)
        self.assertEqual(self.complaint.outstanding_remedy_count, 1)
        found = remedy.search([("is_outstanding", "=", True)])
        self.assertIn(remedy, found)
        with freeze_time("2026-03-05 17:00:00"):
            remedy.with_user(self.user_officer).action_give()
        self.assertEqual(remedy.given_on, date(2026, 3, 6))  # the day in Shanghai
        self.assertEqual(remedy.given_by_id, self.user_officer)
        self.assertFalse(self.complaint.outstanding_remedy_count)
        self.assertNotIn(remedy, remedy.search([("is_outstanding", "=", True)]))

    @mute_logger("odoo.sql_db")
    def test_database_refuses_remedies_that_cannot_be(self):
        day = date(2026, 3, 4)
        for values in (
            {},
            {"kind": "apology", "amount": 5, "given_on": day},
            {"kind": "fee", "amount": -5, "given_on": day},
            {"promised_on": day, "given_on": date(2026, 3, 3)},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env["patient.complaint.remedy"].create(
                    {"complaint_id": self.complaint.id, **values}
                )

    def test_letter_lists_findings_and_remedies(self):
        self.complaint.problem_ids.finding = "founded"
        self.env["patient.complaint.remedy"].create(
            [
                {
                    "complaint_id": self.complaint.id,
                    "kind": "apology",
                    "note": "<b>当面</b>",
                    "given_on": date(2026, 3, 4),
                },
                {
                    "complaint_id": self.complaint.id,
                    "kind": "process",
                    "promised_on": date(2026, 3, 4),
                },
            ]
        )
        values = self.complaint._get_letter_values("en_US")
        self.assertEqual(values["findings"], "Communication – Founded")
        self.assertEqual(
            values["remedies"],
            "Apology – &lt;b&gt;当面&lt;/b&gt; – given on March 4, 2026<br/>"
            "Process Changed – promised",
        )

    # together

    def test_replies_and_remedies_go_along_when_merged(self):
        main = self._make_complaint()
        self._reply(main, "acknowledgement")
        reply = self._reply(self.complaint, "acknowledgement")
        remedy = self.env["patient.complaint.remedy"].create(
            {"complaint_id": self.complaint.id, "given_on": date(2026, 3, 4)}
        )
        self.complaint._merge_into(main)
        self.assertEqual((reply.complaint_id, reply.version), (main, 2))
        self.assertEqual(remedy.complaint_id, main)

    def test_staff_solves_nothing_of_another_department(self):
        with self.assertRaises(AccessError):
            self.env["patient.complaint.solve"].with_user(
                self.user_staff_surgery
            ).create({"complaint_id": self.complaint.id, "words": "x"}).action_confirm()
