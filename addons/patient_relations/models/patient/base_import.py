from contextlib import suppress

import chardet

from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError

# Bytes to guess an encoding from: the guess takes a second for each megabyte.
SAMPLE = 64 * 1024


class BaseImport(models.TransientModel):
    _inherit = "base_import.import"

    def _read_csv(self, options):
        if self._concerns_patients() and self.file and not options.get("encoding"):
            options["encoding"] = self._guess_encoding()
        return super()._read_csv(options)

    def _parse_date_from_data(self, data, index, name, field_type, options):
        """Leave a date that cannot be read to the import itself.

        Odoo stops here at the first; the import names every row that is wrong.
        """
        if not self._concerns_patients():
            return super()._parse_date_from_data(data, index, name, field_type, options)
        for line in data:
            with suppress(ImportValidationError):
                super()._parse_date_from_data([line], index, name, field_type, options)
        return None

    def _guess_encoding(self):
        """Return the encoding of a CSV file, or None to leave the guess to Odoo.

        What a Chinese spreadsheet saves is GBK. The guess calls it GB2312, a part of it
        that lacks the characters of many names, or something else when the file is short.
        """
        with suppress(UnicodeDecodeError):
            self.file.decode()
            return "utf-8-sig"
        guess = chardet.detect(self.file[:SAMPLE])
        chinese = (guess["encoding"] or "").lower() in ("gb2312", "gbk", "gb18030")
        unsure = guess["confidence"] < 0.9 and self.env.company.country_code == "CN"
        if chinese or unsure:
            return "gb18030"
        return None if guess["encoding"] else "utf-8"

    def _concerns_patients(self):
        return (self.res_model or "").startswith("patient.")
