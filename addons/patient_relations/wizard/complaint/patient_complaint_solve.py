from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ...models.complaint.patient_complaint_reply import SPOKEN_WAYS
from ...models.patient.patient_relative import RELATIONS
from ...tools.selections import get_selection


class PatientComplaintSolve(models.TransientModel):
    """Records what was said to a complainant at once, which answers the complaint."""

    _name = "patient.complaint.solve"
    _description = "Solve a Complaint on the Spot"

    complaint_id = fields.Many2one(
        comodel_name="patient.complaint", required=True, ondelete="cascade"
    )
    way = fields.Selection(
        selection=lambda self: [
            (key, label)
            for key, label in get_selection(self.env, "patient.complaint.reply", "way")
            if key in SPOKEN_WAYS
        ],
        compute="_compute_receiver",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    receiver_name = fields.Char(
        compute="_compute_receiver",
        store=True,
        precompute=True,
        readonly=False,
        string="Said to",
    )
    receiver_relation = fields.Selection(
        selection=[("patient", "Patient"), *RELATIONS],
        compute="_compute_receiver",
        store=True,
        precompute=True,
        readonly=False,
        string="Who Is",
    )
    words = fields.Text(
        string="What Was Said",
        required=True,
        help="The explanation, the apology, what was done at once.",
    )

    @api.depends("complaint_id")
    def _compute_receiver(self):
        for wizard in self:
            reply = self.env["patient.complaint.reply"].new(
                {"complaint_id": wizard.complaint_id.id, "kind": "final"}
            )
            spoken = wizard.complaint_id.channel in ("phone", "hotline")
            wizard.way = "phone" if spoken else "in_person"
            wizard.receiver_name = reply.receiver_name
            wizard.receiver_relation = reply.receiver_relation

    # ACTIONS

    def action_confirm(self):
        """Record the spoken final reply; the complaint is answered by it."""
        self.ensure_one()
        if not (self.words or "").strip():
            raise UserError(
                self.env._(
                    "%(complaint)s: write what was said.",
                    complaint=self.complaint_id.name,
                )
            )
        reply = self.env["patient.complaint.reply"].create(
            {
                "complaint_id": self.complaint_id.id,
                "kind": "final",
                "on_the_spot": True,
                "way": self.way,
                "receiver_name": self.receiver_name,
                "receiver_relation": self.receiver_relation,
                "template_id": False,
                "body": plaintext2html(self.words),
            }
        )
        reply.action_send()
        return {"type": "ir.actions.act_window_close"}
