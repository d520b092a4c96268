import psycopg2

from odoo import SUPERUSER_ID, fields, models
from odoo.tools import SQL


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _draw_numbers(self, count, date=None):
        """Draw a block of numbers in one query.

        :param int count: how many numbers
        :param date date: the day that chooses the year of a sequence by date range;
            today in UTC when not given
        :return: list of ``count`` formatted numbers, ascending
        """
        self.ensure_one()
        if not count:
            return []
        if self.implementation != "standard":
            return [self.next_by_id(sequence_date=date) for _number in range(count)]
        date = date or fields.Date.today()
        numbers, range_start = self._draw_block(count, date)
        prefix, suffix = self._get_prefix_suffix(date=date, date_range=range_start)
        return [f"{prefix}{number:0{self.padding}d}{suffix}" for number in numbers]

    def _draw_block(self, count, date):
        """Return ``count`` bare numbers, and the start of their date range if any."""
        if not self.use_date_range:
            return self._draw_from(f"{self.id:03d}", count), None
        year = self._find_date_range(date)
        if not year:
            drawn = self._draw_first_of_range(count, date)
            if drawn:
                return drawn
            # the sequence itself was made in this transaction: nobody else has it
            year = self._open_date_range(date)
        return self._draw_from(f"{self.id:03d}_{year.id:03d}", count), year.date_from

    def _draw_first_of_range(self, count, date):
        """Open the range of a new year and draw from it, in a transaction of its own.

        Odoo opens it in the caller's transaction: two first complaints of a year then
        break the unique constraint, and the loser sees an error. A transaction of its
        own commits at once, and the loser of the race reads the winner's range. The
        block is drawn there too, because the caller's snapshot may not show the new
        PostgreSQL sequence; a sequence is never rolled back anyway.
        """
        for _attempt in range(3):
            try:
                with self.env.registry.cursor() as cr:
                    env = self.env(cr=cr, user=SUPERUSER_ID, context={})
                    own = env[self._name].browse(self.id).exists()
                    if not own:
                        return None
                    if not own._find_date_range(date):
                        own._open_date_range(date)
                    return own._draw_block(count, date)
            except psycopg2.IntegrityError:
                continue  # another worker was first: read what it committed
        return None

    def _find_date_range(self, date):
        domain = [
            ("sequence_id", "=", self.id),
            ("date_from", "<=", date),
            ("date_to", ">=", date),
        ]
        # sudo: ir.sequence.date_range: any user may draw a number
        ranges_sudo = self.env["ir.sequence.date_range"].sudo()
        return ranges_sudo.search_fetch(domain, ["date_from"], limit=1)

    def _open_date_range(self, date):
        # sudo: ir.sequence.date_range: any user may draw a number
        return self.sudo()._create_date_range_seq(fields.Date.to_string(date))

    def _draw_from(self, relation, count):
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{relation}",
                count,
            )
        )
        return sorted(number for (number,) in rows)
