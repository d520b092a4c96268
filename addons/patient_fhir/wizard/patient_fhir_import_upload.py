from odoo import fields, models
from odoo.exceptions import UserError


class PatientFhirImportUpload(models.TransientModel):
    """Hand in files with Bundles and start the run that keeps them."""

    _name = "patient.fhir.import.upload"
    _description = "Import FHIR Files"

    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Files",
        help="FHIR Bundles (.json), or a zip of them.",
    )
    source = fields.Char(
        string="Source System",
        help="The address (URI) of the system the files come from. Leave empty when the "
        "files say it themselves (meta.source), or when there is no such system.",
    )

    # ACTIONS

    def action_import(self):
        self.ensure_one()
        if not self.attachment_ids:
            raise UserError(self.env._("Choose at least one file."))
        run = self.env["patient.fhir.import"].create(
            {"name": self._get_name(), "source": self.source}
        )
        run._add_files((found.name, found.raw or b"") for found in self.attachment_ids)
        self.attachment_ids.unlink()
        run.action_start()
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run.id,
            "views": [(False, "form")],
        }

    def _get_name(self):
        first, count = self.attachment_ids[0].name, len(self.attachment_ids) - 1
        if not count:
            return first
        return self.env._("%(name)s and %(count)s more", name=first, count=count)
