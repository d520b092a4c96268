from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError


class PatientComplaint(models.Model):
    """Complaints that turn out to be the same: one goes on, the others point to it."""

    _inherit = "patient.complaint"

    # BUSINESS

    def _merge_into(self, main):
        """Move all there is to the main complaint; archive these and note it on both."""
        self._check_merging(main)
        self.problem_ids.complaint_id = main
        # sudo: patient.complaint.evidence: it moves by merging and by nothing else
        self.evidence_ids.sudo().complaint_id = main
        self.duplicate_ids.duplicate_of_id = main
        self._move_correspondence(main)
        main._fill_gaps(self)
        self.write({"duplicate_of_id": main.id, "active": False})
        bodies = {
            complaint.id: self.env._(
                "Merged into %(main)s, with its problems and evidence.", main=main.name
            )
            for complaint in self
        }
        self._message_log_batch(bodies=bodies)
        main._message_log(
            body=Markup("<br/>").join(
                self.env._(
                    "%(complaint)s was merged into this one: %(summary)s",
                    complaint=complaint.name,
                    summary=complaint.summary,
                )
                for complaint in self
            )
        )

    def _move_correspondence(self, main):
        """Move letters, mails and files, so that an answer reaches the main complaint."""
        domain = [("res_id", "in", self.ids)]
        # sudo: mail.message, ir.attachment: of these complaints, which the user may write
        self.env["mail.message"].sudo().search(
            [
                *domain,
                ("model", "=", self._name),
                ("message_type", "in", ("email", "email_outgoing", "comment", "sms")),
            ]
        ).res_id = main.id
        self.env["ir.attachment"].sudo().search(
            [*domain, ("res_model", "=", self._name)]
        ).res_id = main.id

    def _fill_gaps(self, others):
        """Take from others what this complaint does not know about the people."""
        self.ensure_one()
        gaps = {}
        for name in (
            "patient_id",
            "complainant_name",
            "complainant_phone",
            "complainant_email",
            "complainant_relation",
        ):
            known = [other[name] for other in others if other[name]]
            if not self[name] and known:
                gaps[name] = known[0].id if name == "patient_id" else known[0]
        if gaps:
            self.write(gaps)

    def _get_main(self):
        """Return the complaint into which this one was merged at last, or itself."""
        return self.duplicate_of_id._get_main() if self.duplicate_of_id else self

    def _refuse_unarchiving_merged(self):
        for complaint in self.filtered("duplicate_of_id"):
            raise UserError(
                self.env._(
                    "%(complaint)s was merged into %(main)s. Continue there.",
                    complaint=complaint.name,
                    main=complaint.duplicate_of_id.name,
                )
            )
