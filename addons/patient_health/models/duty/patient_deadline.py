from odoo import api, fields, models


class PatientDeadline(models.Model):
    """Clocks of duties: told to people who may see the values, and to nobody else."""

    _inherit = "patient.deadline"

    duty_id = fields.Many2one(
        comodel_name="patient.health.duty",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )

    # one open clock of a rule for a duty, whoever tells its events at once
    _duty_uniq = models.UniqueIndex(
        "(duty_id, rule_id) WHERE state IN ('running', 'paused')",
        "This deadline of the duty is running already.",
    )

    @api.model
    def _get_scope_paths(self):
        return [
            *super()._get_scope_paths(),
            "duty_id.company_id",
            "duty_id.user_id",
            "duty_id.department_id",
        ]

    # recipients

    def _get_recipient_ids(self, role, excluded, offices):
        if not self.duty_id:
            return super()._get_recipient_ids(role, excluded, offices)
        # circles of their own: those of complaints are other people
        own = offices.setdefault((self.res_model, self.duty_id.is_sensitive), {})
        return super()._get_recipient_ids(role, excluded, own)

    def _get_own_circles(self, role):
        for users in super()._get_own_circles(role):
            duty = self.duty_id
            yield users._filter_health(duty.is_sensitive) if duty else users

    def _get_office_circles(self, role):
        """Go from a department without a head to health management."""
        if not self.duty_id:
            yield from super()._get_office_circles(role)
            return
        managers = self.company_id._get_health_managers()
        if role == "leader":
            leader = self.company_id.patient_leader_id
            yield leader._filter_health(self.duty_id.is_sensitive)
        yield managers._filter_health(self.duty_id.is_sensitive)
