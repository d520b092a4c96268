from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import MODULE, PatientRelationsCase

# Monday, 2 March 2026, 10:00 in Shanghai.
MONDAY = datetime(2026, 3, 2, 2)


@tagged("post_install", "-at_install")
class TestComplaintDeadlines(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(MONDAY))
        cls.company.country_id = cls.env.ref("base.cn")
        cls.answer = cls.env.ref(f"{MODULE}.patient_deadline_rule_cn_answer")
        cls.joint = cls.env.ref(f"{MODULE}.patient_deadline_rule_cn_answer_joint")
        cls.close = cls.env.ref(f"{MODULE}.patient_deadline_rule_own_close")

    def _clock(self, complaint, step="answer"):
        clocks = complaint.deadline_ids.filtered(lambda clock: clock.step == step)
        return clocks.sorted("id")[-1:]

    def _local(self, moment):
        local = self.company._patient_local_time(moment)
        return local.strftime("%Y-%m-%d %H:%M:%S")

    # start

    def test_answer_is_due_after_five_working_days_of_receipt(self):
        for received, due in ((2, "09"), (6, "13"), (7, "13"), (8, "13")):
            complaint = self._make_complaint(received_at=datetime(2026, 3, received, 2))
            clock = self._clock(complaint)
            self.assertEqual(clock.rule_id, self.answer)
            self.assertEqual(self._local(clock.due_at), f"2026-03-{due} 23:59:59")
            self.assertEqual(clock.started_at, complaint.received_at)

    def test_due_date_is_the_same_for_a_user_in_any_zone(self):
        """R19: a minute before midnight in Shanghai, on the leap day, for three users."""
        moment = datetime(2028, 2, 29, 15, 59)
        found = set()
        for zone in ("Asia/Shanghai", "America/New_York", "Pacific/Auckland"):
            self.user_officer.tz = zone
            complaint = (
                self.env["patient.complaint"]
                .with_user(self.user_officer)
                .with_context(tz=zone)
                .create({"summary": "夜间", "received_at": moment})
            )
            found.add(self._clock(complaint).due_at)
        self.assertEqual([self._local(due)[:10] for due in found], ["2028-03-07"])

    def test_kind_channel_and_severity_choose_the_rules(self):
        praise = self._make_complaint(kind="praise")
        self.assertFalse(praise.deadline_ids)
        letter = self._make_complaint(channel="letter")
        self.assertFalse(self._clock(letter, "receive"))
        spoken = self._make_complaint(channel="in_person")
        self.assertEqual(
            self._clock(spoken, "receive").due_at, MONDAY + timedelta(hours=1)
        )
        category = self.env.ref(f"{MODULE}.patient_complaint_category_safety")
        severe = self._make_complaint(
            problem_ids=[Command.create({"category_id": category.id, "severity": "4"})]
        )
        self.assertEqual(
            self._clock(severe, "assess").rule_id,
            self.env.ref(f"{MODULE}.patient_deadline_rule_own_assess_severe"),
        )
        self.assertTrue(self._clock(severe, "other"))

    def test_coding_a_severe_problem_later_brings_the_stricter_rule(self):
        complaint = self._make_complaint()
        before = self._clock(complaint, "assess")
        mild = before.rule_id
        complaint.problem_ids.with_user(self.user_officer).severity = "3"
        self.assertEqual(self._clock(complaint, "assess"), before)
        self.assertNotEqual(before.rule_id, mild)
        self.assertEqual(before.started_at, complaint.received_at)
        self.assertEqual(self._local(before.due_at)[:10], "2026-03-03")

    def test_change_of_kind_ends_and_starts_clocks(self):
        complaint = self._make_complaint()
        complaint.with_user(self.user_officer).kind = "suggestion"
        clock = self._clock(complaint)
        self.assertEqual(clock.rule_id.amount, 15)
        self.assertEqual(self._clock(complaint, "close").state, "cancelled")

    def test_corrected_receipt_moves_the_due_dates(self):
        complaint = self._make_complaint()
        complaint.received_at = datetime(2026, 2, 25, 2)
        clock = self._clock(complaint)
        self.assertEqual(clock.started_at, datetime(2026, 2, 25, 2))
        # Saturday 28 February is worked
        self.assertEqual(self._local(clock.due_at)[:10], "2026-03-03")

    def test_hospital_of_another_country_has_its_law(self):
        other = self._make_company()
        other.country_id = self.env.ref("base.uk")
        other.partner_id.tz = "Europe/London"
        complaint = self._make_complaint(
            company_id=other.id, received_at=datetime(2026, 4, 2, 9)
        )
        acknowledge = complaint.deadline_ids.filtered(
            lambda clock: (
                clock.rule_id.regime_id.code == "UK" and clock.step != "answer"
            )
        )
        # Good Friday, the weekend and Easter Monday do not count
        self.assertEqual(str(acknowledge.due_at.date()), "2026-04-09")
        self.assertFalse(
            complaint.deadline_ids.filtered(lambda c: c.rule_id.regime_id.code == "CN")
        )

    def test_hospital_may_choose_its_regimes(self):
        self.company.patient_deadline_regime_ids = self.env.ref(
            f"{MODULE}.patient_deadline_regime_eu"
        )
        complaint = self._make_complaint(
            complainant_type="anonymous", received_at=datetime(2025, 11, 30, 2)
        )
        answer = self._clock(complaint)
        # three months after 30 November, not ninety days
        self.assertEqual(self._local(answer.due_at)[:10], "2026-02-28")
        self.assertFalse(self._make_complaint().deadline_ids)

    # stop

    def test_events_stop_their_clocks(self):
        complaint = self._make_complaint(channel="phone").with_user(self.user_officer)
        with freeze_time(MONDAY + timedelta(minutes=50)):
            complaint.action_acknowledge()
        self.assertEqual(self._clock(complaint, "receive").state, "met")
        with freeze_time(MONDAY + timedelta(days=8)):
            complaint.action_investigate()
            self._reply(complaint)
        answer = self._clock(complaint)
        self.assertEqual(answer.state, "missed")
        self.assertEqual(answer.stopped_at, MONDAY + timedelta(days=8))
        self.assertEqual(answer.total_hours, 8 * 24)

    def test_the_last_second_is_in_time_and_the_next_is_not(self):
        for seconds, state in ((0, "met"), (1, "missed")):
            complaint = self._make_complaint()
            due = self._clock(complaint).due_at
            with freeze_time(due + timedelta(seconds=seconds)):
                complaint.sudo().write({"state": "responded"})
            self.assertEqual(self._clock(complaint).state, state)

    def test_step_back_lets_the_clock_run_again(self):
        complaint = self._make_complaint().with_user(self.user_officer)
        complaint.action_acknowledge()
        clock = self._clock(complaint, "acknowledge")
        self.assertEqual(clock.state, "met")
        complaint.state = "received"
        self.assertEqual(clock.state, "running")
        self.assertFalse(clock.stopped_at)

    def test_withdrawing_ends_the_clocks_without_a_verdict(self):
        complaint = self._make_complaint()
        complaint.write({"state": "withdrawn", "state_note": "电话撤回"})
        self.assertEqual(set(complaint.deadline_ids.mapped("state")), {"cancelled"})
        self.assertFalse(complaint.next_due_at)

    def test_not_accepting_still_owes_the_explanation(self):
        complaint = self._make_complaint()
        complaint.write({"state": "not_accepted", "not_accepted_reason": "in_court"})
        self.assertEqual(self._clock(complaint).state, "running")
        self.assertEqual(self._clock(complaint, "close").state, "cancelled")

    def test_reopening_starts_the_clocks_anew_and_keeps_the_old(self):
        complaint = self._make_complaint()
        complaint.problem_ids.finding = "founded"
        self._reply(complaint)
        complaint.state = "closed"
        first = complaint.deadline_ids
        with freeze_time("2026-03-16 02:00:00"):
            complaint._reopen("家属送来新的检查报告", user=self.user_officer)
        answer = self._clock(complaint)
        self.assertNotIn(answer, first)
        self.assertEqual(answer.state, "running")
        self.assertEqual(self._local(answer.due_at)[:10], "2026-03-23")
        self.assertEqual(set(first.mapped("state")) - {"met"}, {"cancelled"})
        complaint.problem_ids.severity = "4"
        self.assertEqual(self._clock(complaint, "assess").started_at, answer.started_at)

    def test_split_part_owes_its_own_answer_from_the_first_receipt(self):
        category = self.env.ref(f"{MODULE}.patient_complaint_category_safety")
        complaint = self._make_complaint()
        complaint.problem_ids = [Command.create({"category_id": category.id})]
        complaint.sudo().action_acknowledge()
        with freeze_time(MONDAY + timedelta(days=2)):
            part = complaint._split(complaint.problem_ids[1], {"summary": "另一件"})
        self.assertEqual(self._clock(part).started_at, MONDAY)
        acknowledged = self._clock(part, "acknowledge")
        self.assertEqual(acknowledged.stopped_at, complaint.acknowledged_on)

    def test_merged_complaint_owes_nothing_more(self):
        main, double = self._make_complaint(), self._make_complaint()
        double._merge_into(main)
        self.assertNotIn("running", double.deadline_ids.mapped("state"))
        self.assertIn("running", main.deadline_ids.mapped("state"))

    def test_imported_history_has_no_clocks(self):
        self.assertFalse(
            self._make_complaint(kind="praise", state="closed").deadline_ids
        )

    # widen and pause

    def test_second_department_widens_to_ten_days_from_receipt(self):
        complaint = self._make_complaint()
        with freeze_time(MONDAY + timedelta(days=3)):
            complaint.with_user(self.user_officer)._join_departments(self.surgery)
        clock = self._clock(complaint)
        self.assertEqual(clock.rule_id, self.joint)
        self.assertEqual(clock.widened_from_id, self.answer)
        self.assertEqual(clock.started_at, complaint.received_at)
        self.assertEqual(self._local(clock.due_at)[:10], "2026-03-16")
        complaint._fire_deadline_event("second_department")
        self.assertEqual(
            len(complaint.deadline_ids.filtered_domain([("step", "=", "answer")])), 1
        )

    def test_pause_survives_a_change_of_rule(self):
        self.answer.is_pausable = self.joint.is_pausable = True
        complaint = self._make_complaint().with_user(self.user_officer)
        with freeze_time("2026-03-03 01:00:00"):
            complaint._pause_deadlines("complainant", "等待病历复印件")
        clock = self._clock(complaint)
        self.assertEqual(clock.state, "paused")
        self.assertEqual(complaint.deadline_status, "in_time")
        with freeze_time("2026-03-06 01:00:00"):
            complaint.action_resume_deadlines()
        self.assertEqual(self._local(clock.due_at)[:10], "2026-03-12")
        complaint._fire_deadline_event("second_department")
        self.assertEqual(self._local(clock.due_at)[:10], "2026-03-19")
        with freeze_time("2026-03-09 01:00:00"):
            complaint.sudo().state = "responded"
        self.assertEqual(clock.paused_hours, 72)

    def test_pause_needs_a_clock_that_may_stand_still(self):
        complaint = self._make_complaint().with_user(self.user_officer)
        complaint._pause_deadlines("appraisal")
        self.assertEqual(self._clock(complaint).state, "running")
        self.assertEqual(self._clock(complaint, "close").state, "paused")
        with self.assertRaisesRegex(UserError, complaint.name):
            complaint._pause_deadlines("appraisal")

    def test_answering_ends_an_open_pause(self):
        self.answer.is_pausable = True
        complaint = self._make_complaint()
        complaint._pause_deadlines("appraisal")
        with freeze_time(MONDAY + timedelta(days=1)):
            complaint.sudo().state = "responded"
        pause = self._clock(complaint).pause_ids
        self.assertEqual(pause.ended_at, MONDAY + timedelta(days=1))

    def test_overlapping_pauses_are_refused(self):
        clock = self._clock(self._make_complaint(), "close")
        values = {"deadline_id": clock.id, "reason": "other", "started_at": MONDAY}
        pauses = self.env["patient.deadline.pause"]
        pauses.create({**values, "ended_at": MONDAY + timedelta(days=2)})
        with self.assertRaisesRegex(ValidationError, "overlap"):
            pauses.create(
                {
                    **values,
                    "started_at": MONDAY + timedelta(days=1),
                    "ended_at": MONDAY + timedelta(days=3),
                }
            )

    def test_change_of_the_law_moves_running_clocks(self):
        complaint = self._make_complaint()
        self.answer.with_user(self.user_manager).amount = 3
        self.assertEqual(self._local(self._clock(complaint).due_at)[:10], "2026-03-05")

    # by hand

    def test_mediation_is_started_and_ended_by_hand(self):
        complaint = self._make_complaint().with_user(self.user_officer)
        rule = self.env.ref(f"{MODULE}.patient_deadline_rule_cn_mediation")
        action = complaint.action_start_deadline()
        wizard = (
            self.env["patient.deadline.start"]
            .with_user(self.user_officer)
            .with_context(**action["context"])
            .create({"rule_id": rule.id, "started_at": MONDAY})
        )
        wizard.action_start()
        clock = self._clock(complaint, "mediate")
        self.assertEqual(self._local(clock.due_at)[:10], "2026-04-14")
        clock.action_end_by_hand()
        self.assertEqual(clock.state, "met")
        with self.assertRaisesRegex(UserError, "not by hand"):
            self._clock(complaint).action_end_by_hand()

    def test_clock_by_hand_is_not_started_in_the_future_nor_by_another_rule(self):
        complaint = self._make_complaint()
        values = {"record_ref": f"patient.complaint,{complaint.id}"}
        wizards = self.env["patient.deadline.start"].with_user(self.user_officer)
        rule = self.env.ref(f"{MODULE}.patient_deadline_rule_cn_mediation")
        future = {"rule_id": rule.id, "started_at": MONDAY + timedelta(days=1)}
        with self.assertRaisesRegex(UserError, "future"):
            wizards.create({**values, **future}).action_start()
        with self.assertRaisesRegex(UserError, "by hand"):
            wizards.create({**values, "rule_id": self.answer.id}).action_start()

    # rules

    def test_rule_that_has_run_is_not_deleted(self):
        self._make_complaint()
        with self.assertRaisesRegex(ValidationError, "Archive"):
            self.answer.unlink()

    def test_rule_refuses_a_condition_it_cannot_read(self):
        for domain in ("[('no_such_field', '=', 1)]", "[(", "nonsense"):
            with self.assertRaisesRegex(ValidationError, "condition"):
                self.answer.domain = domain

    def test_rules_do_not_widen_in_a_circle(self):
        with self.assertRaisesRegex(ValidationError, "itself"):
            self.joint.write(
                {"widens_to_id": self.answer.id, "widen_event": "second_department"}
            )

    # figures

    def test_on_time_rate_counts_what_has_a_verdict(self):
        met, missed, running = (self._make_complaint() for _number in range(3))
        met.sudo().state = "responded"
        with freeze_time(MONDAY + timedelta(days=9)):
            missed.sudo().state = "responded"
        domain = [
            ("complaint_id", "in", (met | missed | running).ids),
            ("step", "=", "answer"),
        ]
        clocks = self.env["patient.deadline"]
        [[rate]] = clocks._read_group(domain, [], ["on_time_rate:avg"])
        self.assertEqual(rate, 50)
        with freeze_time(MONDAY + timedelta(days=9)):
            [[later]] = clocks._read_group(domain, [], ["on_time_rate:avg"])
        self.assertAlmostEqual(later, 100 / 3)
        [[none]] = clocks._read_group([("id", "=", 0)], [], ["on_time_rate:avg"])
        self.assertFalse(none)
        field = clocks.fields_get(["on_time_rate"])["on_time_rate"]
        self.assertEqual(field["aggregator"], "avg")

    def test_paused_share_is_a_ratio_of_hours(self):
        complaint = self._make_complaint()
        clock = self._clock(complaint, "close")
        complaint._pause_deadlines("other")
        with freeze_time(MONDAY + timedelta(days=1)):
            complaint._resume_deadlines()
        with freeze_time(MONDAY + timedelta(days=4)):
            complaint._cancel_deadlines()
        domain = [("id", "=", clock.id)]
        [[share]] = clock._read_group(domain, [], ["paused_share:avg"])
        self.assertEqual(share, 25)

    def test_next_due_follows_the_clocks(self):
        complaint = self._make_complaint()
        first = min(complaint.deadline_ids.mapped("due_at"))
        self.assertEqual(complaint.next_due_at, first)
        self.assertFalse(complaint.is_overdue)
        with freeze_time(first + timedelta(seconds=1)):
            complaint.invalidate_recordset()
            self.assertTrue(complaint.is_overdue)
            self.assertEqual(complaint.deadline_status, "overdue")
            overdue = self.env["patient.complaint"].search([("is_overdue", "=", True)])
            self.assertIn(complaint, overdue)

    # access

    def test_nobody_writes_a_clock_by_hand(self):
        clock = self._clock(self._make_complaint())
        for user in (self.user_staff, self.user_officer, self.user_manager):
            for right in ("write", "create", "unlink"):
                self.assertFalse(clock.with_user(user).has_access(right))
        with self.assertRaises(AccessError):
            clock.with_user(self.user_manager).write({"state": "cancelled"})

    def test_staff_see_the_clocks_of_their_departments(self):
        complaint = self._make_complaint(lead_department_id=self.cardiology.id)
        clocks = complaint.deadline_ids
        self.assertTrue(clocks.with_user(self.user_staff).has_access("read"))
        self.assertFalse(clocks.with_user(self.user_staff_surgery).has_access("read"))
        self.assertFalse(clocks.with_user(self.user_plain).has_access("read"))
        complaint.lead_department_id = self.surgery
        self.assertTrue(clocks.with_user(self.user_staff_surgery).has_access("read"))
        self.assertFalse(clocks.with_user(self.user_staff).has_access("read"))

    def test_accused_never_sees_a_clock(self):
        complaint = self._make_complaint(lead_department_id=self.cardiology.id)
        complaint._pause_deadlines("other")
        complaint.problem_ids.employee_id = self.employee_staff
        found = self.env["patient.deadline"].with_user(self.user_staff).search([])
        self.assertFalse(found & complaint.deadline_ids)
        self.employee_staff.user_id = self.user_manager
        for records in (complaint.deadline_ids, complaint.deadline_ids.pause_ids):
            seen = records.with_user(self.user_manager)
            self.assertFalse(seen.search([("id", "in", records.ids)]))

    def test_hospitals_do_not_see_each_others_clocks(self):
        other = self._make_company()
        complaint = self._make_complaint(company_id=other.id)
        self.assertTrue(complaint.deadline_ids)
        for user in (self.user_officer, self.user_manager):
            found = self.env["patient.deadline"].with_user(user).search([])
            self.assertFalse(found & complaint.deadline_ids)

    def test_staff_cannot_pause(self):
        complaint = self._make_complaint(lead_department_id=self.cardiology.id)
        wizards = self.env["patient.deadline.suspend"].with_user(self.user_staff)
        with self.assertRaises(AccessError):
            wizards.create(
                {"record_ref": f"patient.complaint,{complaint.id}", "reason": "other"}
            )
