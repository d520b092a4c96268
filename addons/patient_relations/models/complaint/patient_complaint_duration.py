from odoo import api, fields, models

from ...tools.nullable import NullableFloat

# What is behind a complaint in each state. States aside keep what was reached before.
REACHED = {
    "received": set(),
    "acknowledged": {"acknowledged_on"},
    "investigating": {"acknowledged_on"},
    "responded": {"acknowledged_on", "responded_on"},
    "closed": {"acknowledged_on", "responded_on"},
}
# The moment of a stage, and the field that tells when its reply went out.
STAGES = {"acknowledged_on": "acknowledged_at", "responded_on": "responded_at"}
_HOURS_HELP = (
    "Working hours of the hospital since the receipt, or since the last reopening."
)


class PatientComplaint(models.Model):
    """How long the stages of the handling took, as numbers for the manager."""

    _inherit = "patient.complaint"

    acknowledged_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the complaint was acknowledged, investigated or answered at once.",
    )
    responded_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the response was given that still holds.",
    )
    hours_to_acknowledge = NullableFloat(
        compute="_compute_hours",
        store=True,
        precompute=True,
        digits=(16, 2),
        aggregator=None,
        help=_HOURS_HELP,
    )
    hours_to_respond = NullableFloat(
        compute="_compute_hours",
        store=True,
        precompute=True,
        digits=(16, 2),
        aggregator=None,
        help=_HOURS_HELP,
    )
    hours_to_close = NullableFloat(
        compute="_compute_hours",
        store=True,
        precompute=True,
        digits=(16, 2),
        aggregator=None,
        help=f"{_HOURS_HELP} Only of complaints that were closed, not of those set aside.",
    )

    @api.depends(
        "company_id",
        "received_at",
        "reopened_on",
        "acknowledged_on",
        "responded_on",
        "closed_at",
        "state",
    )
    def _compute_hours(self):
        """A stage that is not finished has no hours: NULL, not 0."""
        for complaint in self:
            closed_at = complaint.state == "closed" and complaint.closed_at
            start = complaint.reopened_on or complaint.received_at
            for name, moment in (
                ("hours_to_acknowledge", complaint.acknowledged_on),
                ("hours_to_respond", complaint.responded_on),
                ("hours_to_close", closed_at),
            ):
                complaint[name] = complaint._count_working_hours(start, moment)

    # BUSINESS

    def _finish_transition(self, state):
        super()._finish_transition(state)
        if state in REACHED:
            self._stamp_stages(REACHED[state])

    def _stamp_stages(self, reached):
        """Keep the moments of the stages behind; forget those that lie ahead again.

        The moment is that of the reply, which may lie before its recording.
        """
        now = fields.Datetime.now()
        for name, reply in STAGES.items():
            if name not in reached:
                self.filtered(name).write({name: False})
                continue
            missing = self.filtered(lambda one, name=name: not one[name])
            for moment, complaints in missing.grouped(reply).items():
                complaints.write({name: moment or now})

    # TOOLS

    def _count_working_hours(self, start, end):
        """Return the working hours of the hospital between two moments.

        :param datetime start: naive UTC
        :param datetime end: naive UTC
        :return: hours as a float; None when a moment is missing
        """
        self.ensure_one()
        if not (start and end):
            return None
        return self.company_id._get_patient_working_time().hours(start, end)
