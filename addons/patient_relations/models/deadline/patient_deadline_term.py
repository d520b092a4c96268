import ast

from odoo import models, tools

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
        facts = self._get_facts()
        return terms.Term(calendar, facts.unit, facts.amount, started_at, pauses)

    def _prepare_term(self, term, told_percent=0):
        """Return the values of a clock that follow from its term.

        :param int told_percent: the last step of the ladder that was told
        :return: dict of due_at, is_provisional, next_step_at
        """
        percents = self._get_facts().percents
        ahead = [percent for percent in percents if percent > told_percent]
        return {
            "due_at": term.due_at,
            "is_provisional": term.is_provisional,
            "next_step_at": bool(ahead) and term.at_share(ahead[0] / 100),
        }

    def _get_duty(self):
        """Return what rules of the same regime and step share: they are alternatives."""
        facts = self._get_facts()
        return facts.regime_id, facts.step

    @tools.ormcache("self.id")
    def _get_facts(self):
        """Return the ``RuleFacts`` of a rule; kept until a rule or a ladder changes."""
        # sudo: patient.deadline.rule, patient.deadline.ladder: the engine counts for
        # every user
        rule_sudo = self.sudo()
        steps_sudo = rule_sudo.ladder_id.step_ids.sorted("percent")
        return terms.RuleFacts(
            regime_id=rule_sudo.regime_id.id,
            step=rule_sudo.step,
            domain=ast.literal_eval(rule_sudo.domain or "[]"),
            unit=rule_sudo.unit,
            amount=rule_sudo.amount,
            steps=tuple((step.id, step.percent, step.role) for step in steps_sudo),
            is_urgent=rule_sudo.ladder_id.is_urgent,
        )
