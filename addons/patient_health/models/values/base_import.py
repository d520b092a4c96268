import re
from contextlib import suppress

from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError

# What can be a number with its separators; Odoo would take them out of words as well.
NUMBER = re.compile(r"\s*[-+(]?[\d.,'\s]*\d[\d.,'\s]*([eE][-+]?\d+)?\)?\s*")


class BaseImport(models.TransientModel):
    _inherit = "base_import.import"

    def _parse_float_from_data(self, data, index, name, options):
        """Leave what is no number to the import of values, which names the row.

        Odoo stops here at the first; a choice or an answer is a value as well.
        """
        if self.res_model != "patient.measurement":
            return super()._parse_float_from_data(data, index, name, options)
        for line in data:
            if NUMBER.fullmatch(line[index]):
                with suppress(ImportValidationError):
                    super()._parse_float_from_data([line], index, name, options)
        return None
