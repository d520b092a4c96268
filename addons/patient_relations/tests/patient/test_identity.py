from datetime import date

from odoo.tests import BaseCase

from ...tools import identity


class TestIdentity(BaseCase):
    """The resident identity number, without a database."""

    def test_right_numbers(self):
        for number in (
            "11010519491231002X",
            "440524188001010014",
            "110105 19491231-002x",
        ):
            self.assertTrue(identity.is_valid(number), number)

    def test_wrong_numbers(self):
        for number in (
            None,
            "",
            "110105194912310021",  # check digit
            "11010519491331002X",  # month 13
            "110105194912310",  # the 15 digits of the first generation
            "1101051949123100ⅩX",
            "ABCDEFGHIJKLMNOPQR",
        ):
            self.assertFalse(identity.is_valid(number), number)

    def test_a_leap_day_only_in_leap_years(self):
        for year, exists in ((2000, True), (1900, False), (2024, True), (2023, False)):
            body = f"110105{year}0229001"
            right = [
                digit for digit in "0123456789X" if identity.is_valid(body + digit)
            ]
            self.assertEqual(len(right), int(exists), year)

    def test_what_a_number_tells(self):
        self.assertEqual(
            identity.compact(" 110105-19491231 002x"), "11010519491231002X"
        )
        self.assertEqual(
            identity.get_birth_date("11010519491231002X"), date(1949, 12, 31)
        )
        self.assertIsNone(identity.get_birth_date("11010519491331002X"))
        self.assertEqual(identity.get_gender("11010519491231002X"), "female")
        self.assertEqual(identity.get_gender("440524188001010014"), "male")
