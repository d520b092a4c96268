from odoo import fields, models
from odoo.fields import Domain
from odoo.tools.date_utils import float_to_time

from ...tools.terms import Calendar

MANAGER_GROUP = "patient_relations.patient_relations_group_manager"


class ResCompany(models.Model):
    _inherit = "res.company"

    patient_deadline_regime_ids = fields.Many2many(
        comodel_name="patient.deadline.regime",
        string="Deadline Regimes",
        help="The laws and promises whose deadlines the hospital keeps. Empty: those of "
        "its country.",
    )
    patient_office_manager_id = fields.Many2one(
        comodel_name="res.users",
        string="Manager of the Patient-Relations Office",
        help="Is told when the responsible person and the department are late.",
    )
    patient_leader_id = fields.Many2one(
        comodel_name="res.users",
        string="Hospital Leader for Complaints",
        help="The last step of the ladder: the leader who answers for complaints.",
    )
    patient_quiet_from = fields.Float(
        string="Quiet Hours From",
        default=21.0,
        help="No digest is sent from this hour on; urgent deadlines are told all the same.",
    )
    patient_quiet_to = fields.Float(string="Quiet Hours To", default=7.5)
    patient_digest_hours = fields.Integer(
        string="Hours Between Digests",
        default=4,
        help="A person gets at most one digest of deadlines in this time.",
    )

    # CRUD

    def write(self, vals):
        result = super().write(vals)
        if {"patient_deadline_regime_ids", "country_id"} & vals.keys():
            # the rules in force are kept in memory
            self.env.registry.clear_cache()
        return result

    # BUSINESS

    def _get_patient_calendar(self):
        """Return how the hospital counts days and hours, as ``terms.Calendar``."""
        working_time = self._get_patient_working_time()
        return Calendar(working_time.days, working_time, working_time.tz)

    def _get_patient_regimes(self):
        """Return the regimes (sudo) that the hospital follows."""
        self.ensure_one()
        # sudo: res.company, patient.deadline.regime: the engine counts for every user
        company_sudo = self.sudo()
        chosen = company_sudo.patient_deadline_regime_ids.filtered("active")
        return chosen or company_sudo.env["patient.deadline.regime"].search(
            Domain("is_default", "=", True)
            & Domain("country_id", "in", [False, company_sudo.country_id.id])
        )

    def _get_patient_managers(self):
        """Return the users (sudo) who manage patient relations in the hospital."""
        self.ensure_one()
        group_id = self.env["ir.model.data"]._xmlid_to_res_id(MANAGER_GROUP)
        # sudo: res.users: who must be told, whoever started the work
        group_sudo = self.env["res.groups"].sudo().browse(group_id)
        return group_sudo.all_user_ids.filtered(
            lambda user: self in user.company_ids and user.active and not user.share
        )

    def _is_patient_quiet_time(self, moment):
        """Tell whether people of the hospital rest at a naive UTC datetime."""
        self.ensure_one()
        now = self._patient_local_time(moment).time()
        begin = float_to_time(self.patient_quiet_from % 24)
        end = float_to_time(self.patient_quiet_to % 24)
        if begin <= end:
            return begin <= now < end
        return now >= begin or now < end
