from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

# So often a complaint may be handed on before somebody should look at it.
MANY_HANDOVERS = 3
# What moves a complaint to other hands; a visit brings its department.
_MOVING_FIELDS = {"lead_department_id", "user_id", "encounter_id"}


class PatientComplaint(models.Model):
    """The chain of hands a complaint goes through, from its first receiver."""

    _inherit = "patient.complaint"

    handover_ids = fields.One2many(
        comodel_name="patient.complaint.handover",
        inverse_name="complaint_id",
        string="Course",
        readonly=True,
    )
    handover_count = fields.Integer(
        compute="_compute_handover_count",
        string="Hand-overs",
        help="How often a department or an officer gave the complaint to another.",
    )
    handover_warning = fields.Boolean(
        string="Passed Around",
        readonly=True,
        copy=False,
        help="The complaint came back to a department that had given it away, or was "
        "handed over more than three times. Nobody may push a complainant away.",
    )
    is_to_take_over = fields.Boolean(
        compute="_compute_is_to_take_over", export_string_translation=False
    )

    @api.depends("handover_ids")
    def _compute_handover_count(self):
        for complaint in self:
            complaint.handover_count = len(
                complaint.handover_ids.filtered(lambda one: one._is_handed_on())
            )

    @api.depends("handover_ids.accepted_at", "lead_department_id", "user_id")
    @api.depends_context("uid")
    def _compute_is_to_take_over(self):
        waiting = self._get_last_handovers()._filter_for_user().complaint_id
        for complaint in self:
            complaint.is_to_take_over = complaint._origin in waiting

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        # sudo: patient.complaint.handover: the course is written by the complaint itself
        self.env["patient.complaint.handover"].sudo().create(
            [
                values
                for complaint in complaints.sudo()
                for values in complaint._prepare_first_handovers()
            ]
        )
        return complaints

    def write(self, vals):
        if not _MOVING_FIELDS & vals.keys():
            return super().write(vals)
        before = {
            complaint.id: (complaint.lead_department_id, complaint.user_id)
            for complaint in self
        }
        result = super().write(vals)
        self._log_handovers(before)
        return result

    # ACTIONS

    def action_take_over(self):
        """Tell that the new officer or department has the complaint in hand."""
        self.check_access("write")
        for complaint in self.filtered(lambda one: not one.is_to_take_over):
            raise UserError(
                self.env._(
                    "%(complaint)s does not wait for you: only the officer in charge or "
                    "staff of the lead department take it over, and only once.",
                    complaint=complaint.name,
                )
            )
        self._accept(self._get_last_handovers())

    def action_hand_over(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_complaint_hand_over_action"
        )
        return {**action, "context": {"default_complaint_id": self.id}}

    # BUSINESS

    def _finish_transition(self, state):
        """Whoever moves a complaint on that waits for them has taken it over."""
        super()._finish_transition(state)
        self._accept(self._get_last_handovers())

    def _prepare_first_handovers(self):
        """Return the receipt and, when another department leads, the way to it."""
        self.ensure_one()
        first, lead = self.first_department_id, self.lead_department_id
        led_on = bool(first and lead and first != lead)
        receipt = {
            **self._prepare_handover(self.received_at),
            "is_receipt": True,
            "receiver_id": self.first_receiver_id.id,
        }
        in_hand = self.user_id == self.env.user or bool(
            first and first == (lead or first)
        )
        if not led_on:
            return [{**receipt, **(self._prepare_acceptance(in_hand))}]
        return [
            {
                **receipt,
                "to_department_id": first.id,
                "to_user_id": False,
                **self._prepare_acceptance(True),
            },
            {
                **self._prepare_handover(self.received_at, first),
                **self._prepare_acceptance(self.user_id == self.env.user),
            },
        ]

    def _prepare_acceptance(self, accepted):
        if not accepted:
            return {}
        return {"accepted_at": self.received_at, "accepted_by_id": self.env.uid}

    def _prepare_handover(self, moment, department=None, user=None):
        """Return the values of a link to those who have the complaint now.

        :param department: who had it in the lead before, if anybody
        :param user: who was in charge of it before, if anybody
        """
        self.ensure_one()
        return {
            "complaint_id": self.id,
            "from_department_id": department.id if department else False,
            "from_user_id": user.id if user else False,
            "to_department_id": self.lead_department_id.id
            or self.first_department_id.id,
            "to_user_id": self.user_id.id,
            "at": moment,
            "by_user_id": self.env.uid,
        }

    def _log_handovers(self, before):
        """Add a link to the chain of each complaint that came into other hands.

        :param dict before: complaint id → (lead department, officer) before the change
        """
        # sudo: patient.complaint: who hands a complaint away may see it no longer
        moved_sudo = self.sudo().filtered(
            lambda one: before[one.id] != (one.lead_department_id, one.user_id)
        )
        if not moved_sudo:
            return
        now = fields.Datetime.now()
        note = self.env.context.get("patient_complaint_handover_note")
        givers = moved_sudo._get_givers()
        handovers_sudo = moved_sudo.env["patient.complaint.handover"].create(
            [
                {
                    **complaint._prepare_handover(now, *before[complaint.id]),
                    "note": note,
                    "is_pushed_back": complaint._is_pushed_back(
                        before[complaint.id][0], givers
                    ),
                }
                for complaint in moved_sudo
            ]
        )
        self._accept(handovers_sudo)
        moved_sudo._warn_of_handovers()

    def _get_givers(self):
        """Return complaint id → departments that gave it away before; in one query."""
        givers = defaultdict(lambda: self.env["hr.department"])
        for handover in self.handover_ids:
            if handover._gives_department_away():
                givers[handover.complaint_id.id] |= handover.from_department_id
        return givers

    def _is_pushed_back(self, previous, givers):
        """Tell whether a department has the complaint again that gave it away before."""
        self.ensure_one()
        lead = self.lead_department_id
        return bool(lead) and lead != previous and lead in givers[self.id]

    def _warn_of_handovers(self):
        """Mark what was pushed back or handed over too often; a mark stays."""
        suspects = self.filtered(
            lambda one: (
                not one.handover_warning
                and (
                    any(one.handover_ids.mapped("is_pushed_back"))
                    or one.handover_count > MANY_HANDOVERS
                )
            )
        )
        if suspects:
            suspects.write({"handover_warning": True})

    def _get_last_handovers(self):
        """Return the present link of each chain."""
        last = self.env["patient.complaint.handover"]
        for complaint in self:
            last |= complaint.handover_ids.sorted("id")[-1:]
        return last

    def _accept(self, handovers):
        """Mark as taken over by this user what waits for this user."""
        # sudo: patient.complaint.handover: taking over is the one thing users write there
        waiting_sudo = handovers.sudo()._filter_for_user()
        if waiting_sudo:
            waiting_sudo.write(
                {"accepted_at": fields.Datetime.now(), "accepted_by_id": self.env.uid}
            )
