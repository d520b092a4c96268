from unittest.mock import patch

from ..common import PatientRelationsCase


class PlainTime:
    """Stands for a hospital that works round the clock."""

    def __init__(self, company):
        self.days = company._get_patient_working_days()
        self.tz = company._get_patient_tz()

    def hours(self, start, end):
        return max((end - start).total_seconds() / 3600, 0)

    def at_share(self, start, end, share):
        return start + (end - start) * share


class ComplaintCourseCase(PatientRelationsCase):
    """Complaints of a hospital whose working time is every hour of the day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(
                type(cls.env["res.company"]),
                "_get_patient_working_time",
                lambda company: PlainTime(company),
            )
        )

    @classmethod
    def _make_accused(cls, complaint, user):
        """Let a problem of the complaint be about a user; return the employee."""
        employee = user.employee_id or cls.env["hr.employee"].create(
            {"name": user.login, "user_id": user.id}
        )
        complaint.problem_ids[:1].employee_id = employee
        return employee
