from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.i18n import format_list


class PatientComplaintMerge(models.TransientModel):
    """Makes one of several complaints about the same matter; the main one keeps its number."""

    _name = "patient.complaint.merge"
    _description = "Merge Complaints"

    complaint_ids = fields.Many2many(
        "patient.complaint", string="Complaints", context={"active_test": False}
    )
    main_id = fields.Many2one(
        comodel_name="patient.complaint",
        string="Main Complaint",
        required=True,
        domain="[('id', 'in', complaint_ids)]",
        help="Keeps its number; the others are archived and point to it.",
    )

    @api.model
    def default_get(self, fields):
        """Take the selection of the list; propose the oldest open one as the main."""
        values = super().default_get(fields)
        context = self.env.context
        if context.get("active_model") == "patient.complaint":
            chosen = self.env["patient.complaint"].browse(
                context.get("active_ids") or []
            )
            oldest = chosen.sorted(
                lambda complaint: (not complaint.is_open, complaint.received_at)
            )
            values.setdefault("complaint_ids", [Command.set(chosen.ids)])
            values.setdefault("main_id", oldest[:1].id)
        return values

    # ACTIONS

    def action_merge(self):
        self.ensure_one()
        others = self.complaint_ids - self.main_id
        self._check(others)
        others._merge_into(self.main_id)
        return self.main_id._get_form_action()

    # BUSINESS

    def _check(self, others):
        """Refuse what does not belong together, with a sentence for each reason."""
        main, chosen = self.main_id, self.complaint_ids | self.main_id
        if not others:
            raise UserError(self.env._("Select at least two complaints to merge."))
        if len(chosen.company_id) > 1:
            raise UserError(
                self.env._(
                    "Complaints of different hospitals cannot be merged: %(hospitals)s.",
                    hospitals=format_list(self.env, chosen.company_id.mapped("name")),
                )
            )
        if len(chosen.patient_id) > 1:
            raise UserError(
                self.env._(
                    "These complaints are about different patients (%(patients)s) and "
                    "cannot be merged. Correct the patient first if one is wrong.",
                    patients=format_list(self.env, chosen.patient_id.mapped("name")),
                )
            )
        merged = chosen.filtered("duplicate_of_id")[:1]
        if merged:
            raise UserError(
                self.env._(
                    "%(complaint)s is merged into %(main)s already. Take that one instead.",
                    complaint=merged.name,
                    main=merged.duplicate_of_id.name,
                )
            )
        if not main.is_open and any(others.mapped("is_open")):
            raise UserError(
                self.env._(
                    "%(main)s has ended, but others are still open. Choose an open one as "
                    "the main complaint.",
                    main=main.name,
                )
            )
