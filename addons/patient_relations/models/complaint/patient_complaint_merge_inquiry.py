from odoo import models


class PatientComplaint(models.Model):
    """What a complaint that is merged brings from its assessment and investigation."""

    _inherit = "patient.complaint"

    # BUSINESS

    def _merge_into(self, main):
        """Take the questions along, and what makes the matter a major event."""
        # sudo: patient.complaint.inquiry: it moves by merging and by nothing else
        self.inquiry_ids.sudo().complaint_id = main
        joined = self.participant_department_ids
        super()._merge_into(main)
        main._join_departments(joined)
        major = self.filtered("is_major_event").sorted("major_event_at")[:1]
        if major and not main.is_major_event:
            # sudo: patient.complaint: who assessed it stays the one who did
            main.sudo().write(major._get_major_event_values())

    def _get_major_event_values(self):
        """Return what the authority wants to know, to go on in another complaint."""
        self.ensure_one()
        return {
            name: self[name]
            for name in (
                "is_major_event",
                "major_event_kind",
                "major_event_at",
                "reported_to_authority_at",
                "reported_to",
            )
        }
