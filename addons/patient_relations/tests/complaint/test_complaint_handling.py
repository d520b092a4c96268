from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .course_common import ComplaintCourseCase

RECEIVED = datetime(2026, 3, 2, 1, 0)


@tagged("post_install", "-at_install")
class TestComplaintDuration(ComplaintCourseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._make_complaint(received_at=RECEIVED)
        cls.complaint.problem_ids.finding = "founded"
        cls.officer = cls.complaint.with_user(cls.user_officer)

    def _at(self, hours):
        return freeze_time(RECEIVED + timedelta(hours=hours))

    def _get_columns(self):
        """Return what the database holds, without Odoo between."""
        self.env.flush_all()
        [row] = self.env.execute_query(
            SQL(
                "SELECT hours_to_acknowledge, hours_to_respond, hours_to_close"
                " FROM patient_complaint WHERE id = %s",
                self.complaint.id,
            )
        )
        return row

    def test_unfinished_stages_are_null_not_zero(self):
        self.assertEqual(self._get_columns(), (None, None, None))
        self.assertIs(self.complaint.hours_to_respond, False)

    def test_each_stage_keeps_its_moment_and_hours(self):
        with self._at(2):
            self.officer.action_acknowledge()
        with self._at(5):
            self.officer.action_investigate()
        self.assertEqual(self._get_columns(), (2, None, None))
        with self._at(30):
            self._reply(self.complaint)
        with self._at(50):
            self.officer.action_close()
        self.assertEqual(self._get_columns(), (2, 30, 50))
        self.assertEqual(self.complaint.acknowledged_on, RECEIVED + timedelta(hours=2))
        self.assertEqual(self.complaint.responded_on, RECEIVED + timedelta(hours=30))

    def test_solved_on_the_spot_is_acknowledged_with_the_response(self):
        with self._at(1):
            self._reply(self.complaint)
        self.assertEqual(self._get_columns(), (1, 1, None))

    def test_stage_gone_back_has_no_hours_again(self):
        with self._at(3):
            self._reply(self.complaint)
            self.officer.action_investigate()
        self.assertEqual(self._get_columns(), (3, None, None))
        self.officer.action_acknowledge()
        self.officer.write({"state": "received"})
        self.assertEqual(self._get_columns(), (None, None, None))

    def test_one_set_aside_is_not_closed(self):
        with self._at(4):
            self.officer.write({"state": "withdrawn", "state_note": "撤回"})
        self.assertTrue(self.complaint.closed_at)
        self.assertEqual(self._get_columns(), (None, None, None))

    def test_question_closed_at_once_is_answered_then(self):
        self.complaint = self._make_complaint(kind="enquiry", received_at=RECEIVED)
        with self._at(6):
            self.complaint.with_user(self.user_officer).action_close()
        self.assertEqual(self._get_columns(), (6, 6, 6))

    def test_corrected_receipt_corrects_the_hours(self):
        with self._at(8):
            self.officer.action_acknowledge()
        self.complaint.received_at = RECEIVED + timedelta(hours=2)
        self.assertEqual(self._get_columns()[0], 6)

    def test_imported_one_has_the_hours_of_its_end_only(self):
        self.complaint = self._make_complaint(
            kind="enquiry",
            received_at=RECEIVED,
            state="closed",
            closed_at=RECEIVED + timedelta(hours=9),
        )
        self.assertEqual(self._get_columns(), (None, None, 9))


@tagged("post_install", "-at_install")
class TestComplaintSatisfaction(ComplaintCourseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._make_complaint(
            lead_department_id=cls.cardiology.id,
            user_id=cls.user_officer.id,
            received_at=RECEIVED,
        )
        cls.officer = cls.complaint.with_user(cls.user_officer)

    @freeze_time("2026-03-10 02:00:00")
    def test_one_tap_keeps_answer_moment_and_who_asked(self):
        self._reply(self.complaint)
        self.officer.with_context(satisfaction="4").action_record_satisfaction()
        self.assertRecordValues(
            self.complaint,
            [
                {
                    "satisfaction": "4",
                    "satisfaction_asked_on": datetime(2026, 3, 10, 2),
                    "satisfaction_user_id": self.user_officer.id,
                }
            ],
        )

    def test_nobody_is_asked_before_there_is_a_response(self):
        with self.assertRaisesRegex(UserError, self.complaint.name):
            self.officer.satisfaction = "5"
        self.assertFalse(self.complaint.satisfaction)

    def test_answer_may_be_taken_away(self):
        self._reply(self.complaint)
        self.officer.satisfaction = "5"
        self.officer.satisfaction = False
        self.assertFalse(self.complaint.satisfaction)

    def test_others_record_nothing(self):
        self._reply(self.complaint)
        for user in (self.user_staff_surgery, self.user_plain):
            with self.assertRaises(AccessError):
                self.complaint.with_user(user).with_context(
                    satisfaction="5"
                ).action_record_satisfaction()


@tagged("post_install", "-at_install")
class TestComplaintMeasures(ComplaintCourseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaints = cls.env["patient.complaint"].with_user(cls.user_manager)
        for number, hours in enumerate((1, 2, 3, 10)):
            cls._make_answered(cls.cardiology, hours, str(number + 2))  # 2, 3, 4, 5
        cls._make_answered(cls.cardiology, None, "not_reached")
        cls._make_answered(cls.cardiology, None, "refused")
        cls._make_answered(cls.surgery, None, False)
        cls._make_answered(cls.surgery, None, False, kind="praise")
        cls.domain = [("lead_department_id", "in", (cls.cardiology | cls.surgery).ids)]

    @classmethod
    def _make_answered(cls, department, hours, satisfaction, **values):
        return cls._make_complaint(
            received_at=RECEIVED,
            lead_department_id=department.id,
            responded_on=hours and RECEIVED + timedelta(hours=hours),
            state="responded",
            satisfaction=satisfaction,
            **values,
        )

    def _measure(self, department, *measures):
        [row] = self.complaints.formatted_read_group(
            [("lead_department_id", "=", department.id)],
            [],
            [f"{measure}:avg" for measure in measures],
        )
        return [row[f"{measure}:avg"] for measure in measures]

    def test_median_and_ninth_of_ten_leave_out_what_is_not_finished(self):
        median, ninety = self._measure(
            self.cardiology, "median_hours_to_respond", "p90_hours_to_respond"
        )
        self.assertAlmostEqual(median, 2.5)
        self.assertAlmostEqual(ninety, 7.9)

    def test_nothing_known_is_nothing_and_not_zero(self):
        for value in self._measure(
            self.surgery,
            "median_hours_to_acknowledge",
            "median_hours_to_respond",
            "p90_hours_to_close",
            "satisfaction_mean",
            "satisfied_share",
        ):
            self.assertNotIsInstance(value, float)
            self.assertFalse(value)

    def test_satisfaction_is_of_those_who_answered(self):
        mean, share = self._measure(
            self.cardiology, "satisfaction_mean", "satisfied_share"
        )
        self.assertAlmostEqual(mean, 3.5)
        self.assertAlmostEqual(share, 50)

    def test_shares_of_reopened_and_repeated(self):
        for number in range(2):
            self._make_complaint(
                received_at=RECEIVED + timedelta(days=number),
                lead_department_id=self.emergency.id,
                patient_id=self.patient.id,
                reopen_count=number,
            )
        self._make_complaint(
            kind="praise",
            lead_department_id=self.emergency.id,
            patient_id=self.patient.id,
        )
        repeated, reopened = self._measure(
            self.emergency, "repeated_share", "reopened_share"
        )
        self.assertAlmostEqual(repeated, 50)  # thanks repeat nothing
        self.assertAlmostEqual(reopened, 100 / 3)

    def test_pivot_gets_all_measures_of_all_groupings_at_once(self):
        measures = self._get_measures()
        sets = self.complaints.formatted_read_grouping_sets(
            self.domain,
            [
                [],
                ["lead_department_id"],
                ["lead_department_id", "received_month:month"],
            ],
            [f"{measure}:avg" for measure in measures],
        )
        self.assertAlmostEqual(sets[0][0]["median_hours_to_respond:avg"], 2.5)
        rows = {row["lead_department_id"][0]: row for row in sets[1]}
        self.assertAlmostEqual(
            rows[self.cardiology.id]["p90_hours_to_respond:avg"], 7.9
        )
        self.assertFalse(rows[self.surgery.id]["median_hours_to_respond:avg"])

    def test_all_groupings_of_the_screen_work(self):
        for groupby in (
            "received_month:month",
            "channel",
            "kind",
            "max_severity",
            "user_id",
            "satisfaction",
        ):
            with self.subTest(groupby=groupby):
                rows = self.complaints.formatted_read_group(
                    self.domain, [groupby], ["__count", "median_hours_to_respond:avg"]
                )
                self.assertEqual(sum(row["__count"] for row in rows), 8)

    def test_client_is_offered_each_measure_and_no_plain_hours(self):
        described = self.complaints.fields_get(attributes=["aggregator", "string"])
        for measure in self._get_measures():
            self.assertEqual(described[measure]["aggregator"], "avg", measure)
        self.assertFalse(described["hours_to_respond"].get("aggregator"))
        names = [described[measure]["string"] for measure in self._get_measures()]
        self.assertEqual(len(set(names)), len(names))

    def test_other_functions_over_a_measure_are_refused(self):
        with self.assertRaises(ValueError):
            self.complaints.formatted_read_group([], [], ["median_hours_to_close:sum"])

    def test_one_complaint_is_its_own_group(self):
        complaint = self._make_answered(self.emergency, 4, "5", reopen_count=1)
        self.assertRecordValues(
            complaint,
            [
                {
                    "median_hours_to_respond": 4,
                    "p90_hours_to_respond": 4,
                    "satisfaction_mean": 5,
                    "satisfied_share": 100,
                    "reopened_share": 100,
                    "repeated_share": 0,
                }
            ],
        )

    def _get_measures(self):
        stages = ("acknowledge", "respond", "close")
        return [
            *(f"median_hours_to_{stage}" for stage in stages),
            *(f"p90_hours_to_{stage}" for stage in stages),
            "reopened_share",
            "repeated_share",
            "satisfaction_mean",
            "satisfied_share",
        ]
