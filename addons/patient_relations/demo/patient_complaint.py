from odoo import api, models

from .patient_encounter import get_demo_records


class PatientComplaint(models.Model):
    """Complaints of the demo hospital, which are told story by story in XML."""

    _inherit = "patient.complaint"

    @api.model
    def _number_demo_complaints(self):
        """Give the numbers of each year in the order of receipt, as days would have."""
        complaints = self.union(*get_demo_records(self.env, self._name).values())
        ordered = complaints.sorted("received_at")
        for same_year in ordered.grouped(
            lambda one: one.name.partition("-")[0]
        ).values():
            numbers = sorted(same_year.mapped("name"))
            for complaint in same_year:
                complaint.name = f"demo-{complaint.id}"
            same_year.flush_recordset(["name"])  # no number twice at any moment
            for complaint, number in zip(same_year, numbers, strict=True):
                complaint.name = number
