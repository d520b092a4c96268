from datetime import datetime, timedelta

from odoo.tests import tagged

from ..common import NOW
from .common import CareCase

# The last second of Monday 2 March in Shanghai, as UTC.
DAY_END = datetime(2026, 3, 2, 15, 59, 59)


@tagged("post_install", "-at_install")
class TestDutyDeadline(CareCase):
    """The clocks of duties, and whom they tell."""

    def _clock(self, duty):
        return duty.deadline_ids.filtered(lambda one: one.state == "running")

    def test_critical_value_has_the_same_day(self):
        self._measure("systolic", 190)
        duty = self._duties()
        clock = self._clock(duty)
        self.assertEqual(clock.due_at, DAY_END)
        self.assertEqual(duty.next_due_at, clock.due_at)
        self.assertEqual((clock.step, clock.department_id), ("attend", self.cardiology))

    def test_critical_value_late_in_the_evening_has_two_hours(self):
        late = datetime(2026, 3, 2, 15, 30)  # 23:30 in Shanghai
        with self._freeze(late):
            self._measure("systolic", 190, late)
        self.assertEqual(self._duties().next_due_at, late + timedelta(hours=2))

    def test_abnormal_value_has_two_weeks(self):
        self._measure("systolic", 150)
        # received on Monday 2 March in Shanghai; ends with Monday 16 March
        self.assertEqual(
            self._duties().next_due_at.date(), datetime(2026, 3, 16).date()
        )

    def test_clock_runs_anew_when_it_becomes_critical(self):
        self._measure("systolic", 150)
        duty = self._duties()
        later = NOW + timedelta(days=3)
        with self._freeze(later):
            self._measure("systolic", 190, later)
        self.assertEqual(duty.next_due_at, DAY_END + timedelta(days=3))
        self.assertEqual((duty.opened_at, duty.level_since), (NOW, later))
        self.assertEqual(
            sorted(duty.deadline_ids.mapped("state")), ["cancelled", "running"]
        )

    def test_end_in_time_or_too_late(self):
        minute = timedelta(minutes=1)
        for moment, timeliness, state in (
            (DAY_END - minute, "in_time", "met"),
            (DAY_END + minute, "late", "missed"),
        ):
            self._measure("systolic", 190)
            duty = self._duties(state="open")
            with self._freeze(moment):
                self.assertEqual(duty.is_overdue, moment > DAY_END)
                self._close(duty)
            self.assertEqual(duty.timeliness, timeliness)
            self.assertEqual(duty.deadline_ids.state, state)

    def test_overdue_is_found(self):
        self._measure("systolic", 190)
        model = self.env["patient.health.duty"].with_user(self.user_nurse)
        domain = [("is_overdue", "=", True), ("patient_id", "=", self.patient.id)]
        self.assertFalse(model.search(domain))
        with self._freeze(NOW + timedelta(hours=15)):
            self.assertEqual(model.search(domain), self._duties())

    def test_clock_follows_who_takes_it(self):
        self._measure("systolic", 190)
        duty = self._duties()
        duty.with_user(self.user_nurse).action_claim()
        self.assertEqual(self._clock(duty).user_id, self.user_nurse)
        duty.department_id = self.surgery
        self.assertEqual(self._clock(duty).department_id, self.surgery)

    # who is told

    def _tell(self, duty, percent):
        """Return the users whom the steps up to a percentage tell."""
        clock = self._clock(duty)
        rows = clock._prepare_notices(percent, NOW, {})
        return self.env["res.users"].browse([row[2] for row in rows])

    def test_head_of_the_department_is_told_at_once(self):
        head = self.env["hr.employee"].create(
            {"name": "主任", "user_id": self.user_clinician.id}
        )
        self.cardiology.manager_id = head
        self._measure("systolic", 190)
        self.assertEqual(self._tell(self._duties(), 1), self.user_clinician)

    def test_health_management_where_nobody_else_may_know(self):
        self.cardiology.manager_id = self.employee_staff  # no right to values
        self.company.patient_office_manager_id = self.user_manager
        self._measure("systolic", 190)
        told = self._tell(self._duties(), 100)
        self.assertIn(self.user_health, told)
        self.assertFalse(told & (self.user_staff + self.user_manager))

    def test_whoever_has_taken_it_is_told(self):
        self._measure("systolic", 150)
        duty = self._duties()
        duty.with_user(self.user_nurse).action_claim()
        self.assertEqual(self._tell(duty, 50), self.user_nurse)

    def test_sensitive_duty_is_told_to_those_with_the_right(self):
        self.systolic.is_sensitive = True
        self._measure("systolic", 190)
        duty = self._duties()
        self.assertTrue(duty.is_sensitive)
        self.assertNotIn(self.user_health, self._tell(duty, 100))
        self.user_health.group_ids += self.env.ref(
            "patient_health.patient_health_group_sensitive"
        )
        self.assertIn(self.user_health, self._tell(duty, 100))

    def test_circles_of_complaints_stay_their_own(self):
        self.company.patient_office_manager_id = self.user_manager
        complaint = self._make_complaint()
        self._measure("systolic", 190)
        offices = {}
        ours = self._clock(self._duties())._get_recipient_ids(
            "office_manager", set(), offices
        )
        theirs = complaint.deadline_ids[:1]._get_recipient_ids(
            "office_manager", set(), offices
        )
        self.assertIn(self.user_health.id, ours)
        self.assertEqual(theirs, self.user_manager.ids)

    def test_digest_tells_no_value(self):
        self._measure("systolic", 190)
        clocks = self._clock(self._duties()).with_user(self.user_health)
        self.assertIn("1", clocks._get_digest_subject())
        body = str(clocks._render_digest())
        self.assertIn("张伟", body)
        for words in ("Systolic", "190", "mmHg"):
            self.assertNotIn(words, body)
