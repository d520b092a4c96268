from odoo import api, models


class PatientDeadlineRule(models.Model):
    """What happens to a complaint, as far as deadlines are concerned."""

    _inherit = "patient.deadline.rule"

    @api.model
    def _selection_event(self):
        return [
            ("received", self.env._("Complaint received")),
            ("acknowledged", self.env._("Complaint acknowledged")),
            ("assessed", self.env._("Complaint assessed")),
            ("second_department", self.env._("A second department joins")),
            ("interim_reply", self.env._("Interim reply given")),
            ("answered", self.env._("Complaint answered")),
            ("closed", self.env._("Complaint closed")),
            ("major_event", self.env._("Major event known")),
            ("reported", self.env._("Reported to the authority")),
            *super()._selection_event(),
        ]
