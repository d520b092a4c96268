import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import units
from ..tools.indicator_facts import convert_by_facts
from .common import PatientHealthCase


@tagged("post_install", "-at_install")
class TestIndicator(PatientHealthCase):
    def test_shipped_indicators_have_units_codes_and_sources(self):
        shipped = self.env["patient.indicator"].search([])
        self.assertGreater(len(shipped), 50)
        for indicator in shipped.filtered(lambda one: one.value_kind == "number"):
            self.assertTrue(units.is_unit(indicator.unit_code), indicator.code)
            self.assertTrue(indicator.loinc_code, indicator.code)
            if indicator.range_ids:
                self.assertTrue(all(indicator.range_ids.mapped("source")))
            self.assertLess(
                indicator.plausible_low, indicator.plausible_high, indicator.code
            )

    def test_shipped_lines_are_those_of_the_guidelines(self):
        for code, sex, age, low, high, act, critical in (
            ("systolic", "male", 40, 90, 129, 140, 180),
            ("diastolic", "male", 40, 60, 84, 90, 110),
            ("glucose_fasting", "male", 40, 4.0, 6.0, 7.0, 16.7),
            ("glucose_2h", "male", 40, 4.0, 7.7, 11.1, 16.7),
            ("bmi", "male", 40, 18.5, 23.9, 28, None),
            ("waist", "male", 40, None, 84.9, 90, None),
            ("waist", "female", 40, None, 79.9, 85, None),
        ):
            bands = self._indicator(code)._get_facts().bands
            [band] = [one for one in bands if one.fits(sex, age)]
            self.assertEqual(
                (band.normal_low, band.normal_high, band.act_high, band.critical_high),
                (low, high, act, critical),
                code,
            )

    def test_indicator_is_found_by_any_of_its_codes(self):
        model = self.env["patient.indicator"]
        for code in ("1558-6", "14771-0"):
            found = model._find_by_code("http://loinc.org", code)
            self.assertEqual(found, self.glucose, code)
        self.assertFalse(model._find_by_code("http://loinc.org", "0-0"))
        self.glucose.code_ids = [(0, 0, {"system": "urn:lab", "code": "GLU"})]
        self.assertEqual(model._find_by_code("urn:lab", "GLU"), self.glucose)

    def test_one_code_is_one_indicator(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
        ):
            self.systolic.code_ids = [(0, 0, {"code": "1558-6"})] * 2

    def test_hba1c_is_converted_by_the_master_equation(self):
        hba1c = self._indicator("hba1c")
        facts = hba1c._get_facts()
        self.assertAlmostEqual(convert_by_facts(facts, 53, "mmol/mol"), 7.0, 1)
        self.assertEqual(convert_by_facts(facts, 7.0, "%"), 7.0)

    def test_unknown_unit_is_refused_by_name(self):
        with self.assertRaises(ValidationError) as caught:
            self.glucose.unit_code = "mmol per litre"
        self.assertIn("mmol per litre", str(caught.exception))
        self.assertIn("UCUM", str(caught.exception))

    def test_lines_out_of_order_are_refused(self):
        with self.assertRaises(ValidationError) as caught:
            self.glucose.range_ids.act_high = 5
        self.assertIn(self.glucose.name, str(caught.exception))

    def test_two_ranges_for_the_same_person_are_refused(self):
        with self.assertRaises(ValidationError):
            self.glucose.range_ids.copy({"age_from": 60})
        self.glucose.range_ids.copy({"sex": "female"})

    def test_empty_line_stays_empty_and_zero_is_a_number(self):
        pain = self._indicator("pain").range_ids
        pain.invalidate_recordset()
        self.assertIs(pain.act_low, False)
        self.assertEqual(pain.normal_low, 0)
        self.assertIsNot(pain.normal_low, False)

    def test_measured_indicator_is_kept(self):
        self._measure("glucose_fasting", 5.5)
        with self.assertRaises(UserError) as caught:
            self.glucose.unlink()
        self.assertIn("Archive", str(caught.exception))
