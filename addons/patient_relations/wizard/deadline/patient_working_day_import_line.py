from odoo import fields, models


class PatientWorkingDayImportLine(models.TransientModel):
    """One day of the file, and what importing it would change."""

    _name = "patient.working.day.import.line"
    _description = "Imported Working Day"
    _order = "date, id"

    import_id = fields.Many2one(
        comodel_name="patient.working.day.import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    date = fields.Date()
    is_working = fields.Boolean(string="Worked")
    name = fields.Char(string="Reason")
    change = fields.Selection(
        selection=[
            ("new", "New"),
            ("changed", "Changed"),
            ("confirmed", "Confirmed"),
            ("same", "Known"),
        ],
        help="New: counts otherwise than before. Changed: a row of this day is corrected. "
        "Confirmed: counts as before, and is kept with its source. Known: nothing changes.",
    )
