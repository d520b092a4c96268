from odoo import models

from ...tools import terms


class PatientDeadlineRule(models.Model):
    """The arithmetic of a rule: when a term ends, and when its ladder is reached."""

    _inherit = "patient.deadline.rule"

    def _get_term(self, calendar, started_at, pauses=()):
        """Return the ``Term`` of this rule from a moment on.

        :param calendar: ``terms.Calendar`` of the hospital
        :param datetime started_at: naive UTC
        :param list pauses: (start, end) of naive UTC datetimes, in order, ended
        """
        self.ensure_one()
        return terms.Term(calendar, self.unit, self.amount, started_at, pauses)

    def _prepare_term(self, term, told_percent=0):
        """Return the values of a clock that follow from its term.

        :param int told_percent: the last step of the ladder that was told
        :return: dict of due_at, is_provisional, next_step_at
        """
        ahead = [p for p in self._get_percents() if p > told_percent]
        return {
            "due_at": term.due_at,
            "is_provisional": term.is_provisional,
            "next_step_at": bool(ahead) and term.at_share(ahead[0] / 100),
        }

    def _get_percents(self):
        """Return the percentages of the ladder, ascending, each once."""
        # sudo: patient.deadline.ladder: the engine counts for every user
        return sorted(set(self.sudo().ladder_id.step_ids.mapped("percent")))
