from datetime import datetime

from odoo import models
from odoo.tests import tagged

from ..common import PatientRelationsCase

MONTH = "received_month:month"


@tagged("post_install", "-at_install")
class TestProblemPivot(PatientRelationsCase):
    """The pivot gives what Odoo's own gives, in the same order, without the joins."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.problems = cls.env["patient.complaint.problem"].with_user(cls.user_manager)
        categories = cls.env["patient.complaint.category"].search(
            [("hcat_level", "=", "category")], limit=3
        )
        departments = cls.env["hr.department"].create(
            [{"name": name} for name in ("Z ward", "A ward", "M ward")]
        )
        # named against the order of their ids; one problem has none
        for month, department in ((3, departments[0]), (1, departments[1])):
            for category in categories:
                cls._make_case(month, category, department)
        cls._make_case(2, categories[0], departments[2])
        cls._make_case(2, categories[1], departments.browse())
        cls.env.flush_all()

    @classmethod
    def _make_case(cls, month, category, department):
        cls.env["patient.complaint"].create(
            {
                "summary": "等候",
                "received_at": datetime(2026, month, 31 if month != 2 else 28, 18),
                "problem_ids": [
                    (
                        0,
                        0,
                        {"category_id": category.id, "department_id": department.id},
                    )
                ],
            }
        )

    def _read(self, *specs, reader=None):
        sets = [[], *([spec] for spec in specs), list(specs)]
        reader = reader or type(self.problems)._read_grouping_sets
        aggregates = ["__count", "severity_level:max"]
        return reader(self.problems, [], sets, aggregates, ", ".join(specs))

    def test_groups_are_those_of_odoo_in_the_same_order(self):
        for specs in (
            (MONTH, "department_id"),
            ("department_id", MONTH),
            ("department_id", "category_id"),
            ("received_month:year", "department_id"),
            ("kind", "state", "department_id"),
            (MONTH, "kind"),
        ):
            with self.subTest(specs=specs):
                self.assertEqual(
                    self._read(*specs),
                    self._read(*specs, reader=models.BaseModel._read_grouping_sets),
                )

    def test_months_are_those_of_the_hospital(self):
        """Received at two in the morning of the first, in Shanghai."""
        months = [str(month) for month, *_figures in self._read(MONTH)[1]]
        self.assertEqual(months, ["2026-02-01", "2026-03-01", "2026-04-01"])

    def test_names_are_not_carried_through_the_rows(self):
        self._read(MONTH, "department_id")
        order = 'FROM "hr_department"'
        with self.assertQueriesContain(["GROUPING SETS", order, order]) as queries:
            rows = self._read(MONTH, "department_id")
        self.assertNotIn("hr_department", queries[0])
        self.assertNotIn("date_trunc", queries[0])
        names = [row[0].name for row in rows[2] if row[0]]
        self.assertEqual(names, sorted(names))
