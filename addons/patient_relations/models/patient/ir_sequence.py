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
        relation, range_start = self._get_number_relation(date)
        rows = self.env.execute_query(
            SQL("SELECT nextval(%s) FROM generate_series(1, %s)", relation, count)
        )
        prefix, suffix = self._get_prefix_suffix(date=date, date_range=range_start)
        return [
            f"{prefix}{number:0{self.padding}d}{suffix}" for (number,) in sorted(rows)
        ]

    def _get_number_relation(self, date):
        """Return the name of PostgreSQL's sequence for a day, and the range's start."""
        if not self.use_date_range:
            return f"ir_sequence_{self.id:03d}", None
        found = self._find_date_range(self.env, date)
        if not found:
            found = self._open_date_range(date)
        range_id, date_from = found
        return f"ir_sequence_{self.id:03d}_{range_id:03d}", date_from

    def _find_date_range(self, env, date):
        # sudo: ir.sequence.date_range: any user may draw a number
        found = (
            env["ir.sequence.date_range"]
            .sudo()
            .search(
                [
                    ("sequence_id", "=", self.id),
                    ("date_from", "<=", date),
                    ("date_to", ">=", date),
                ],
                limit=1,
            )
        )
        return (found.id, found.date_from) if found else None

    def _open_date_range(self, date):
        """Open the range of a new year so that concurrent transactions share it.

        Odoo opens it in the caller's transaction: two first complaints of a year then
        break the unique constraint, and the loser sees an error. A transaction of its
        own commits at once, and the loser of the race reads the winner's range.
        """
        for _attempt in range(3):
            try:
                with self.env.registry.cursor() as cr:
                    env = self.env(cr=cr, user=SUPERUSER_ID, context={})
                    own = env[self._name].browse(self.id).exists()
                    if not own:  # the sequence itself was made in this transaction
                        break
                    if not self._find_date_range(env, date):
                        own._create_date_range_seq(fields.Date.to_string(date))
                    return self._find_date_range(env, date)
            except psycopg2.IntegrityError:
                continue  # another worker was first: read what it committed
        # sudo: ir.sequence.date_range: any user may draw a number
        found = self.sudo()._create_date_range_seq(fields.Date.to_string(date))
        return found.id, found.date_from
