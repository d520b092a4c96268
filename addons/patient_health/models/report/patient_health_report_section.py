from odoo import fields, models


class PatientHealthReportSection(models.Model):
    """A part of health reports that can be left out.

    SPECIFICATIONS:
    - An addon adds a row with a code of its own, and answers for it by a method of
      ``patient.health.report``: ``_get_report_section_<code>``; see
      ``_get_report_sections`` there.
    """

    _name = "patient.health.report.section"
    _description = "Section of Health Reports"
    _order = "sequence, id"

    name = fields.Char(
        required=True, translate=True, help="The heading that patients read."
    )
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=100)
    is_default = fields.Boolean(
        string="Proposed", default=True, help="Ticked on new reports."
    )

    _code_uniq = models.UniqueIndex("(code)", "Another section has this code already.")
