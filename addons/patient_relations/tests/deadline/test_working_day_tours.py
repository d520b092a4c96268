from datetime import date

from odoo.tests import HttpCase, tagged

from ..common import PatientRelationsCase


class WorkingDayTourCase(HttpCase, PatientRelationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["patient.working.day"].search([]).unlink()

    def _walk_import(self):
        self.start_tour(
            "/odoo/working-days", "patient_working_day_import", login="pr_manager"
        )
        days = self.env["patient.working.day"].search([], order="date")
        self.assertEqual(
            [(day.date, day.is_working) for day in days],
            [
                (date(2030, 1, 1), False),
                (date(2030, 1, 2), False),
                (date(2030, 1, 5), True),
            ],
        )


@tagged("post_install", "-at_install")
class TestWorkingDayTours(WorkingDayTourCase):
    def test_import(self):
        self._walk_import()

    def test_calendar_shows_the_days(self):
        self.env["patient.working.day"].create(
            {"name": "院庆", "date": self.company._patient_today()}
        )
        self.start_tour(
            "/odoo/working-days", "patient_working_day_calendar", login="pr_manager"
        )


@tagged("post_install", "-at_install")
class TestWorkingDayToursOnAPhone(WorkingDayTourCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_import(self):
        self._walk_import()
