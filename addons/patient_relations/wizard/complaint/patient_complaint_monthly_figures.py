from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from ...models.complaint.patient_complaint_satisfaction import ANSWERS
from ...tools.figures import Figure, get_rate, get_share
from ...tools.selections import get_selection

# Stage of the handling → the moment at which it was reached.
STAGES = {
    "acknowledge": "acknowledged_on",
    "respond": "responded_on",
    "close": "closed_at",
}
# Findings that say that there is something in it.
FOUNDED = ("founded", "partly")
# Plain counts: nothing found is 0, not unknown.
COUNTS = {"received", "reopened", "ended", "open", "problems"}


class PatientComplaintMonthly(models.TransientModel):
    """The figures of thirteen months, in a fixed number of queries.

    SPECIFICATIONS:
    - Complaints alone count; thanks, suggestions, questions and merged ones do not.
    - Each fact counts in the month in which it happened: a receipt when it was received,
      an end when it ended (also one that new facts undid later), hours to a stage when the
      stage was reached, a deadline when it was due, an answer when it was asked for.
    - So what is open at the end of a month is what was open at its beginning, plus what
      was received and reopened, less what ended.
    - The user's access rules hold: who is complained about does not count that complaint.
    """

    _inherit = "patient.complaint.monthly"

    # BUSINESS

    def _get_figures(self):
        """Return month (date) → name → ``Figure``."""
        figures = {month: defaultdict(int) for month in self._get_months()}
        for find in (
            self._find_received,
            self._find_reopened,
            self._find_ended,
            self._find_open,
            self._find_hours,
            self._find_satisfaction,
            self._find_deadlines,
            self._find_steps,
            self._find_problems,
        ):
            for month, name, figure in find():
                figures[month][name] = figure
        self._add_rates(figures)
        return {month: self._fill(found) for month, found in figures.items()}

    def _find_received(self):
        aggregates = ["__count", "reopened_share:avg", "repeated_share:avg"]
        for month, number, reopened, repeated in self._group_by_month(
            self._get_domain(kind="complaint"), "received_month", aggregates
        ):
            yield month, "received", Figure(number)
            yield month, "reopened_share", Figure(reopened, number)
            yield month, "repeated_share", Figure(repeated, number)

    def _find_reopened(self):
        for month, number in self._group_by_month(
            self._get_reopening_domain(),
            "reopened_at",
            ["__count"],
            model="patient.complaint.reopening",
        ):
            yield month, "reopened", Figure(number)

    def _find_ended(self):
        """Count the ends, also those after which a complaint was reopened."""
        ends = defaultdict(int)
        domain = self._get_domain(kind="complaint")
        rows = [
            *self._group_by_month(domain, "closed_at", ["__count"]),
            *self._group_by_month(
                self._get_reopening_domain(),
                "former_ended_at",
                ["__count"],
                model="patient.complaint.reopening",
            ),
        ]
        for month, number in rows:
            ends[month] += number
        for month, number in ends.items():
            yield month, "ended", Figure(number)

    def _find_open(self):
        """Count what was open at the end of the compared months."""
        for month in self._get_compared_months():
            end = self._get_end(month)
            received = (
                self._get_domain(kind="complaint")
                & Domain("received_at", "<", end)
                & (Domain("closed_at", "=", False) | Domain("closed_at", ">=", end))
            )
            # ended at that time, and reopened since
            resting = (
                self._get_reopening_domain()
                & Domain("former_ended_at", "<", end)
                & Domain("reopened_at", ">=", end)
            )
            number = self.env["patient.complaint"].search_count(received)
            number -= self.env["patient.complaint.reopening"].search_count(resting)
            yield month, "open", Figure(number)

    def _find_hours(self):
        domain = self._get_domain(kind="complaint")
        for stage, moment in STAGES.items():
            hours = f"hours_to_{stage}"
            aggregates = [f"median_{hours}:avg", f"p90_{hours}:avg", f"{hours}:count"]
            for month, median, p90, number in self._group_by_month(
                domain, moment, aggregates
            ):
                yield month, f"median_{hours}", Figure(median, number)
                yield month, f"p90_{hours}", Figure(p90, number)

    def _find_satisfaction(self):
        domain = self._get_domain(kind="complaint") & Domain(
            "satisfaction", "in", ANSWERS
        )
        aggregates = ["satisfaction_mean:avg", "satisfied_share:avg", "__count"]
        for month, mean, satisfied, number in self._group_by_month(
            domain, "satisfaction_asked_on", aggregates
        ):
            yield month, "satisfaction_mean", Figure(mean, number)
            yield month, "satisfied_share", Figure(satisfied, number)

    def _find_deadlines(self):
        for month, on_time, number, paused, ended in self._group_by_month(
            self._get_deadline_domain(),
            "due_at",
            ["on_time_rate:avg", "__count", "paused_share:avg", "stopped_at:count"],
            model="patient.deadline",
        ):
            yield month, "on_time_rate", Figure(on_time, number)
            yield month, "paused_share", Figure(paused, ended)

    def _find_steps(self):
        for month, step, on_time, number in self._group_by_month(
            self._get_deadline_domain(),
            "due_at",
            ["on_time_rate:avg", "__count"],
            ["step"],
            model="patient.deadline",
        ):
            yield month, f"on_time_{step}", Figure(on_time, number)

    def _find_problems(self):
        problems, founded, decided = (defaultdict(int) for _name in range(3))
        for month, finding, number in self._group_by_month(
            self._get_problem_domain(),
            "received_month",
            ["__count"],
            ["finding"],
            model="patient.complaint.problem",
        ):
            problems[month] += number
            decided[month] += number if finding != "pending" else 0
            founded[month] += number if finding in FOUNDED else 0
        for month, number in problems.items():
            yield month, "problems", Figure(number)
            yield month, "founded_share", get_share(founded[month], decided[month])

    def _add_rates(self, figures):
        """Add the complaints received per 1,000 visits."""
        for month, visits in self._group_by_month(
            self._get_domain(),
            "month",
            ["encounter_count:sum"],
            model="patient.department.month",
        ):
            received = figures[month].get("received", Figure(0)).value
            figures[month]["rate_per_1000"] = get_rate(received, visits)

    # TOOLS

    def _fill(self, found):
        """Return name → ``Figure`` that knows also what was not found."""
        filled = defaultdict(lambda: Figure(None, 0), found)
        for name in COUNTS - found.keys():
            filled[name] = Figure(0)
        return filled

    def _get_reopening_domain(self):
        counted = [("kind", "=", "complaint"), ("active", "=", True)]
        return self._get_domain() & Domain("complaint_id", "any", counted)

    def _get_problem_domain(self):
        return self._get_domain(kind="complaint", complaint_active=True)

    def _get_deadline_domain(self):
        """Return the domain of the deadlines that were kept or not."""
        decided = Domain("state", "in", ("met", "missed")) | Domain(
            "is_overdue", "=", True
        )
        return self._get_domain(complaint_kind="complaint") & decided

    def _get_steps(self, figures):
        """Return step → label of the steps that had deadlines, in their order."""
        return {
            step: label
            for step, label in get_selection(self.env, "patient.deadline", "step")
            if any(figures[month][f"on_time_{step}"].n for month in figures)
        }
