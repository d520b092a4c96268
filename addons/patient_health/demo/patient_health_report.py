from odoo import api, models

# Places of the patients among the adults with values: one better, one worse, one steady.
ISSUED = (0, 1, 2)
GROUP = (3, 4, 5, 6)


class PatientHealthReport(models.Model):
    """Reports of the demo hospital; called by ``demo/report.xml`` and by nothing else.

    Where no program prints, reports are issued without their PDF, and the group waits.
    """

    _inherit = "patient.health.report"

    @api.model
    def _create_demo_reports(self):
        """Issue some reports, and print a group, once."""
        if self.search_count([], limit=1):
            return
        manager = self.env.ref("patient_health.user_health")
        patients = self.env["patient.measurement"]._get_demo_adults()
        reports = self.with_user(manager).create(
            [{"patient_id": patients[place].id} for place in ISSUED]
        )
        reports._issue(printing=self._can_print())
        batch = self.env["patient.health.report.batch"].with_user(manager).create({})
        batch._add_patients(
            self.env["patient.patient"].union(*(patients[place] for place in GROUP))
        )
        if self._can_print():
            # sudo: patient.health.report.batch: as the work in the background does
            batch_sudo = batch.sudo()
            batch_sudo.state = "running"
            batch_sudo._run(commit=lambda: True)
