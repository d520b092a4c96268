from odoo import models

from ...tools.figures import MIN_FACTS
from ...tools.selections import get_selection

SEVERITY_COLOURS = ("#BDD7EE", "#FFD966", "#F4B183", "#C00000")
CHART_SIZE = {"width": 760, "height": 380}


class PatientComplaintMonthlyXlsx(models.AbstractModel):
    """The monthly report on complaints for the manager (投诉月报), as a workbook.

    It names hospitals, departments and officers, never a complainant or a patient.
    """

    _name = "report.patient_relations.complaint_monthly"
    _inherit = "report.patient_relations.abstract_xlsx"
    _description = "Monthly Report on Complaints (XLSX)"

    def generate_xlsx_report(self, workbook, data, objs):
        objs.ensure_one()
        formats = self._add_formats(workbook)
        figures = objs._get_figures()
        self._add_overview(workbook, objs, figures, formats)
        self._add_departments(workbook, objs, formats)
        self._add_categories(workbook, objs, formats)
        self._add_months(workbook, objs, figures, formats)
        self._add_overdue(workbook, objs, formats)

    # BUSINESS

    def _add_overview(self, workbook, monthly, figures, formats):
        """Add the measures of the month, the one before, and the one of last year."""
        title = self.env._("Overview")
        sheet = self._add_sheet(workbook, title, monthly, formats)
        months = monthly._get_compared_months()
        columns = [(self.env._("Measure"), 46)]
        for month in months:
            columns += [(monthly._get_month_label(month), 20), ("n", 8)]
        columns.append((self.env._("Change Against the Month Before"), 18))
        self._write_head(sheet, 2, columns, formats)
        row = 3
        for row, (name, label) in enumerate(self._get_measures(monthly, figures), 3):
            compared = [figures[month][name] for month in months]
            self._write_cell(sheet, row, 0, label, formats)
            for column, figure in enumerate(compared):
                self._write_figure(sheet, row, 1 + 2 * column, figure, formats)
            change = compared[0].get_change(compared[1])
            style = "change" if isinstance(change, float) else "change_whole"
            self._write_cell(sheet, row, 7, change, formats, style)
        for offset, note in enumerate(self._get_notes(), 2):
            sheet.write_string(row + offset, 0, note)
        self._set_paper(sheet, head=2)

    def _add_departments(self, workbook, monthly, formats):
        title = self.env._("By Department")
        sheet = self._add_sheet(workbook, title, monthly, formats)
        columns = [
            (self.env._("Department"), 26),
            (self.env._("Problems"), 10),
            (self.env._("Problems per 1,000 Visits"), 20),
            (self.env._("Visits"), 10),
            (self.env._("Deadlines Kept (%)"), 20),
            (self.env._("Deadlines Due"), 12),
            (self.env._("Founded or Partly Founded (%)"), 20),
            (self.env._("With a Finding"), 12),
            (self.env._("Mean Severity (1–4)"), 20),
            ("n", 8),
        ]
        self._write_head(sheet, 2, columns, formats)
        rows = monthly._get_department_rows()
        for row, values in enumerate(rows, 3):
            self._write_cell(sheet, row, 0, values.name, formats)
            self._write_cell(sheet, row, 1, values.problems, formats)
            rates = (values.rate, values.on_time, values.founded, values.severity)
            for position, figure in enumerate(rates):
                self._write_figure(sheet, row, 2 + 2 * position, figure, formats)
        self._set_paper(sheet, head=2)
        with_problems = sum(1 for values in rows if values.problems)
        if with_problems:
            self._draw_departments(workbook, sheet, with_problems, len(rows))
        else:
            self._write_nothing(sheet, 3 + len(rows), formats)

    def _draw_departments(self, workbook, sheet, number, below):
        """Draw the problems of the departments as bars, the most on top."""
        chart = workbook.add_chart({"type": "bar"})
        last = 2 + number
        chart.add_series(
            {
                "name": [sheet.name, 2, 1],
                "categories": [sheet.name, 3, 0, last, 0],
                "values": [sheet.name, 3, 1, last, 1],
                "data_labels": {"value": True},
                "gap": 60,
            }
        )
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis(
            {"min": 0, "num_format": "0", "major_gridlines": {"visible": 0}}
        )
        title = self.env._("Problems by Department")
        height = max(CHART_SIZE["height"], 80 + 24 * number)
        self._insert_chart(sheet, chart, title, 4 + below, height=height)

    def _add_categories(self, workbook, monthly, formats):
        title = self.env._("By Category and Severity")
        sheet = self._add_sheet(workbook, title, monthly, formats)
        severities = self._get_severities()
        columns = [(self.env._("Domain"), 20), (self.env._("Category"), 30)]
        columns += [(label, 14) for label in severities.values()]
        columns.append((self.env._("Total"), 10))
        self._write_head(sheet, 2, columns, formats)
        rows = monthly._get_category_rows()
        for row, (domain, category, counts) in enumerate(rows, 3):
            numbers = [counts[severity] for severity in severities]
            for column, value in enumerate([domain, category, *numbers, sum(numbers)]):
                self._write_cell(sheet, row, column, value, formats)
        self._set_paper(sheet, head=2, columns=2)
        if rows:
            self._draw_categories(workbook, sheet, len(rows), len(severities))
        else:
            self._write_nothing(sheet, 3, formats)

    def _draw_categories(self, workbook, sheet, rows, severities):
        """Draw a bar for each category, made up of its severities."""
        chart = workbook.add_chart({"type": "bar", "subtype": "stacked"})
        last = 2 + rows
        for position in range(severities):
            column = 2 + position
            colour = SEVERITY_COLOURS[position % len(SEVERITY_COLOURS)]
            chart.add_series(
                {
                    "name": [sheet.name, 2, column],
                    "categories": [sheet.name, 3, 1, last, 1],
                    "values": [sheet.name, 3, column, last, column],
                    "fill": {"color": colour},
                    "gap": 60,
                }
            )
        chart.set_legend({"position": "bottom"})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"min": 0, "num_format": "0"})
        title = self.env._("Problems by Category and Severity")
        height = max(CHART_SIZE["height"], 120 + 24 * rows)
        self._insert_chart(sheet, chart, title, 4 + rows, height=height)

    def _add_months(self, workbook, monthly, figures, formats):
        title = self.env._("Thirteen Months")
        sheet = self._add_sheet(workbook, title, monthly, formats)
        columns = [
            (self.env._("Month"), 12),
            (self.env._("Received"), 12),
            (self.env._("Ended"), 12),
            (self.env._("Problems"), 12),
            (self.env._("Deadlines Kept (%)"), 14),
            ("n", 8),
            (self.env._("Note"), 22),
        ]
        self._write_head(sheet, 2, columns, formats)
        for row, (month, found) in enumerate(figures.items(), 3):
            counts = [found[name].value for name in ("received", "ended", "problems")]
            on_time = found["on_time_rate"]
            # a text among the numbers would be drawn as 0
            share = on_time.value if on_time.is_known else None
            note = "" if on_time.is_known else self._get_unknown_label()
            label = monthly._get_month_label(month)
            for column, value in enumerate([label, *counts, share, on_time.n, note]):
                self._write_cell(sheet, row, column, value, formats)
        self._set_paper(sheet, head=2)
        self._draw_months(workbook, sheet, len(figures))

    def _draw_months(self, workbook, sheet, months):
        """Draw numbers on the left axis, and the share of deadlines kept on the right."""
        chart = workbook.add_chart({"type": "line"})
        last = 2 + months
        for column in (1, 2, 3, 4):
            chart.add_series(
                {
                    "name": [sheet.name, 2, column],
                    "categories": [sheet.name, 3, 0, last, 0],
                    "values": [sheet.name, 3, column, last, column],
                    "marker": {"type": "automatic"},
                    "y2_axis": column == 4,
                }
            )
        chart.show_blanks_as("gap")
        chart.set_legend({"position": "bottom"})
        chart.set_y_axis({"min": 0, "num_format": "0", "name": self.env._("Number")})
        chart.set_y2_axis({"min": 0, "max": 100, "num_format": "0", "name": "%"})
        self._insert_chart(sheet, chart, self.env._("Thirteen Months"), 4 + months)

    def _add_overdue(self, workbook, monthly, formats):
        title = self.env._("Overdue Now")
        sheet = self._add_sheet(workbook, title, monthly, formats)
        columns = [
            (self.env._("Complaint Number"), 18),
            (self.env._("Department"), 24),
            (self.env._("Officer in Charge"), 18),
            (self.env._("Deadline"), 34),
            (self.env._("Due"), 18),
            (self.env._("Days Late"), 12),
        ]
        self._write_head(sheet, 2, columns, formats)
        rows = monthly._get_overdue_rows()
        for row, values in enumerate(rows, 3):
            for column, value in enumerate(values):
                self._write_cell(sheet, row, column, value, formats)
        if not rows:
            self._write_cell(sheet, 3, 0, self.env._("Nothing is overdue."), formats)
        self._set_paper(sheet, head=2)

    # TOOLS

    def _add_sheet(self, workbook, title, monthly, formats):
        """Add a sheet that begins with the hospital, the month, and when it was made."""
        sheet = workbook.add_worksheet(title)
        label = monthly._get_month_label(monthly._get_month())
        if not monthly._is_over():
            label = self.env._("%(month)s (not over yet)", month=label)
        heading = self.env._(
            "%(title)s: complaints to %(hospital)s, %(month)s",
            title=title,
            hospital=monthly.company_id.name,
            month=label,
        )
        made = self.env._(
            "Made on %(moment)s by %(user)s",
            moment=monthly._get_printed_at().strftime("%Y-%m-%d %H:%M"),
            user=self.env.user.name,
        )
        sheet.write_string(0, 0, self._shorten(heading), formats["title"])
        sheet.write_string(1, 0, self._shorten(made))
        return sheet

    def _get_measures(self, monthly, figures):
        """Return (name of the figure, what people read), in the order of the sheet."""
        steps = monthly._get_steps(
            {month: figures[month] for month in monthly._get_compared_months()}
        )
        return [
            ("received", self.env._("Complaints Received")),
            ("reopened", self.env._("Complaints Reopened")),
            ("ended", self.env._("Complaints Ended")),
            ("open", self.env._("Open at the End of the Month")),
            ("rate_per_1000", self.env._("Complaints per 1,000 Visits")),
            ("on_time_rate", self.env._("Deadlines Kept (%)")),
            *(
                (
                    f"on_time_{step}",
                    self.env._("Deadlines Kept (%%): %(step)s", step=label),
                )
                for step, label in steps.items()
            ),
            *self._get_hours_measures(),
            ("reopened_share", self.env._("Reopened (%)")),
            ("repeated_share", self.env._("Repeated (%)")),
            ("problems", self.env._("Problems")),
            ("founded_share", self.env._("Problems Founded or Partly Founded (%)")),
            ("satisfaction_mean", self.env._("Satisfaction with the Handling (1–5)")),
            ("satisfied_share", self.env._("Satisfied with the Handling (%)")),
            ("paused_share", self.env._("Time Paused (%)")),
        ]

    def _get_hours_measures(self):
        """Return the measures of working hours, under the names of their fields."""
        complaints = self.env["patient.complaint"]
        names = [
            f"{prefix}_hours_to_{stage}"
            for stage in ("acknowledge", "respond", "close")
            for prefix in ("median", "p90")
        ]
        return [
            (name, complaints._fields[name]._description_string(self.env))
            for name in names
        ]

    def _get_notes(self):
        """Return the sentences under the overview that say how it is counted."""
        return [
            self.env._(
                "Complaints only; thanks, suggestions, questions and merged complaints do "
                "not count. Only what you may see is counted."
            ),
            self.env._(
                "Each fact counts in the month in which it happened: hours when the stage "
                "was reached, deadlines when they were due, satisfaction when it was asked "
                "for. Hours are working hours."
            ),
            self.env._(
                "n is the number of facts behind a figure: visits, deadlines, complaints, "
                "findings or answers. From fewer than %(number)s no figure is given.",
                number=MIN_FACTS,
            ),
            self.env._("Visits are those known last night."),
        ]

    def _get_severities(self):
        """Return severity → label, the mildest first."""
        return dict(get_selection(self.env, "patient.complaint.problem", "severity"))

    def _get_unknown_label(self):
        return self.env._("not enough answers")

    def _write_figure(self, sheet, row, column, figure, formats):
        """Write a figure and, in the next column, of how many facts it is."""
        known = figure.is_known
        value = figure.value if known else self._get_unknown_label()
        self._write_cell(sheet, row, column, value, formats)
        self._write_cell(sheet, row, column + 1, figure.n, formats)

    def _write_nothing(self, sheet, row, formats):
        text = self.env._("No problem was received in this month.")
        self._write_cell(sheet, row, 0, text, formats)

    def _insert_chart(self, sheet, chart, title, row, height=None):
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_size({**CHART_SIZE, "height": height or CHART_SIZE["height"]})
        sheet.insert_chart(row, 0, chart, {"description": title})
