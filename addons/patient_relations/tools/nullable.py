from odoo import fields


class NullableFloat(fields.Float):
    """A number that may be unknown: NULL in the database, where Odoo would write 0.

    Averages, medians and percentiles leave out what is unknown. It reads as False, which
    screens and exports show as nothing.
    """

    falsy_value = None  # 0 is a value: searches tell it from what is unknown

    def convert_to_column(self, value, record, values=None, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        return False if value is None else value
