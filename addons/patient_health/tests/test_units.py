from odoo.tests import BaseCase

from ..tools.units import UnitError, get_conversion, is_unit


def _convert(value, source, target, molar_mass=None):
    factor, offset = get_conversion(source, target, molar_mass)
    return value * factor + offset


class TestUnits(BaseCase):
    """Conversion by UCUM, without a database."""

    def test_mass_becomes_amount_of_substance_and_back(self):
        self.assertAlmostEqual(_convert(126, "mg/dL", "mmol/L", 180.156), 6.994, 3)
        self.assertAlmostEqual(_convert(7, "mmol/L", "mg/dL", 180.156), 126.1, 1)
        self.assertAlmostEqual(_convert(1.0, "mg/dL", "umol/L", 113.12), 88.4, 1)

    def test_temperatures_have_an_offset(self):
        self.assertAlmostEqual(_convert(98.6, "[degF]", "Cel"), 37.0, 6)
        self.assertAlmostEqual(_convert(37, "Cel", "[degF]"), 98.6, 6)

    def test_what_people_write_is_understood(self):
        for written, unit in (
            ("mmHg", "mm[Hg]"),
            ("μmol/L", "umol/L"),
            ("次/分", "/min"),
            ("pH", "[pH]"),
            ("10*3/uL", "10*9/L"),
        ):
            self.assertEqual(get_conversion(written, unit), (1.0, 0.0), written)

    def test_no_way_is_an_error(self):
        for source, target, mass in (
            ("kg", "cm", None),
            ("mg/dL", "mmol/L", None),
            ("斤斤", "kg", None),
            ("{score}", "kg", None),
        ):
            with self.assertRaises(UnitError, msg=source):
                get_conversion(source, target, mass)

    def test_units_are_known_or_not(self):
        self.assertTrue(is_unit("mL/min/{1.73_m2}"))
        self.assertTrue(is_unit("{score}"))
        self.assertFalse(is_unit("xx yy"))
