from datetime import date

from markupsafe import Markup

from odoo import api, models

from ...tools.bands import Band
from ...tools.report_pages import pack, split_block
from ...tools.trend_svg import render_trend
from ...tools.trends import Segment

# What the parts of a page weigh at most; with head and foot it stays below 50 KB.
MAX_PARTS = 40_000  # bytes
# Of a course, in pixels: on a telephone, and on the paper, where two stand side by side.
PAGE_SIZE = (340, 150)
PAPER_SIZE = (325, 120)


class PatientHealthReport(models.Model):
    """The private page: the frozen content in parts that load quickly on a telephone."""

    _inherit = "patient.health.report"

    # BUSINESS

    def _get_pages(self):
        """Return the pages of the report, each a list of (title, list of Markup)."""
        self.ensure_one()
        content = self.content or {}
        return pack(
            [
                (
                    section["title"],
                    [
                        self._render_part(part)
                        for block in section["blocks"]
                        for part in split_block(block)
                    ],
                )
                for section in content.get("sections", ())
            ],
            MAX_PARTS,
        )

    def _render_part(self, part, size=PAGE_SIZE):
        """Return one block, or a part of it, as Markup."""
        trend = part.get("trend")
        return self.env["ir.qweb"]._render(
            "patient_health.patient_health_report_part",
            {"part": part, "picture": trend and self._draw_trend(trend, *size)},
        )

    def _render_paper_block(self, block):
        """Return a block as the paper shows it, in one part."""
        return self._render_part(block, PAPER_SIZE)

    @api.model
    def _draw_trend(self, trend, width, height):
        """Return the course that a block holds as inline SVG."""
        day = date.fromisoformat
        picture = render_trend(
            [(day(point["at"]), point["value"]) for point in trend["points"]],
            [
                Segment(day(one["first"]), day(one["last"]), Band(*one["band"]))
                for one in trend["bands"]
            ],
            width,
            height,
            begin=day(trend["begin"]),
            end=day(trend["end"]),
        )
        return Markup(picture)
