from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .patient_complaint import MANAGER_GROUP


class PatientComplaint(models.Model):
    """Who is in charge: follows the complaint, and is nobody it is about."""

    _inherit = "patient.complaint"

    is_about_me = fields.Boolean(
        compute="_compute_is_about_me",
        search="_search_is_about_me",
        string="About Me",
        help="A problem of this complaint is about you.",
    )

    @api.depends("problem_ids.employee_user_id")
    @api.depends_context("uid")
    def _compute_is_about_me(self):
        # sudo: patient.complaint.problem: the rule holds also where a user sees no problem
        problems_sudo = self.env["patient.complaint.problem"].sudo()
        mine = Domain("employee_user_id", "=", self.env.uid)
        among = Domain("complaint_id", "in", self._origin.ids)
        groups = problems_sudo._read_group(mine & among, ["complaint_id"])
        about_me = {complaint.id for (complaint,) in groups}
        for complaint in self:
            complaint.is_about_me = complaint._origin.id in about_me

    @api.model
    def _search_is_about_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: patient.complaint.problem: as above
        problems_sudo = self.env["patient.complaint.problem"].sudo()
        about_me = problems_sudo._search([("employee_user_id", "=", self.env.uid)])
        # few: looked up once, not for each complaint that is counted
        return Domain("id", "in", about_me.subselect("complaint_id"))

    @api.constrains("user_id")
    def _check_user_id(self):
        with_officer = self.filtered("user_id")
        with_officer._refuse_accused_officer(
            {(complaint.id, complaint.user_id.id) for complaint in with_officer}
        )

    # CRUD

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        """Leave new complaints to ``create``: Odoo would ask once for each of them."""
        if self.env.context.get("patient_complaint_create"):
            return True
        return super()._message_auto_subscribe(
            updated_values, followers_existing_policy=followers_existing_policy
        )

    # ACTIONS

    def action_assign_to_me(self):
        self.write({"user_id": self.env.uid})

    # BUSINESS

    def _subscribe_officers(self):
        """Let each officer in charge follow their complaints; once per officer."""
        for officer, complaints in self.grouped("user_id").items():
            complaints._message_auto_subscribe(
                {"user_id": officer.id}, followers_existing_policy="update"
            )

    def _check_first_receiver(self, receiver_id):
        """Refuse to change who received first; naming one where none is named is free."""
        if self.env.su or self.env.user.has_group(MANAGER_GROUP):
            return
        for complaint in self:
            receiver = complaint.first_receiver_id
            if receiver and receiver.id != receiver_id:
                raise UserError(
                    self.env._(
                        "%(complaint)s was first received by %(receiver)s, who stays named. "
                        "Change the officer in charge instead, or ask a manager to correct "
                        "a mistake.",
                        complaint=complaint.name,
                        receiver=receiver.display_name,
                    )
                )

    def _refuse_accused_officer(self, pairs):
        """Refuse an officer in charge who is complained about.

        :param set pairs: (complaint id, user id) to look at
        """
        # sudo: patient.complaint.problem: the rule holds also where a user sees no problem
        accused = (
            self.env["patient.complaint.problem"]
            .sudo()
            .search(
                [
                    (
                        "employee_user_id",
                        "in",
                        list({user for _complaint, user in pairs}),
                    ),
                    ("complaint_id", "in", self.ids),
                ]
            )
        )
        for problem in accused:
            complaint, user = problem.complaint_id, problem.employee_user_id
            if (complaint.id, user.id) in pairs and complaint.user_id == user:
                raise UserError(
                    self.env._(
                        "%(user)s cannot be in charge of %(complaint)s: a problem of it is "
                        "about this person. Choose another officer.",
                        user=user.name,
                        complaint=complaint.name,
                    )
                )

    def _unsubscribe_users(self, pairs):
        """End the following and the activities of users.

        :param set pairs: (complaint id, user id)
        """
        # sudo: mail.followers, mail.activity: of users who may no longer know of it
        users_sudo = self.env["res.users"].sudo().browse({user for _res, user in pairs})
        followers_sudo = users_sudo.env["mail.followers"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("partner_id", "in", users_sudo.partner_id.ids),
            ]
        )
        followers_sudo.filtered(
            lambda follower: any(
                (follower.res_id, user.id) in pairs
                for user in follower.partner_id.user_ids
            )
        ).unlink()
        activities_sudo = users_sudo.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("user_id", "in", users_sudo.ids),
            ]
        )
        activities_sudo.filtered(
            lambda activity: (activity.res_id, activity.user_id.id) in pairs
        ).unlink()
