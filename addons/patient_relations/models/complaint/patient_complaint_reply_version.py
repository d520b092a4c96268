from collections import defaultdict

from odoo import api, models


class PatientComplaintReply(models.Model):
    """Replies of one kind are numbered, and a later one corrects what went out."""

    _inherit = "patient.complaint.reply"

    # ACTIONS

    def action_correct(self):
        """Open the correction of a reply that went out; make it when there is none."""
        self.ensure_one()
        correction = self.search([("previous_id", "=", self.id)], limit=1)
        if not correction:
            self._lock_in("sent")
            correction = self.create(self.copy_data()[0])
            correction._move({"previous_id": self.id})
        return correction.action_open()

    # BUSINESS

    @api.model
    def _number_versions(self, vals_list):
        """Add the next version within complaint and kind; in one query."""
        default = self.default_get(["kind", "complaint_id"])
        keys = [
            (
                vals.get("complaint_id") or default.get("complaint_id"),
                vals.get("kind") or default.get("kind"),
            )
            for vals in vals_list
        ]
        last = self._get_last_versions([complaint for complaint, _kind in keys])
        for vals, key in zip(vals_list, keys, strict=True):
            last[key] += 1
            vals["version"] = last[key]

    @api.model
    def _get_last_versions(self, complaint_ids):
        """Return (complaint id, kind) → highest version, 0 where there is none."""
        # sudo: patient.complaint.reply: numbers count also what a user may not read
        rows = self.sudo()._read_group(
            [("complaint_id", "in", complaint_ids)],
            ["complaint_id", "kind"],
            ["version:max"],
        )
        return defaultdict(
            int,
            {(complaint.id, kind): version for complaint, kind, version in rows},
        )

    def _move_to(self, complaint):
        """Take the replies along when their complaint is merged; number them anew."""
        last = self._get_last_versions(complaint.ids)
        for reply in self.sorted("id"):
            last[complaint.id, reply.kind] += 1
            reply._move(
                {
                    "complaint_id": complaint.id,
                    "version": last[complaint.id, reply.kind],
                }
            )
