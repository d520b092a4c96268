from unittest.mock import patch

from ..common import PatientRelationsCase


class PlainTime:
    """Stands for a hospital that works round the clock."""

    def hours(self, start, end):
        return (end - start).total_seconds() / 3600


class ComplaintCourseCase(PatientRelationsCase):
    """Complaints of a hospital whose working time is every hour of the day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(
                type(cls.env["res.company"]),
                "_get_patient_working_time",
                lambda company: PlainTime(),
                create=True,
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
