import time
from unittest.mock import patch

from lxml import etree

from odoo.tests import tagged

from ..common import PatientRelationsCase


@tagged("post_install", "-at_install")
class TestPatientPerformance(PatientRelationsCase):
    """The work of the database is the same for one record and for a hundred."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.many = cls.env["patient.patient"].create(cls._prepare(100))
        cls.env["patient.encounter"].create(
            [
                {
                    "patient_id": patient.id,
                    "department_id": cls.cardiology.id,
                    "status": "finished",
                    "started_at": f"2026-03-{day:02d} 01:00:00",
                }
                for patient in cls.many
                for day in (1, 2, 3)
            ]
        )
        cls.env.flush_all()

    @classmethod
    def _prepare(cls, count):
        return [
            {
                "name": f"王{chr(0x4E00 + number)}",
                "phone": f"138{number:08d}",
                "birth_date": "1970-01-01",
                "gender": "male",
            }
            for number in range(count)
        ]

    def _count_queries(self, work):
        """Return how many queries a piece of work costs with empty caches."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def assertSameWork(self, budget, work):
        """``work(1)`` and ``work(100)`` cost the same, and no more than the budget."""
        self._count_queries(lambda: work(1))  # fills caches that outlive a request
        one = self._count_queries(lambda: work(1))
        hundred = self._count_queries(lambda: work(100))
        self.assertEqual(hundred, one)
        self.assertLessEqual(one, budget)

    def test_contact_is_written_once(self):
        """Its properties come with it, and are not written again for the file."""
        definition = self.env["properties.base.definition"].sudo()
        definition._get_definition_for_property_field(
            "res.partner", "properties"
        ).properties_definition = [
            {"name": "bed", "type": "char", "string": "Bed", "default": "12"}
        ]
        with patch.object(self.registry["res.partner"], "write") as write:
            patients = self.env["patient.patient"].create(self._prepare(2))
        write.assert_not_called()
        for patient in patients:
            self.assertEqual(patient.partner_id.properties["bed"], "12")
            self.assertEqual(patient.properties["bed"], "12")
        given = self.env["patient.patient"].create(
            {"name": "李四", "properties": {"bed": "7"}}
        )
        self.assertEqual(given.partner_id.properties["bed"], "7")

    def test_patients_are_created_in_one_go(self):
        patients = self.env["patient.patient"].with_user(self.user_officer)
        # Two at least: a single file is opened with a line in its log.
        self.assertSameWork(30, lambda n: patients.create(self._prepare(max(2, n))))

    def test_visits_are_created_in_one_go(self):
        encounters = self.env["patient.encounter"].with_user(self.user_officer)

        def work(count):
            encounters.create(
                [
                    {
                        "patient_id": patient.id,
                        "department_id": self.cardiology.id,
                        "practitioner_id": self.employee_doctor.id,
                        "arrived_at": "2026-03-02 01:00:00",
                        "started_at": "2026-03-02 01:10:00",
                    }
                    for patient in self.many[:count]
                ]
            )

        self.assertSameWork(20, work)

    def _read_view(self, model, view_type, user, limit):
        """Read what a list or kanban view shows, as the web client does."""
        records = self.env[model].with_user(user)
        view = records.get_views([(False, view_type)])["views"][view_type]
        nodes = etree.fromstring(view["arch"]).iter("field")
        names = {node.get("name") for node in nodes}
        specification = {
            name: {"fields": {"display_name": {}}}
            if records._fields[name].relational
            else {}
            for name in names
        }
        records.web_search_read([], specification, limit=limit)

    def test_list_and_kanban_read_in_one_go(self):
        for model, view_type, budget in (
            ("patient.patient", "list", 40),
            ("patient.patient", "kanban", 40),
            ("patient.encounter", "list", 25),
            ("patient.encounter", "kanban", 25),
        ):
            for user in (self.user_officer, self.user_staff):
                with self.subTest(model=model, view=view_type, user=user.login):
                    self.assertSameWork(
                        budget,
                        lambda count, model=model, kind=view_type, user=user: (
                            self._read_view(model, kind, user, count)
                        ),
                    )

    def test_counts_are_read_in_one_go(self):
        patients = self.many.with_user(self.user_officer)
        self.assertSameWork(
            15,
            lambda count: patients[:count].read(
                ["encounter_count", "event_count", "last_encounter_id"]
            ),
        )
        departments = self.env["hr.department"].create(
            [{"name": f"科{number}"} for number in range(100)]
        )
        self.assertSameWork(
            8,
            lambda count: (
                departments[:count]
                .with_user(self.user_officer)
                .read(["encounter_count"])
            ),
        )

    def test_creating_takes_the_same_time_for_each(self):
        """Twenty times as many take no more than 2.5 times as long for each."""
        patients = self.env["patient.patient"].with_user(self.user_officer)

        def measure(count):
            values = self._prepare(count)
            began = time.process_time()
            patients.create(values)
            self.env.flush_all()
            self.env.invalidate_all()
            return (time.process_time() - began) / count

        measure(100)
        few = min(measure(100) for _attempt in range(3))
        self.assertLess(measure(2000), few * 2.5)
