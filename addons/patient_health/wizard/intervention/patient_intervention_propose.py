from odoo import api, fields, models
from odoo.exceptions import UserError


class PatientInterventionPropose(models.TransientModel):
    """Shows what the library has for a patient and why, and plans what is chosen."""

    _name = "patient.intervention.propose"
    _description = "Propose Advice"

    patient_id = fields.Many2one(
        comodel_name="patient.patient", required=True, readonly=True
    )
    # by the user's own rights: a reason may be a value that not everybody sees
    reasons = fields.Text(compute="_compute_proposal", store=True, compute_sudo=False)
    template_ids = fields.Many2many(
        comodel_name="patient.intervention.template",
        compute="_compute_proposal",
        store=True,
        compute_sudo=False,
        readonly=False,
        string="Advice",
        help="Take out what does not suit; add what does.",
    )

    @api.depends("patient_id")
    def _compute_proposal(self):
        templates = self.env["patient.intervention.template"]
        for wizard in self:
            found = wizard.patient_id and templates._explain_proposals(
                wizard.patient_id
            )
            wizard.template_ids = templates.browse([one.id for one in found or ()])
            wizard.reasons = "\n".join(
                f"{one.name}: {', '.join(reasons)}"
                for one, reasons in (found or {}).items()
            )

    # ACTIONS

    def action_confirm(self):
        """Plan the chosen advice, and open it."""
        self.ensure_one()
        if not self.template_ids:
            raise UserError(
                self.env._(
                    "Nothing is chosen for %(patient)s. Add advice from the library, or "
                    "close the dialog.",
                    patient=self.patient_id.display_name,
                )
            )
        self.env["patient.intervention"].create(
            [
                {"patient_id": self.patient_id.id, "template_id": template.id}
                for template in self.template_ids
            ]
        )
        return self.patient_id.action_view_interventions()
