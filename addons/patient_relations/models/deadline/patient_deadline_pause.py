from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PatientDeadlinePause(models.Model):
    """Time that does not count, with its reason: the ledger of one clock.

    Rows belong to the clock, not to the rule, so that they survive a change of rule.
    """

    _name = "patient.deadline.pause"
    _description = "Deadline Pause"
    _order = "started_at, id"

    deadline_id = fields.Many2one(
        comodel_name="patient.deadline",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="deadline_id.company_id", store=True, precompute=True, index=True
    )
    reason = fields.Selection(
        selection=[
            ("appraisal", "Expert Appraisal"),
            ("complainant", "Waiting for the Complainant"),
            ("authority", "Waiting for an Authority"),
            ("agreement", "By Agreement of Both Sides"),
            ("other", "Other"),
        ],
        required=True,
    )
    note = fields.Char()
    started_at = fields.Datetime(required=True)
    ended_at = fields.Datetime()
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Paused by",
        required=True,
        default=lambda self: self.env.user,
    )

    _order_check = models.Constraint(
        "CHECK(ended_at IS NULL OR ended_at >= started_at)",
        "A pause cannot end before it begins.",
    )
    _open_uniq = models.UniqueIndex(
        "(deadline_id) WHERE ended_at IS NULL", "This deadline is paused already."
    )

    @api.constrains("started_at", "ended_at", "deadline_id")
    def _check_overlap(self):
        for pause in self:
            if pause.started_at < pause.deadline_id.started_at:
                raise ValidationError(
                    self.env._(
                        "The pause of “%(deadline)s” begins before the deadline does.",
                        deadline=pause.deadline_id.display_name,
                    )
                )
            for other in pause.deadline_id.pause_ids - pause:
                ends_before = other.ended_at and other.ended_at <= pause.started_at
                begins_after = pause.ended_at and other.started_at >= pause.ended_at
                if not ends_before and not begins_after:
                    raise ValidationError(
                        self.env._(
                            "The pauses of “%(deadline)s” overlap: the same day would "
                            "count twice. Correct the dates.",
                            deadline=pause.deadline_id.display_name,
                        )
                    )
