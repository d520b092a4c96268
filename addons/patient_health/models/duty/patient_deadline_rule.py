from odoo import api, models


class PatientDeadlineRule(models.Model):
    """What happens to a duty, as far as deadlines are concerned."""

    _inherit = "patient.deadline.rule"

    @api.model
    def _selection_step(self):
        return [
            *super()._selection_step(),
            ("attend", self.env._("Attend to the Patient")),
        ]

    @api.model
    def _selection_event(self):
        return [
            ("duty_opened", self.env._("Health duty opened or raised")),
            ("duty_closed", self.env._("Health duty ended")),
            *super()._selection_event(),
        ]
