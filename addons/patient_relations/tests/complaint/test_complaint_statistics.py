import json
from datetime import datetime

from odoo import Command, http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..common import MODULE, PatientRelationsCase


@tagged("post_install", "-at_install")
class TestComplaintStatistics(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facts = cls.env["patient.department.month"]
        cls.safety = cls.env.ref(f"{MODULE}.patient_complaint_category_safety")
        cls._make_visits(cls.cardiology, 3, datetime(2026, 3, 10))  # with setUp's: 4
        cls._make_visits(cls.cardiology, 16, datetime(2026, 4, 10))
        cls._make_visits(cls.surgery, 5, datetime(2026, 3, 10))
        for month, count in ((3, 2), (4, 1)):
            for _number in range(count):
                cls._make_complaint(
                    received_at=datetime(2026, month, 15),
                    lead_department_id=cls.cardiology.id,
                )
        cls.facts._refresh()

    @classmethod
    def _make_visits(cls, department, count, moment, **values):
        cls.env["patient.encounter"].create(
            [
                {
                    "patient_id": cls.patient.id,
                    "status": "finished",
                    "department_id": department.id,
                    "started_at": moment,
                    **values,
                }
            ]
            * count
        )

    def _get_row(self, department, month):
        return self.facts.search(
            [("department_id", "=", department.id), ("month", "=", month)]
        )

    def test_rows_count_visits_complaints_and_problems(self):
        march = self._get_row(self.cardiology, "2026-03-01")
        self.assertRecordValues(
            march, [{"encounter_count": 4, "complaint_count": 2, "problem_count": 2}]
        )
        self.assertAlmostEqual(march.rate_per_1000, 500.0)
        self.assertFalse(self._get_row(self.surgery, "2026-03-01").complaint_count)

    def test_rate_of_a_group_is_the_ratio_of_sums(self):
        """2 of 4 and 1 of 16 are 3 of 20, not the mean of 500 and 62.5."""
        [row] = self.facts.formatted_read_group(
            [("department_id", "=", self.cardiology.id), ("month", ">=", "2026-03-01")],
            ["department_id"],
            ["rate_per_1000:avg", "encounter_count:sum"],
        )
        self.assertAlmostEqual(row["rate_per_1000:avg"], 150.0)
        self.assertEqual(row["encounter_count:sum"], 20)

    def test_pivot_gets_rates_for_all_groupings_at_once(self):
        sets = self.facts.formatted_read_grouping_sets(
            [("department_id", "in", (self.cardiology | self.surgery).ids)],
            [[], ["department_id"], ["department_id", "month:quarter"]],
            ["rate_per_1000:avg"],
        )
        self.assertAlmostEqual(sets[0][0]["rate_per_1000:avg"], 1000 * 3 / 25)

    def test_rate_without_visits_is_empty(self):
        self._make_complaint(
            received_at=datetime(2026, 5, 1), lead_department_id=self.emergency.id
        )
        self.facts._refresh()
        [row] = self.facts.formatted_read_group(
            [("department_id", "=", self.emergency.id)], [], ["rate_per_1000:avg"]
        )
        self.assertFalse(row["rate_per_1000:avg"])

    def test_complaint_counts_once_in_each_department_of_its_problems(self):
        self._make_complaint(
            received_at=datetime(2026, 3, 20),
            lead_department_id=self.cardiology.id,
            problem_ids=[
                Command.create(
                    {"category_id": self.safety.id, "department_id": department.id}
                )
                for department in (self.surgery, self.surgery, self.emergency)
            ],
        )
        self.facts._refresh()
        surgery = self._get_row(self.surgery, "2026-03-01")
        self.assertEqual((surgery.complaint_count, surgery.problem_count), (1, 2))
        self.assertEqual(self._get_row(self.emergency, "2026-03-01").complaint_count, 1)
        self.assertEqual(
            self._get_row(self.cardiology, "2026-03-01").complaint_count, 2
        )

    def test_complaint_that_is_not_coded_counts_for_its_lead_department(self):
        self._make_complaint(
            received_at=datetime(2026, 3, 20),
            lead_department_id=self.surgery.id,
            problem_ids=[],
        )
        self.facts._refresh()
        self.assertEqual(self._get_row(self.surgery, "2026-03-01").complaint_count, 1)

    def test_rows_follow_corrections(self):
        problem = (
            self.env["patient.complaint"]
            .search([("received_month", "=", "2026-04-01")])[:1]
            .problem_ids
        )
        problem.department_id = self.emergency
        self.env["patient.encounter"].search(
            [("department_id", "=", self.surgery.id)]
        ).unlink()
        self.facts._refresh()
        april = self._get_row(self.cardiology, "2026-04-01")
        self.assertEqual((april.encounter_count, april.complaint_count), (16, 0))
        self.assertEqual(self._get_row(self.emergency, "2026-04-01").complaint_count, 1)
        self.assertFalse(self._get_row(self.surgery, "2026-03-01"))

    def test_thanks_merged_and_cancelled_do_not_count(self):
        self._make_complaint(
            kind="praise",
            received_at=datetime(2026, 3, 20),
            lead_department_id=self.surgery.id,
        )
        merged = self._make_complaint(
            received_at=datetime(2026, 3, 20), lead_department_id=self.surgery.id
        )
        merged.action_archive()
        self._make_visits(self.surgery, 2, datetime(2026, 3, 11), status="cancelled")
        self.facts._refresh()
        row = self._get_row(self.surgery, "2026-03-01")
        self.assertEqual((row.encounter_count, row.complaint_count), (5, 0))

    def test_refreshing_again_changes_nothing(self):
        before = self.facts.search_read([])
        self.facts._refresh()
        self.assertEqual(self.facts.search_read([]), before)

    def test_number_of_queries_does_not_grow(self):
        self._make_visits(self.emergency, 50, datetime(2026, 6, 1))
        self.env.flush_all()
        with self.assertQueryCount(2):
            self.facts._refresh()

    def test_button_is_the_managers(self):
        with self.assertRaises(AccessError):
            self.facts.with_user(self.user_officer).action_refresh()
        self.facts.with_user(self.user_manager).action_refresh()

    def test_staff_sees_the_rates_of_their_departments(self):
        rows = self.facts.with_user(self.user_staff).search([])
        self.assertEqual(rows.department_id, self.cardiology)
        with self.assertRaises(AccessError):
            self.facts.with_user(self.user_plain).search([])

    def test_problems_are_counted_by_all_they_are_asked_for(self):
        problems = self.env["patient.complaint.problem"].with_user(self.user_manager)
        for groupby in (
            "received_month:month",
            "department_id",
            "domain_id",
            "category_id",
            "severity",
            "channel",
            "finding",
            "state",
        ):
            with self.subTest(groupby=groupby):
                rows = problems.formatted_read_group(
                    [("department_id", "=", self.cardiology.id)],
                    [groupby],
                    ["__count", "complaint_id:count_distinct", "severity_level:avg"],
                )
                self.assertEqual(sum(row["__count"] for row in rows), 3)


@tagged("post_install", "-at_install")
class TestComplaintPivotExport(HttpCase, PatientRelationsCase):
    def test_pivot_is_written_as_a_workbook(self):
        self.authenticate("pr_manager", "pr_manager")
        data = {
            "title": "Problems",
            "model": "patient.complaint.problem",
            "measure_count": 1,
            "origin_count": 1,
            "col_group_headers": [[{"title": "Safety", "width": 1, "height": 1}]],
            "measure_headers": [{"title": "Count", "is_bold": True}],
            "origin_headers": [],
            "rows": [{"title": "心内科", "indent": 0, "values": [{"value": 3}]}],
        }
        answer = self.url_open(
            "/web/pivot/export_xlsx",
            data={
                "data": json.dumps(data),
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.content.startswith(b"PK"))
