from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

YEARS = 3


class PatientHealthReportChoice(models.AbstractModel):
    """What somebody chooses for a health report, or for those of a whole group."""

    _name = "patient.health.report.choice"
    _description = "Choices for Health Reports"

    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._get_default_date_from(),
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        default=lambda self: self.env.company._patient_today(),
    )
    lang = fields.Selection(
        selection="_get_langs",
        string="Language",
        required=True,
        default=lambda self: self._get_default_lang(),
        help="The language of the paper and of the private page.",
    )
    section_ids = fields.Many2many(
        comodel_name="patient.health.report.section",
        string="Sections",
        default=lambda self: self._get_default_sections(),
        help="Untick what the patient does not take home.",
    )
    with_link = fields.Boolean(
        string="QR Code for the Patient",
        default=True,
        help="The paper carries a code that opens the report on a telephone. It asks for "
        "the birth date, and works for a limited time.",
    )

    # SELECTIONS

    @api.model
    def _get_langs(self):
        return self.env["res.lang"].get_installed()

    # TOOLS

    @api.model
    def _get_default_date_from(self):
        today = self.env.company._patient_today()
        return today - relativedelta(years=YEARS) + relativedelta(days=1)

    @api.model
    def _get_default_lang(self):
        """Return the language of whoever asks: that of the hospital, as a rule."""
        installed = dict(self._get_langs())
        return self.env.lang if self.env.lang in installed else "en_US"

    @api.model
    def _get_default_sections(self):
        return self.env["patient.health.report.section"].search(
            [("is_default", "=", True)]
        )

    def _get_choices(self):
        """Return the values of a report that is made as chosen here."""
        self.ensure_one()
        return {
            "date_from": self.date_from,
            "date_to": self.date_to,
            "lang": self.lang,
            "section_ids": [fields.Command.set(self.section_ids.ids)],
            "with_link": self.with_link,
        }
