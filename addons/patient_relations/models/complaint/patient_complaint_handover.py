from odoo import api, fields, models


class PatientComplaintHandover(models.Model):
    """One link of the chain of those who had a complaint in hand, beginning with its receipt.

    The complaint writes the rows when its lead department or its officer in charge
    changes; nobody writes them by hand. They show that the complainant was led on and
    not pushed away (首诉负责制; Order 3 of the National Health Commission, 2019).
    """

    _name = "patient.complaint.handover"
    _inherit = "patient.complaint.part"
    _description = "Complaint Hand-over"
    _order = "id"

    # from whom to whom
    is_receipt = fields.Boolean(
        string="Receipt", help="The first link: the complaint was received."
    )
    receiver_id = fields.Many2one("hr.employee", string="Received by")
    from_department_id = fields.Many2one("hr.department")
    from_user_id = fields.Many2one("res.users", string="From Officer")
    to_department_id = fields.Many2one("hr.department")
    to_user_id = fields.Many2one("res.users", string="To Officer")
    # when
    at = fields.Datetime(string="On", required=True)
    by_user_id = fields.Many2one("res.users", string="Handed over by", required=True)
    note = fields.Text()
    accepted_at = fields.Datetime(string="Taken over on")
    accepted_by_id = fields.Many2one("res.users", string="Taken over by")
    dwell_hours = fields.Float(
        compute="_compute_dwell_hours",
        string="Working Hours Held",
        digits=(16, 1),
        help="Working hours until the complaint was handed on, ended, or until now.",
    )
    is_pushed_back = fields.Boolean(
        string="Pushed Back",
        help="The complaint came back to a department that had given it away before.",
    )

    _accepted_check = models.Constraint(
        "CHECK((accepted_at IS NULL) = (accepted_by_id IS NULL))",
        "Who takes a complaint over does so at a moment.",
    )

    @api.depends("at", "complaint_id.handover_ids.at", "complaint_id.closed_at")
    def _compute_dwell_hours(self):
        """Measure from each link to the next; the last one to the end, or to now."""
        now = fields.Datetime.now()
        for complaint in self.complaint_id:
            chain = complaint.handover_ids.sorted("id")
            ends = [*chain[1:].mapped("at"), complaint.closed_at or now]
            for handover, end in zip(chain, ends, strict=True):
                handover.dwell_hours = complaint._count_working_hours(handover.at, end)
        for handover in self - self.complaint_id.handover_ids:
            handover.dwell_hours = 0

    @api.depends("complaint_id.name", "to_department_id")
    def _compute_display_name(self):
        for handover in self:
            parts = [handover.complaint_id.name, handover.to_department_id.name]
            handover.display_name = " → ".join(part for part in parts if part)

    # BUSINESS

    def _is_handed_on(self):
        """Tell whether a department or an officer that had the complaint gave it away."""
        self.ensure_one()
        return bool(
            self._gives_department_away()
            or (self.from_user_id and self.from_user_id != self.to_user_id)
        )

    def _gives_department_away(self):
        self.ensure_one()
        giver = self.from_department_id
        return bool(giver and giver != self.to_department_id)

    def _filter_for_user(self):
        """Return what waits for this user: as the new officer, or for their department."""
        waiting = self.filtered(lambda one: not one.accepted_at)
        if not waiting:
            return waiting
        user = self.env.user
        scope = set(user._get_patient_department_scope())
        return waiting.filtered(
            lambda one: one.to_user_id == user or one.to_department_id.id in scope
        )
