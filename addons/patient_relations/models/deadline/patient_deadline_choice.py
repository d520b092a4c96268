from collections import defaultdict

from odoo import models


class PatientDeadline(models.Model):
    """Which rule a running clock follows, as its record changes."""

    _inherit = "patient.deadline"

    def _widen(self, event):
        """Let clocks go on by the wider rule, if their rule widens with the event."""
        wider = defaultdict(self.browse)
        for clock in self:
            rule = clock.rule_id
            if rule.widen_event == event and rule.widens_to_id.active:
                wider[rule.widens_to_id] |= clock
        for rule, clocks in wider.items():
            clocks._change_rule(rule)

    def _choose_rule(self):
        """Return the rule that fits the record of an open clock now.

        One that has widened stays wide; one started by hand stays as it is.
        """
        self.ensure_one()
        rule, record = self.rule_id, self._get_record()
        if rule.is_only_wider or rule.start_event == "by_hand":
            return rule
        ids = rule._get_ids_in_force(self.company_id, self.res_model, rule.start_event)
        alternatives = rule.browse(ids).filtered(
            lambda other: other._get_duty() == rule._get_duty()
        )
        return alternatives._get_first_fitting(record)
