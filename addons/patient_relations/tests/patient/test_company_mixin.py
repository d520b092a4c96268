from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PatientRelationsCase


@tagged("post_install", "-at_install")
class TestCompanyMixin(PatientRelationsCase):
    """Many records at once are checked as each would be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campus = cls.env["res.company"].create({"name": "南院区"})
        cls.foreign = cls.env["hr.department"].create(
            {"name": "南院心内科", "company_id": cls.campus.id}
        )
        cls.shared = cls.env["hr.department"].create(
            {"name": "共享病区", "company_id": False}
        )

    def _create_visits(self, *departments):
        return self.env["patient.encounter"].create(
            [
                {"patient_id": self.patient.id, "department_id": department.id}
                for department in departments
            ]
        )

    def test_departments_of_the_hospital_and_shared_ones_are_taken(self):
        visits = self._create_visits(self.surgery, self.shared, self.cardiology)
        self.assertEqual(
            visits.department_id, self.surgery | self.shared | self.cardiology
        )

    def test_one_foreign_department_among_many_is_refused_by_name(self):
        with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
            self._create_visits(*[self.surgery] * 3, self.foreign, self.cardiology)
        self.assertIn("南院心内科", str(refused.exception))

    def test_many_are_not_moved_to_a_foreign_department(self):
        visits = self._create_visits(self.surgery, self.cardiology)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            visits.department_id = self.foreign

    def test_the_price_does_not_grow_with_the_records(self):
        def count(visits):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            visits._check_company()
            return self.env.cr.sql_log_count - before

        few = self._create_visits(self.surgery, self.shared)
        many = self._create_visits(*[self.surgery, self.shared] * 50)
        self.assertEqual(count(few), count(many))
