from odoo.tests import BaseCase

from ...tools import scoring
from ...tools.scoring import Alert, Band, Code, Comorbidity, Item, Option, Table

PRESSURE = Item(
    "pressure",
    "number",
    (
        Option(0, high=130),
        Option(1, low=130, high=140, with_high=True),
        Option(2, low=140, with_low=False),
    ),
    lowest=40,
    highest=300,
)
FALLS = Item("falls", "number", (Option(0, high=1), Option(3, low=1)), is_whole=True)
SMOKES = Item("smokes", "yes_no", (Option(4, "yes"), Option(0, "no")))
MOOD = Item("mood", "choice", (Option(0, "0"), Option(1, "1"), Option(2, "2")))
SEX = Item("sex", "choice", (Option(0, "male"), Option(1, "female")))
WAIST = Item(
    "waist",
    "number",
    (
        Option(0, high=90, sex="male"),
        Option(5, low=90, sex="male"),
        Option(0, high=85, sex="female"),
        Option(5, low=85, sex="female"),
    ),
)
TABLE = Table(
    (PRESSURE, FALLS, SMOKES, MOOD),
    (Band("low", 0, 4), Band("high", 5, 11)),
    alerts=(Alert(7, "mood", 1, "critical"),),
)
INPUTS = {"pressure": 120, "falls": 0, "smokes": False, "mood": "0"}


