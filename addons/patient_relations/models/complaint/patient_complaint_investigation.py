from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.i18n import format_list

from .patient_complaint_inquiry import OPEN_STATES

# A matter that ends so needs no more answers; an escalated one still does.
NO_ANSWER_NEEDED = ("withdrawn", "not_accepted")


class PatientComplaint(models.Model):
    """The investigation: who is asked, which departments take part."""

    _inherit = "patient.complaint"

    inquiry_ids = fields.One2many(
        comodel_name="patient.complaint.inquiry",
        inverse_name="complaint_id",
        string="Questions",
    )
    inquiry_count = fields.Integer(
        compute="_compute_inquiry_count", string="Number of Questions"
    )
    inquiry_open_count = fields.Integer(
        compute="_compute_inquiry_count", string="Open Questions"
    )
    participant_department_ids = fields.Many2many(
        comodel_name="hr.department",
        relation="patient_complaint_participant_rel",
        string="Departments Taking Part",
        readonly=True,
        copy=False,
        help="Departments beside the lead that were asked in the investigation.",
    )

    @api.depends("inquiry_ids.state")
    def _compute_inquiry_count(self):
        counts = {complaint: [0, 0] for complaint in self._origin}
        rows = self.env["patient.complaint.inquiry"]._read_group(
            [("complaint_id", "in", self._origin.ids)],
            ["complaint_id", "state"],
            ["__count"],
        )
        for complaint, state, number in rows:
            counts[complaint][0] += number
            counts[complaint][1] += number if state in OPEN_STATES else 0
        for complaint in self:
            total, still_open = counts.get(complaint._origin, (0, 0))
            complaint.inquiry_count = total
            complaint.inquiry_open_count = still_open

    # ACTIONS

    def action_ask_departments(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_complaint_ask_action"
        )
        return {
            **action,
            "context": {**self.env.context, "default_complaint_id": self.id},
        }

    def action_ask_person(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask a Person"),
            "res_model": "patient.complaint.inquiry",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_complaint_id": self.id,
                "default_kind": "statement",
            },
        }

    def action_open_inquiries(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Questions"),
            "res_model": "patient.complaint.inquiry",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("complaint_id", "=", self.id)],
            "context": {"default_complaint_id": self.id},
        }

    def action_cancel_inquiries(self):
        """Take all open questions back at once, so that the complaint can end."""
        self.inquiry_ids.filtered("is_open")._cancel(
            self.env._("No longer needed for the investigation.")
        )

    # BUSINESS

    def _join_departments(self, departments):
        """Let departments take part in the investigation beside the lead.

        :return: those that newly joined any of the complaints (hr.department)
        """
        bodies, joined = {}, departments.browse()
        for complaint in self:
            known = complaint.lead_department_id | complaint.participant_department_ids
            new = departments - known
            if new:
                complaint.participant_department_ids |= new
                bodies[complaint.id] = self.env._(
                    "Taking part in the investigation: %(departments)s",
                    departments=format_list(self.env, new.mapped("name")),
                )
                joined |= new
        if bodies and not self.env.context.get("tracking_disable"):
            self.browse(bodies)._message_log_batch(bodies=bodies)
        return joined

    def _check_closing(self):
        super()._check_closing()
        waiting = self.env["patient.complaint.inquiry"].search(
            [("complaint_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        )
        for complaint, inquiries in waiting.grouped("complaint_id").items():
            raise UserError(
                self.env._(
                    "%(complaint)s still has open questions: %(asked)s. Accept or cancel "
                    "each of them, or use “Cancel Open Questions”, before closing it.",
                    complaint=complaint.name,
                    asked=format_list(
                        self.env, [one._get_asked_name() for one in inquiries]
                    ),
                )
            )

    def _finish_transition(self, state):
        super()._finish_transition(state)
        if state in NO_ANSWER_NEEDED:
            self.inquiry_ids.filtered("is_open")._cancel(
                self.env._("The complaint has ended.")
            )
