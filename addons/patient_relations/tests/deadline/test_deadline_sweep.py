from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import MODULE, PatientRelationsCase

# Monday, 2 March 2026, 10:00 in Shanghai.
MONDAY = datetime(2026, 3, 2, 2)


@tagged("post_install", "-at_install")
class TestDeadlineSweep(PatientRelationsCase):
    """Who is told when, once, and at what hour; on complaints, which have the clocks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(MONDAY))
        cls.company.country_id = cls.env.ref("base.cn")
        cls.company.patient_office_manager_id = cls.user_manager
        cls.user_leader = cls._make_user("pr_leader", "officer")
        cls.company.patient_leader_id = cls.user_leader
        cls.user_head = cls._make_user("pr_head", "staff")
        cls.user_head.patient_department_ids = cls.cardiology
        cls.cardiology.manager_id = cls.env["hr.employee"].create(
            {
                "name": "林主任",
                "user_id": cls.user_head.id,
                "department_id": cls.cardiology.id,
            }
        )
        cls.cron = cls.env.ref(f"{MODULE}.patient_deadline_cron_sweep")
        # one clock a complaint, that of the law
        cls.company.patient_deadline_regime_ids = cls.env.ref(
            f"{MODULE}.patient_deadline_regime_cn"
        )
        cls.answer = cls.env.ref(f"{MODULE}.patient_deadline_rule_cn_answer")

    def _make_case(self, **values):
        return self._make_complaint(
            **{
                "lead_department_id": self.cardiology.id,
                "user_id": self.user_officer.id,
                **values,
            }
        )

    def _sweep(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.cron.method_direct_trigger()

    def _told(self, complaints):
        """Return (percent, login) of what was noted, in order."""
        notices = complaints.deadline_ids.notice_ids.sorted("id")
        return [(one.step_id.percent, one.user_id.login) for one in notices]

    def _messages(self, user):
        return self.env["mail.message"].search(
            [
                ("notified_partner_ids", "in", user.partner_id.ids),
                ("subject", "=like", "Deadlines: %"),
            ],
            order="id",
        )

    def test_ladder_tells_one_step_after_the_other(self):
        case = self._make_case()
        [clock] = case.deadline_ids
        self._sweep(clock.next_step_at - timedelta(seconds=1))
        self.assertEqual(self._told(case), [])
        self._sweep(clock.next_step_at)
        self.assertEqual(self._told(case), [(50, "pr_officer")])
        self._sweep(clock.next_step_at)
        self.assertEqual(
            set(self._told(case)[1:]), {(80, "pr_officer"), (80, "pr_head")}
        )
        self.assertEqual(clock.next_step_at, clock.due_at)
        self._sweep(clock.due_at)
        self.assertIn((100, "pr_manager"), self._told(case))
        self._sweep(clock.next_step_at)
        self.assertEqual(self._told(case)[-1], (120, "pr_leader"))
        self.assertFalse(clock.next_step_at)

    def test_half_of_the_time_is_half_of_the_working_time(self):
        """Received on Friday noon, due on the next Friday: half is not in the weekend."""
        case = self._make_case(received_at=datetime(2026, 3, 6, 4))
        half = self.company._patient_local_time(case.deadline_ids.next_step_at)
        self.assertEqual((half.month, half.day), (3, 11))

    def test_sweep_that_comes_late_tells_all_steps_once(self):
        case = self._make_case()
        late = MONDAY + timedelta(days=30)
        self._sweep(late)
        told = self._told(case)
        self.assertEqual({percent for percent, _who in told}, {50, 80, 100, 120})
        self._sweep(late + timedelta(hours=1))
        self.assertEqual(self._told(case), told)

    def test_one_digest_a_person_not_one_a_record(self):
        cases = [self._make_case() for _number in range(5)]
        self._sweep(MONDAY + timedelta(days=8))
        for user in (self.user_officer, self.user_head, self.user_manager):
            [message] = self._messages(user)
            for case in cases:
                self.assertEqual(str(message.body).count(case.name), 1)

    def test_digest_tells_number_and_date_and_nothing_of_the_case(self):
        case = self._make_case(summary="手术部位感染", complainant_name="赵六")
        self._sweep(MONDAY + timedelta(days=8))
        [message] = self._messages(self.user_officer)
        text = f"{message.subject} {message.body}"
        self.assertIn(case.name, text)
        self.assertIn("overdue", message.subject)
        for secret in ("手术部位感染", "赵六", self.patient.name):
            self.assertNotIn(secret, text)

    def test_digest_waits_for_the_morning(self):
        self._make_case()
        night = datetime(2026, 3, 10, 16)  # midnight in Shanghai
        self._sweep(night)
        self.assertFalse(self._messages(self.user_officer))
        self._sweep(datetime(2026, 3, 11, 0))
        self.assertEqual(len(self._messages(self.user_officer)), 1)

    def test_digests_of_a_person_keep_their_distance(self):
        self._make_case()
        self._sweep(datetime(2026, 3, 10, 1))
        self._make_case(received_at=datetime(2026, 2, 9, 1))
        self._sweep(datetime(2026, 3, 10, 2))
        self.assertEqual(len(self._messages(self.user_officer)), 1)
        self._sweep(datetime(2026, 3, 10, 5, 1))
        self.assertEqual(len(self._messages(self.user_officer)), 2)

    def test_urgent_deadline_is_told_at_night(self):
        case = self._make_case()
        night = datetime(2026, 3, 2, 17)
        with freeze_time(night):
            case._fire_deadline_event("major_event")
        self._sweep(night + timedelta(minutes=10))
        self.assertEqual(len(self._messages(self.user_manager)), 1)

    def test_stopped_clock_is_not_told(self):
        case = self._make_case()
        night = datetime(2026, 3, 10, 16)
        self._sweep(night)
        with freeze_time(night + timedelta(hours=1)):
            case.sudo().state = "responded"
        self._sweep(datetime(2026, 3, 11, 1))
        self.assertFalse(self._messages(self.user_officer))
        self.assertTrue(all(case.deadline_ids.notice_ids.mapped("sent_at")))

    def test_paused_clock_is_not_told(self):
        self.answer.is_pausable = True
        case = self._make_case()
        case._pause_deadlines("appraisal")
        self._sweep(MONDAY + timedelta(days=30))
        self.assertEqual(self._told(case), [])

    def test_accused_is_never_told_and_the_next_above_is(self):
        case = self._make_case()
        case.problem_ids.employee_id = self.cardiology.manager_id
        self._sweep(MONDAY + timedelta(days=30))
        logins = {login for _percent, login in self._told(case)}
        self.assertNotIn("pr_head", logins)
        self.assertIn((80, "pr_manager"), self._told(case))

    def test_nobody_responsible_means_the_head_of_the_department(self):
        case = self._make_case(user_id=False)
        self._sweep(case.deadline_ids.next_step_at)
        self.assertEqual(self._told(case), [(50, "pr_head")])

    def test_without_anybody_the_managers_are_told(self):
        self.company.patient_office_manager_id = False
        case = self._make_case(user_id=False, lead_department_id=self.surgery.id)
        self._sweep(case.deadline_ids.next_step_at)
        self.assertIn((50, "pr_manager"), self._told(case))

    def test_sweep_asks_the_same_number_of_queries_for_one_and_a_hundred(self):
        counts = []
        for number in (1, 100):
            cases = self.env["patient.complaint"].browse()
            for _case in range(number):
                cases |= self._make_case()
            due = cases.deadline_ids[0].next_step_at
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases.deadline_ids._note_steps(due)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(cases.deadline_ids.notice_ids), number)
        self.assertLessEqual(counts[1], counts[0])

    def test_provisional_terms_are_counted_again_when_the_days_are_known(self):
        case = self._make_case(received_at=datetime(2026, 12, 28, 2))
        [clock] = case.deadline_ids
        self.assertTrue(clock.is_provisional)
        due = clock.due_at
        self.env["patient.working.day"].create(
            [
                {
                    "name": "元旦",
                    "date": f"2027-01-{day:02d}",
                    "is_working": False,
                    "country_id": self.env.ref("base.cn").id,
                }
                for day in (4, 5)
            ]
        )
        clock._cron_recount_provisional()
        self.assertFalse(clock.is_provisional)
        self.assertGreater(clock.due_at, due)
