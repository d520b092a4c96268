from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_patient = fields.Boolean(
        default=False,
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="This contact is a patient: only users with a patient group see it.",
    )
    patient_ids = fields.One2many(
        comodel_name="patient.patient",
        inverse_name="partner_id",
        string="Patient Files",
        groups="patient_relations.patient_relations_group_reader",
    )

    @api.depends("is_patient")
    @api.depends_context("uid")
    def _compute_display_name(self):
        """Hide a patient's name where Odoo shows names past the record rules.

        The web client reads the names of many2one values with full rights.
        """
        super()._compute_display_name()
        if self.env.user._has_patient_access():
            return
        own = self.env.user.partner_id
        # sudo: res.partner: whether it is a patient is all that is read here
        for partner in self.filtered(lambda partner: partner.sudo().is_patient) - own:
            partner.display_name = self.env._("Patient")

    @api.constrains("is_patient", "user_ids")
    def _check_staff_is_no_patient(self):
        """Keep the contact of a colleague visible: their patient file is another one."""
        # sudo: res.users: accounts of this contact, active or not
        for partner in self.filtered("is_patient"):
            users_sudo = partner.with_context(active_test=False).sudo().user_ids
            if any(not user.share for user in users_sudo):
                raise ValidationError(
                    self.env._(
                        "%(name)s is a member of staff with a user account. Open a "
                        "patient file with a contact of its own, so that colleagues "
                        "still find the account and do not see the patient.",
                        name=partner.name,
                    )
                )
