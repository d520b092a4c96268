from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .patient_complaint import OFFICER_GROUP

REOPENED_STATES = ("closed", "not_accepted", "withdrawn")


class PatientComplaint(models.Model):
    """Complaints that begin anew because new facts came after their end."""

    _inherit = "patient.complaint"

    reopening_ids = fields.One2many(
        comodel_name="patient.complaint.reopening",
        inverse_name="complaint_id",
        string="Reopenings",
        readonly=True,
    )
    reopen_count = fields.Integer(
        string="Times Reopened", readonly=True, copy=False, aggregator="sum"
    )
    reopened_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When new facts opened the complaint last. Its times count from here.",
    )
    is_reopenable = fields.Boolean(
        compute="_compute_is_reopenable", export_string_translation=False
    )

    @api.depends("state", "duplicate_of_id")
    def _compute_is_reopenable(self):
        for complaint in self:
            complaint.is_reopenable = (
                complaint.state in REOPENED_STATES and not complaint.duplicate_of_id
            )

    # ACTIONS

    def action_reopen(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_complaint_reopen_action"
        )
        return {**action, "context": {"default_complaint_id": self.id}}

    # BUSINESS

    def _reopen(self, new_facts, told_by=None, user=None):
        """Let an ended complaint go through the handling again; keep the end it had.

        :param str new_facts: what is new, in words
        :param str told_by: who brought it
        :param user: the officer in charge from now on; without one, nobody is
        :raise UserError: if the complaint has not ended, or goes on elsewhere
        """
        self.ensure_one()
        self._check_reopening(new_facts)
        now = fields.Datetime.now()
        # sudo: patient.complaint, patient.complaint.reopening: the one way back that is
        # open to officers, whose right to write was checked above
        complaint_sudo = self.sudo()
        complaint_sudo.env["patient.complaint.reopening"].create(
            {
                **complaint_sudo._prepare_reopening(),
                "new_facts": new_facts,
                "told_by": told_by,
                "reopened_at": now,
            }
        )
        complaint_sudo.write(
            {
                "state": "received",
                "user_id": user.id if user else False,
                "reopened_on": now,
                "reopen_count": self.reopen_count + 1,
                **self._prepare_clean_start(),
            }
        )
        self._message_log(
            body=self.env._("Reopened because of new facts: %(facts)s", facts=new_facts)
        )

    def _check_reopening(self, new_facts):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(OFFICER_GROUP):
            raise AccessError(
                self.env._("Only the patient-relations office can reopen a complaint.")
            )
        if not (new_facts or "").strip():
            raise UserError(
                self.env._(
                    "%(complaint)s: say what is new. Without new facts its end stands.",
                    complaint=self.name,
                )
            )
        if self.duplicate_of_id:
            raise UserError(
                self.env._(
                    "%(complaint)s was merged into %(main)s. Continue there.",
                    complaint=self.name,
                    main=self.duplicate_of_id.name,
                )
            )
        if not self.is_reopenable:
            raise UserError(
                self.env._(
                    "%(complaint)s is %(state)s. Only complaints that are closed, not "
                    "accepted or withdrawn are reopened.",
                    complaint=self.name,
                    state=self._get_state_label().lower(),
                )
            )

    def _prepare_reopening(self):
        """Return the end that the complaint has now, to be kept."""
        self.ensure_one()
        return {
            "complaint_id": self.id,
            "by_user_id": self.env.uid,
            "former_state": self.state,
            "former_reason": self.not_accepted_reason,
            "former_ended_at": self.closed_at,
            "former_note": self.state_note,
            "former_user_id": self.user_id.id,
            "former_acknowledged_on": self.acknowledged_on,
            "former_responded_on": self.responded_on,
            "former_satisfaction": self.satisfaction,
            "former_satisfaction_comment": self.satisfaction_comment,
        }

    @api.model
    def _prepare_clean_start(self):
        """Return what a reopened complaint no longer carries: it is kept in the row."""
        return {
            "not_accepted_reason": False,
            "state_note": False,
            "satisfaction": False,
            "satisfaction_asked_on": False,
            "satisfaction_user_id": False,
            "satisfaction_way": False,
            "satisfaction_comment": False,
        }
