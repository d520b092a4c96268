from odoo import fields, models


class PatientHealthReportOpening(models.Model):
    """One attempt to open a report by its link: when, and what came of it.

    Nothing is kept of who it was: no address, no browser.
    """

    _name = "patient.health.report.opening"
    _description = "Opening of a Health Report"
    _order = "opened_at desc, id desc"
    _rec_name = "opened_at"
    _log_access = False

    report_id = fields.Many2one(
        comodel_name="patient.health.report",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    opened_at = fields.Datetime(string="Time", required=True, readonly=True)
    outcome = fields.Selection(
        selection=[
            ("opened", "Opened"),
            ("downloaded", "PDF Downloaded"),
            ("wrong", "Wrong Birth Date"),
            ("blocked", "Blocked after Wrong Answers"),
            ("expired", "Link Expired"),
            ("withdrawn", "Link Withdrawn"),
            ("deceased", "Patient Deceased"),
        ],
        required=True,
        readonly=True,
    )