class TestScoring(BaseCase):
    """Points, totals and bands, without a database."""

    def _evaluate(self, table=TABLE, **values):
        return scoring.evaluate(table, {**INPUTS, **values})

    def _refuse(self, table=TABLE, **values):
        with self.assertRaises(scoring.InputError) as caught:
            self._evaluate(table, **values)
        return caught.exception

    def test_edges_are_included_where_they_say_so(self):
        for value, points in (
            (129.99, 0),
            (130, 1),
            (140, 1),
            (140.01, 2),
            (40, 0),
            (300, 2),
            ("140", 1),
        ):
            result = self._evaluate(pressure=value)
            self.assertEqual(result.points["pressure"], points, value)

    def test_total_band_and_points_of_each_item(self):
        result = self._evaluate(pressure=150, falls=2, smokes="yes", mood=2)
        self.assertEqual(result.total, 11)
        self.assertEqual(result.band, "high")
        self.assertEqual(
            result.points, {"pressure": 2, "falls": 3, "smokes": 4, "mood": 2}
        )
        self.assertEqual(self._evaluate().total, 0)
        self.assertEqual(self._evaluate().band, "low")

    def test_all_that_is_missing_is_named_at_once(self):
        error = self._refuse(pressure=None, falls=False, mood=" ")
        self.assertEqual(error.missing, ["pressure", "falls", "mood"])
        with self.assertRaises(scoring.InputError) as caught:
            scoring.evaluate(TABLE, {})
        self.assertEqual(
            caught.exception.missing, ["pressure", "falls", "smokes", "mood"]
        )

    def test_no_is_an_answer_and_zero_is_a_number(self):
        self.assertEqual(self._evaluate(smokes=False, falls=0, mood=0).total, 0)
        for yes in (True, "yes", 1):
            self.assertEqual(self._evaluate(smokes=yes).points["smokes"], 4)

    def test_what_is_not_permitted_is_refused(self):
        for name, value in (
            ("pressure", 39),
            ("pressure", 301),
            ("pressure", "much"),
            ("pressure", float("nan")),
            ("pressure", float("inf")),
            ("pressure", True),
            ("falls", 1.5),
            ("smokes", "perhaps"),
            ("smokes", 2),
            ("mood", "3"),
            ("mood", [1]),
        ):
            error = self._refuse(**{name: value})
            self.assertEqual([code for code, _value in error.refused], [name], value)
            self.assertEqual(error.missing, [], value)

    def test_what_is_no_item_is_refused(self):
        self.assertEqual(self._refuse(wight=70).unknown, ["wight"])

    def test_highest_of_the_points(self):
        table = TABLE._replace(method=scoring.HIGHEST)
        self.assertEqual(self._evaluate(table, pressure=150, falls=3).total, 3)

    def test_alert_stands_whatever_the_total_is(self):
        self.assertEqual(self._evaluate().alerts, ())
        [alert] = self._evaluate(mood="1").alerts
        self.assertEqual((alert.id, alert.level), (7, "critical"))

    def test_points_and_bands_for_one_sex(self):
        table = Table(
            (SEX, WAIST),
            (
                Band("low", 0, 0, "male"),
                Band("high", 1, 5, "male"),
                Band("low", 0, 1, "female"),
                Band("high", 2, 6, "female"),
            ),
            sex_item="sex",
        )
        for sex, waist, total, band in (
            ("male", 89.9, 0, "low"),
            ("male", 90, 5, "high"),
            ("female", 84.9, 1, "low"),
            ("female", 85, 6, "high"),
        ):
            result = scoring.evaluate(table, {"sex": sex, "waist": waist})
            self.assertEqual((result.total, result.band), (total, band), (sex, waist))
        with self.assertRaises(scoring.InputError) as caught:
            scoring.evaluate(table, {"waist": 90})
        self.assertEqual(caught.exception.missing, ["sex"])
        self.assertEqual(caught.exception.refused, [])
        self.assertEqual(scoring.get_extremes(table, "male"), (0, 5))
        self.assertEqual(scoring.get_extremes(table, "female"), (1, 6))
        self.assertEqual(scoring.find_faults(table), [])

    def test_faults_of_a_table_are_found(self):
        def faults(item, *bands):
            bands = bands or (Band("all", -9, 99),)
            return scoring.find_faults(Table((item,), bands))

        self.assertEqual(scoring.find_faults(TABLE), [])
        self.assertEqual(faults(Item("x", "number", ()))[0], ("empty", "x"))
        for options, fault in (
            ((Option(0, high=5), Option(1, low=6)), "gap"),
            ((Option(0, high=5), Option(1, low=5, with_low=False)), "gap"),
            ((Option(0, high=5, with_high=True), Option(1, low=5)), "overlap"),
            ((Option(0, high=7), Option(1, low=5)), "overlap"),
            ((Option(0), Option(1, low=5)), "overlap"),
        ):
            self.assertEqual(faults(Item("x", "number", options)), [(fault, "x")])
        yes = Item("x", "yes_no", (Option(1, "yes"),))
        self.assertEqual(faults(yes), [("choices", "x")])
        self.assertEqual(faults(SMOKES, Band("low", 0, 3)), [("bands", "4")])
        twice = faults(SMOKES, Band("low", 0, 4), Band("high", 4, 4))
        self.assertEqual(twice, [("bands", "4")])

    def test_codes_are_compared_as_their_catalogue_wants(self):
        rows = (
            Code("icd10", "E10"),
            Code("icd10", "I25.2"),
            Code("icd10", "C00", "C26"),
            Code("snomed", "44054006"),
        )
        icd, snomed = "http://hl7.org/fhir/sid/icd-10", "http://snomed.info/sct"
        for system, code, expected in (
            (icd, "E10.9", True),
            (None, "e10.9", True),
            (icd, "E11", False),
            (icd, "I252", True),
            (icd, "I25.1", False),
            (icd, "C26.9", True),
            (icd, "C27", False),
            (icd, "B99", False),
            (snomed, "44054006", True),
            (snomed, "440540061", False),
            (None, "44054006", False),
            (snomed, "E10", False),
            ("http://hl7.org/fhir/sid/icd-9-cm", "E10", False),
            (icd, None, False),
        ):
            found = scoring.match_code(rows, system, code)
            self.assertEqual(found, expected, (system, code))

    def test_of_a_family_the_heaviest_disease_counts(self):
        mild = Comorbidity(1, 1, "diabetes", ())
        severe = Comorbidity(2, 2, "diabetes", ())
        heart = Comorbidity(3, 2, None, ())
        stroke = Comorbidity(4, 1, None, ())
        total, counting = scoring.count_comorbidities([mild, severe, heart, stroke])
        self.assertEqual(total, 5)
        self.assertEqual([one.id for one in counting], [2, 3, 4])
        self.assertEqual(scoring.count_comorbidities([]), (0, []))
