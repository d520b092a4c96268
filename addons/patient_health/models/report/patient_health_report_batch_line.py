import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class PatientHealthReportBatchLine(models.Model):
    """One patient of a group: waiting, printed, or not and why."""

    _name = "patient.health.report.batch.line"
    _description = "Patient of a Printing"
    _order = "batch_id desc, id"
    _rec_name = "patient_id"

    batch_id = fields.Many2one(
        comodel_name="patient.health.report.batch",
        required=True,
        index=True,
        ondelete="cascade",
    )
    patient_id = fields.Many2one(
        comodel_name="patient.patient", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("done", "Printed"),
            ("failed", "Not Printed"),
        ],
        required=True,
        default="waiting",
        readonly=True,
    )
    message = fields.Char(
        readonly=True, help="Why there is no report, or no code on it."
    )
    report_id = fields.Many2one(
        comodel_name="patient.health.report",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    is_packed = fields.Boolean(
        string="In a File", readonly=True, help="The PDF is in one of the files."
    )

    _patient_uniq = models.UniqueIndex(
        "(batch_id, patient_id)", "This patient is on the list already."
    )
    _waiting_idx = models.Index("(batch_id, id) WHERE state = 'waiting'")

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        allowed = {"batch_id", "patient_id"}
        lines = super().create(
            [
                {name: value for name, value in vals.items() if name in allowed}
                for vals in vals_list
            ]
        )
        lines.batch_id._refuse_started()
        return lines

    @api.ondelete(at_uninstall=False)
    def _unlink_except_printed(self):
        for line in self:
            if line.state != "waiting":
                raise UserError(
                    self.env._(
                        "%(patient)s has been worked on and stays on the list of "
                        "“%(batch)s”.",
                        patient=line.patient_id.display_name,
                        batch=line.batch_id.name,
                    )
                )

    # BUSINESS

    def _fail(self, error):
        """Write on a row that something unforeseen stands in the way; the log has no name."""
        kind = type(error).__name__
        _logger.info("No report for row %s of a printing: %s", self.id, kind)
        message = self.env._(
            "The report could not be made (%(kind)s). Open the patient and issue it there; "
            "if that fails too, tell the administrator.",
            kind=kind,
        )
        self.write({"state": "failed", "message": message})
