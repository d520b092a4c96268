from collections import Counter, defaultdict

from odoo import fields, models
from odoo.fields import Domain

from ...tools.figures import DepartmentRow, Figure, get_rate, get_share
from .patient_complaint_monthly_figures import FOUNDED


class PatientComplaintMonthly(models.TransientModel):
    """The tables of the report: departments, categories, what is overdue now."""

    _inherit = "patient.complaint.monthly"

    # BUSINESS

    def _get_department_rows(self):
        """Return the ``DepartmentRow`` of each department, most problems first."""
        counts = self._count_department_problems()
        visits = dict(
            self._read_month(
                "patient.department.month",
                self._get_domain(),
                "month",
                ["department_id"],
                ["encounter_count:sum"],
            )
        )
        on_time = {
            department: Figure(rate, number)
            for department, rate, number in self._read_month(
                "patient.deadline",
                self._get_deadline_domain(),
                "due_at",
                ["department_id"],
                ["on_time_rate:avg", "__count"],
            )
        }
        # one record set, so that all names are read at once
        departments = self.env["hr.department"].union(*counts, *on_time)
        return sorted(
            (
                self._get_department_row(
                    department,
                    counts[department],
                    visits.get(department, 0),
                    on_time.get(department, Figure(None, 0)),
                )
                for department in (*departments, departments.browse())
                if department in counts or department in on_time
            ),
            key=lambda row: (-row.problems, row.name),
        )

    def _count_department_problems(self):
        """Return department → Counter of problems, findings, founded, severity."""
        counts = defaultdict(Counter)
        for department, finding, number, severity in self._read_month(
            "patient.complaint.problem",
            self._get_problem_domain(),
            "received_month",
            ["department_id", "finding"],
            ["__count", "severity_level:sum"],
        ):
            counts[department].update(
                problems=number,
                severity=severity,
                decided=number if finding != "pending" else 0,
                founded=number if finding in FOUNDED else 0,
            )
        return counts

    def _get_department_row(self, department, count, visits, on_time):
        problems = count["problems"]
        mean = count["severity"] / problems if problems else None
        return DepartmentRow(
            department.name or self.env._("No department"),
            problems,
            get_rate(problems, visits),
            on_time,
            get_share(count["founded"], count["decided"]),
            Figure(mean, problems),
        )

    def _get_category_rows(self):
        """Return (domain, category, severity → number of problems), in their order."""
        counts = defaultdict(Counter)
        for category, severity, number in self._read_month(
            "patient.complaint.problem",
            self._get_problem_domain(),
            "received_month",
            ["category_id", "severity"],
            ["__count"],
        ):
            counts[category][severity] += number
        categories = self.env["patient.complaint.category"].union(*counts)
        return [
            (category.domain_id.name, category.name, counts[category])
            for category in categories.sorted(
                lambda one: (
                    one.domain_id.sequence,
                    one.domain_id.id,
                    one.sequence,
                    one.id,
                )
            )
        ]

    def _get_overdue_rows(self):
        """Return (number, department, officer, deadline, due, days late), oldest first.

        Whatever the month: a deadline that is overdue now is a duty now.
        """
        company = self.company_id
        today = company._patient_today()
        clocks = self.env["patient.deadline"].search(
            self._get_domain()
            & Domain("complaint_id", "!=", False)
            & Domain("is_overdue", "=", True),
            order="due_at, id",
        )
        return [
            (
                clock.complaint_id.name,
                clock.department_id.name,
                clock.user_id.name,
                clock.rule_id.name,
                company._patient_local_time(clock.due_at).replace(tzinfo=None),
                (today - company._patient_local_date(clock.due_at)).days,
            )
            for clock in clocks
        ]

    # TOOLS

    def _get_printed_at(self):
        """Return now, on the hospital's clock."""
        moment = self.company_id._patient_local_time(fields.Datetime.now())
        return moment.replace(tzinfo=None, microsecond=0)

    def _read_month(self, model, domain, moment, groupby, aggregates):
        """Group what happened in the chosen month alone."""
        month, records = self._get_month(), self.env[model]
        span = self._get_span(records._fields[moment], month, month)
        return records._read_group(domain & span, groupby, aggregates)
