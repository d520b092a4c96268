from odoo import fields, models


class PatientDeadlineNotice(models.Model):
    """That a person must be told of a step on the ladder; told once, in a digest."""

    _name = "patient.deadline.notice"
    _description = "Deadline Notice"
    _order = "id"
    _log_access = False

    deadline_id = fields.Many2one(
        comodel_name="patient.deadline",
        required=True,
        index=True,
        ondelete="cascade",
    )
    step_id = fields.Many2one(
        comodel_name="patient.deadline.ladder.step", required=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        comodel_name="res.users", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, ondelete="cascade"
    )
    is_urgent = fields.Boolean()
    noted_at = fields.Datetime(required=True)
    sent_at = fields.Datetime()

    # the last wall against telling twice
    _notice_uniq = models.UniqueIndex("(deadline_id, step_id, user_id)")
    _waiting_idx = models.Index("(user_id) WHERE sent_at IS NULL")
    _sent_idx = models.Index("(user_id, sent_at) WHERE sent_at IS NOT NULL")
