from odoo import models

# A spreadsheet takes no more characters in a cell.
CELL_LIMIT = 32_767
# What a spreadsheet would take for the beginning of a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
# Sizes of paper as spreadsheets number them.
A3, A4 = 8, 9


class PatientAbstractXlsx(models.AbstractModel):
    """What all our workbooks share: cells that are never formulas, and paper."""

    _name = "report.patient_relations.abstract_xlsx"
    _inherit = "report.report_xlsx.abstract"
    _description = "Workbook of Patient Relations"

    # TOOLS

    def _localize(self, company, moment):
        """Return a naive UTC moment as the hospital's clock shows it, or None."""
        local = moment and company._patient_local_time(moment)
        return local.replace(tzinfo=None, microsecond=0) if local else None

    def _add_formats(self, workbook):
        cell = {"valign": "top", "text_wrap": True, "border": 1}
        head = {**cell, "bold": True, "bg_color": "#E7E6E6", "valign": "vcenter"}
        formats = {
            "head": head,
            "text": cell,
            "quoted": {**cell, "quote_prefix": True},
            "moment": {**cell, "num_format": "yyyy-mm-dd hh:mm", "align": "left"},
            "number": {**cell, "num_format": "#,##0.0"},
            "change": {**cell, "num_format": "+#,##0.0;-#,##0.0;0.0"},
            "change_whole": {**cell, "num_format": "+#,##0;-#,##0;0"},
            "title": {"bold": True, "font_size": 14},
        }
        return {name: workbook.add_format(values) for name, values in formats.items()}

    def _write_cell(self, sheet, row, column, value, formats, style=None):
        """Write a value so that no text ever becomes a formula or a link.

        :param str style: name of the format of a number; found by its type if not given
        """
        if value is None or value is False or value == "":
            sheet.write_blank(row, column, None, formats["text"])
        elif isinstance(value, (int, float)):
            default = "number" if isinstance(value, float) else "text"
            sheet.write_number(row, column, value, formats[style or default])
        elif isinstance(value, str):
            risky = value.startswith(FORMULA_SIGNS)
            quoted = formats["quoted" if risky else "text"]
            sheet.write_string(row, column, self._shorten(value), quoted)
        else:
            sheet.write_datetime(row, column, value, formats["moment"])

    def _write_head(self, sheet, row, columns, formats):
        """Write the titles of columns, and set their widths.

        :param columns: list of (title, width)
        """
        for index, (title, width) in enumerate(columns):
            sheet.set_column(index, index, width)
            sheet.write_string(row, index, title, formats["head"])
        sheet.set_row(row, 32)

    def _shorten(self, text):
        return text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - 1] + "…"

    def _set_paper(self, sheet, head=0, columns=1, paper=A4):
        """Make the sheet print well: landscape, one page wide, the head on each page.

        :param int head: the row of the titles; it stays in sight, with those above it
        :param int columns: how many columns stay in sight
        """
        sheet.freeze_panes(head + 1, columns)
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(head)
