from odoo import models
from odoo.tools import format_datetime


class PatientDeadline(models.Model):
    """How a digest tells of clocks: numbers and dates, never what a case is about."""

    _inherit = "patient.deadline"

    def _get_digest_subject(self):
        overdue = len(self.filtered("is_overdue"))
        if overdue:
            return self.env._(
                "Deadlines: %(overdue)s overdue, %(near)s coming near",
                overdue=overdue,
                near=len(self) - overdue,
            )
        return self.env._("Deadlines: %(near)s coming near", near=len(self))

    def _render_digest(self):
        """Return the digest of the clocks as HTML, the most urgent first."""
        rows = [clock._get_digest_row() for clock in self.sorted("due_at")]
        return self.env["ir.qweb"]._render(
            "patient_relations.patient_deadline_digest", {"rows": rows}
        )

    def _get_digest_row(self):
        self.ensure_one()
        # sudo: the number of a record that the receiver may read
        record_sudo = self.sudo()._get_record()
        zone = self.company_id._get_patient_tz().zone
        return {
            "url": f"{self.get_base_url()}/odoo/{record_sudo._name}/{record_sudo.id}",
            "name": record_sudo.display_name,
            "rule": self.rule_id.name,
            "due": format_datetime(self.env, self.due_at, tz=zone, dt_format="short"),
            "is_overdue": self.is_overdue,
        }
