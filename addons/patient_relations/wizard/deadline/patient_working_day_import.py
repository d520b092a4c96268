import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.i18n import format_list

from ...tools.calendar_file import CalendarFile
from ...tools.working_days import WorkingDays

SHOWN_PROBLEMS = 10


class PatientWorkingDayImport(models.TransientModel):
    """Reads the government's calendar of a year from a file or a pasted notice.

    What would change is shown before anything is written; a file with a mistake in it is
    refused as a whole.
    """

    _name = "patient.working.day.import"
    _description = "Import Working Days"

    file = fields.Binary(
        attachment=False,
        help="A table (CSV: date, is_working, name), JSON of a public calendar, or the "
        "text of the State Council's notice.",
    )
    filename = fields.Char()
    text = fields.Text(string="Notice", help="The wording of the notice, pasted.")
    source = fields.Char(help="Number of the notice. Empty: the name of the file.")
    country_id = fields.Many2one(
        comodel_name="res.country",
        required=True,
        default=lambda self: self.env.company.country_id,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Only in Hospital",
        domain=lambda self: [("id", "in", self.env.companies.ids)],
        help="Leave empty when the whole country has these days.",
    )
    line_ids = fields.One2many(
        "patient.working.day.import.line", "import_id", string="Days", readonly=True
    )
    summary = fields.Char(readonly=True)
    missing_years = fields.Char(compute="_compute_missing_years")

    @api.depends("country_id")
    def _compute_missing_years(self):
        """Name the years that this hospital counts provisionally."""
        company = self.env.company
        years = company._get_unpublished_calendar_years(company._patient_today())
        self.missing_years = format_list(self.env, [str(year) for year in years])

    # ACTIONS

    def action_preview(self):
        """Show what the file says and what it would change; write nothing else."""
        self.ensure_one()
        lines = self._prepare_lines(self._read_days())
        self.line_ids = [Command.clear(), *(Command.create(line) for line in lines)]
        changes = [line["change"] for line in lines]
        self.summary = self.env._(
            "%(total)s days: %(new)s new, %(changed)s changed, %(confirmed)s confirmed, "
            "%(same)s known already.",
            total=len(changes),
            **{
                name: changes.count(name)
                for name in ("new", "changed", "confirmed", "same")
            },
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Working Days"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_import(self):
        """Keep the days; read them once more, so that nothing unseen by the checks gets in."""
        self.ensure_one()
        self._import_days(self._read_days())
        hospitals = self.company_id or self.env.companies
        for company in hospitals:
            company._update_calendar_todos(company._patient_today())
        return self.env["ir.actions.act_window"]._for_xml_id(
            "patient_relations.patient_working_day_action"
        )

    # BUSINESS

    def _read_days(self):
        """Return the days of the file or text.

        :raise UserError: on anything that is not understood, with its line and a way out
        """
        content = self._get_content()
        if not content:
            raise UserError(
                self.env._("Choose a file, or paste the text of the notice, first.")
            )
        found = CalendarFile(content)
        if found.problems:
            raise UserError(self._get_complaint(found.problems))
        return found.days

    def _get_content(self):
        # Uploaded or pasted, not both: the file is what was chosen last on purpose.
        if self.file:
            return base64.b64decode(self.file)
        return (self.text or "").strip().encode()

    def _get_source(self):
        return self.source or (self.file and self.filename) or self.env._("Notice")

    def _get_rows(self, days):
        """Return the rows there are for these days, by date."""
        rows = self.env["patient.working.day"].search(
            [
                ("country_id", "=", self.country_id.id),
                ("company_id", "=", self.company_id.id),
                ("date", "in", [day.date for day in days]),
            ]
        )
        return rows.grouped("date")

    def _prepare_lines(self, days):
        """Return values of lines: each day with what importing it would change."""
        rows, known = self._get_rows(days), self._get_known_days()
        return [
            {
                "date": day.date,
                "is_working": day.is_working,
                "name": self._get_name(day),
                "change": self._get_change(day, rows.get(day.date), known),
            }
            for day in days
        ]

    def _get_change(self, day, row, known):
        if row:
            return "same" if row.is_working == day.is_working else "changed"
        is_known = known.is_working(day.date) == day.is_working
        return "confirmed" if is_known else "new"

    def _get_known_days(self):
        """Return the `WorkingDays` that count without the imported rows."""
        if self.company_id and self.company_id.country_id == self.country_id:
            return self.company_id._get_patient_working_days()
        return WorkingDays(self.country_id.code)

    def _get_name(self, day):
        if day.name:
            return day.name
        return self.env._("Working day") if day.is_working else self.env._("Day off")

    def _import_days(self, days):
        """Create the missing rows and correct those that say the contrary."""
        rows = self._get_rows(days)
        model = self.env["patient.working.day"]
        model.create([self._prepare_row(day) for day in days if day.date not in rows])
        for is_working in (True, False):
            wrong = model.union(
                *(
                    rows[day.date]
                    for day in days
                    if day.date in rows and day.is_working == is_working
                )
            ).filtered(lambda row, worked=is_working: row.is_working != worked)
            if wrong:
                wrong.write({"is_working": is_working, "source": self._get_source()})

    def _prepare_row(self, day):
        return {
            "name": self._get_name(day),
            "date": day.date,
            "is_working": day.is_working,
            "country_id": self.country_id.id,
            "company_id": self.company_id.id,
            "source": self._get_source(),
        }

    # TOOLS

    def _get_complaint(self, problems):
        """Return what is wrong with the file, a line of text for each problem."""
        lines = [self._describe(problem) for problem in problems[:SHOWN_PROBLEMS]]
        more = len(problems) - len(lines)
        if more:
            lines.append(self.env._("… and %(count)s more.", count=more))
        lines.append(self.env._("Nothing was imported."))
        return "\n".join(lines)

    def _describe(self, problem):
        """Return the sentence for a `Problem`: its line, what is wrong, and a way out."""
        texts = self._get_file_texts(problem.value)
        texts.update(self._get_line_texts(problem.value))
        if not problem.line:
            return texts[problem.code]
        return self.env._(
            "Line %(line)s: %(problem)s", line=problem.line, problem=texts[problem.code]
        )

    def _get_file_texts(self, value):
        return {
            "size": self.env._(
                "The file is larger than 256 KB. Choose the calendar of one year."
            ),
            "encoding": self.env._(
                "This is not a text file. Save the notice as text (UTF-8)."
            ),
            "empty": self.env._("There is no day in it. Choose another file."),
            "format": self.env._(
                "“%(value)s” is no beginning of a calendar. Choose a table with the "
                "columns date, is_working and name, or paste the text of the notice.",
                value=value,
            ),
            "json": self.env._(
                "The file is damaged or of another kind (%(value)s). Download it again, "
                "or paste the text of the notice instead.",
                value=value,
            ),
            "no_year": self.env._(
                "The notice names no year. Paste it with its title "
                "(关于2026年部分节假日安排的通知)."
            ),
        }

    def _get_line_texts(self, value):
        return {
            "columns": self.env._(
                "“%(value)s” has no second column. Write date, 1 or 0, and a name.",
                value=value,
            ),
            "date": self.env._(
                "“%(value)s” is not a date. Write it as 2026-02-14, in a notice as 2月14日.",
                value=value,
            ),
            "year": self.env._(
                "The year %(value)s is not between 2000 and 2100. Correct it.",
                value=value,
            ),
            "working": self.env._(
                "“%(value)s” does not say whether the day is worked. Write 1 for a "
                "working day, 0 for a day off.",
                value=value,
            ),
            "conflict": self.env._(
                "%(value)s is both worked and off. Take one of the two away.",
                value=value,
            ),
            "weekday": self.env._(
                "%(value)s falls on another day of the week. Check the date, and the year "
                "in the title.",
                value=value,
            ),
            "range": self.env._(
                "“%(value)s” is no span of days. Write the year where it passes the end "
                "of one.",
                value=value,
            ),
            "total": self.env._(
                "“%(value)s” does not agree with the dates before it. Correct the one or "
                "the other.",
                value=value,
            ),
            "no_days": self.env._(
                "“%(value)s” has no day in it. Write it as 1月1日至3日放假, 1月4日上班.",
                value=value,
            ),
        }
