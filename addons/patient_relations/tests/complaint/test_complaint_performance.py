from odoo.tests import tagged
from odoo.tools import SQL

from ..common import PatientRelationsCase

# Odoo inserts at most a hundred rows with one statement: each further chunk is a query.
CHUNK = 100


@tagged("post_install", "-at_install")
class TestComplaintPerformance(PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={
                **cls.env.context,
                "mail_create_nolog": False,
                "mail_notrack": False,
            }
        )
        cls.categories = cls.env["patient.complaint.category"].search(
            [("hcat_level", "=", "category")]
        )
        cls.complaints = cls.env["patient.complaint"].with_user(cls.user_officer)

    @classmethod
    def _create(cls, count):
        return cls.complaints.create(
            [
                {
                    "summary": f"等候 {number}",
                    "patient_id": cls.patient.id,
                    "complainant_phone": f"1390000{number:04d}",
                    "lead_department_id": cls.cardiology.id,
                    "problem_ids": [
                        (0, 0, {"category_id": cls.categories[0].id}),
                        (0, 0, {"category_id": cls.categories[1].id}),
                    ],
                }
                for number in range(count)
            ]
        )

    def _count(self, function, *args, warm=None):
        """Return how many queries a call makes, from its first to its last flush.

        :param warm: arguments of a call before, which fills the caches of the registry
        """
        self.env.flush_all()
        self.env.invalidate_all()
        function(*(warm or args))
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function(*args)
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.env.cr.sql_log_count - before

    def test_create_costs_the_same_for_one_and_a_hundred(self):
        one = self._count(self._create, 1)
        hundred = self._count(self._create, CHUNK)
        clocks = len(self._create(1).sudo().deadline_ids)
        self.assertLessEqual(one, 28)
        # of two hundred problems, and of so many hundred clocks, all but the first chunk
        self.assertLessEqual(hundred, one + (2 - 1) + (clocks - 1))

    def test_list_page_costs_the_same_for_one_and_eighty(self):
        specification = {
            "name": {},
            "summary": {},
            "patient_id": {"fields": {"display_name": {}}},
            "lead_department_id": {"fields": {"display_name": {}}},
            "user_id": {"fields": {"display_name": {}}},
            "max_severity": {},
            "problem_count": {},
            "tag_ids": {"fields": {"display_name": {}, "color": {}}},
            "state": {},
        }
        self._create(80)

        def read(limit):
            self.complaints.web_search_read([], specification, limit=limit)

        one, eighty = self._count(read, 1), self._count(read, 80)
        self.assertLessEqual(eighty, one + 1)  # the count of the whole list

    def test_moving_costs_the_same_for_one_and_forty(self):
        """Apart from the history: Odoo writes the tracking record by record."""
        quiet = self.complaints.with_context(tracking_disable=True)
        one, many = self._create(1), self._create(40)

        def move(records):
            quiet.browse(records.ids).write({"state": "acknowledged"})

        spare = [self._create(1)]
        self.assertEqual(
            self._count(move, one, warm=spare), self._count(move, many, warm=spare)
        )

    def test_coding_costs_the_same_for_one_and_eighty(self):
        one, many = self._create(1), self._create(80)

        def code(records):
            records.problem_ids.write({"severity": "3"})

        spare = [self._create(1)]
        alone = self._count(code, one, warm=spare)
        # a hundred and sixty problems are one chunk more
        self.assertLessEqual(self._count(code, many, warm=spare), alone + 1)

    def test_smart_buttons_cost_one_query(self):
        patients = self.env["patient.patient"].create(
            [{"name": f"病人{number}"} for number in range(20)]
        )
        self.env.flush_all()
        patients.mapped("name")
        with self.assertQueryCount(1):
            patients.mapped("complaint_count")

    def test_pages_are_served_by_indexes(self):
        self.env.cr.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename LIKE 'patient_complaint%'"
        )
        names = {name for (name,) in self.env.cr.fetchall()}
        for index in (
            "patient_complaint_order_idx",
            "patient_complaint_company_idx",
            "patient_complaint_lead_department_idx",
            "patient_complaint_first_department_idx",
            "patient_complaint_problem_accused_idx",
        ):
            self.assertIn(index, names)

    def test_page_of_a_department_needs_no_scan_of_a_table(self):
        """With scans forbidden where an index serves, no table of ours is scanned."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for model in ("patient.complaint", "patient.complaint.problem"):
            records = self.env[model].with_user(self.user_staff)
            query = records._search([], limit=80, order=records._order).select()
            self.env.cr.execute(
                SQL("EXPLAIN %s", query),
            )
            plan = "\n".join(line for (line,) in self.env.cr.fetchall())
            with self.subTest(model=model):
                self.assertNotIn("Seq Scan on patient_complaint", plan)
                self.assertIn("patient_complaint_problem_accused_idx", plan)
