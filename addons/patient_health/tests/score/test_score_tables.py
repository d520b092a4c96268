from odoo.tests import tagged

from ...tools import scoring
from ..common import PatientHealthCase

# The tables of the publications: a row is item, value, points.
LACE = [
    *(("stay_days", days, points) for days, points in (
        (0, 0), (0.9, 0), (1, 1), (1.9, 1), (2, 2), (3, 3), (3.9, 3), (4, 4), (5, 4),
        (6, 4), (6.9, 4), (7, 5), (13, 5), (13.9, 5), (14, 7), (27, 7), (28, 7), (365, 7),
    )),
    ("emergency", True, 3),
    ("emergency", False, 0),
    *(("charlson", index, points) for index, points in (
        (0, 0), (1, 1), (2, 2), (3, 3), (4, 5), (5, 5), (37, 5),
    )),
    *(("emergency_visits", count, points) for count, points in (
        (0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 4), (40, 4),
    )),
]  # fmt: skip
HOSPITAL = [
    ("haemoglobin", 11.9, 1),
    ("haemoglobin", 12, 0),
    ("haemoglobin", 16, 0),
    ("oncology", True, 2),
    ("oncology", False, 0),
    ("sodium", 134.9, 1),
    ("sodium", 135, 0),
    ("procedure", True, 1),
    ("procedure", False, 0),
    ("urgent", True, 1),
    ("urgent", False, 0),
    ("admissions", 0, 0),
    ("admissions", 1, 0),
    ("admissions", 2, 2),
    ("admissions", 5, 2),
    ("admissions", 6, 5),
    ("stay_days", 4, 0),
    ("stay_days", 4.9, 0),
    ("stay_days", 5, 2),
    ("stay_days", 60, 2),
]
FINDRISC = [
    ("sex", "male", 0),
    ("sex", "female", 0),
    *(("age", age, points) for age, points in (
        (18, 0), (44, 0), (45, 2), (54, 2), (55, 3), (64, 3), (65, 4), (99, 4),
    )),
    *(("bmi", bmi, points) for bmi, points in (
        (18, 0), (24.9, 0), (24.99, 0), (25, 1), (30, 1), (30.01, 3), (30.1, 3), (45, 3),
    )),
    ("active", True, 0),
    ("active", False, 2),
    ("vegetables", True, 0),
    ("vegetables", False, 1),
    ("pressure_drug", True, 2),
    ("pressure_drug", False, 0),
    ("high_glucose", True, 5),
    ("high_glucose", False, 0),
    ("family", "none", 0),
    ("family", "second", 3),
    ("family", "first", 5),
]  # fmt: skip
FINDRISC_WAIST = {
    "male": ((93.9, 0), (94, 3), (102, 3), (102.1, 4)),
    "female": ((79.9, 0), (80, 3), (88, 3), (88.1, 4)),
}
CHINA = [
    *(("age", age, points) for age, points in (
        (20, 0), (24, 0), (25, 4), (34, 4), (35, 8), (39, 8), (40, 11), (44, 11),
        (45, 12), (49, 12), (50, 13), (54, 13), (55, 15), (59, 15), (60, 16), (64, 16),
        (65, 18), (74, 18),
    )),
    *(("bmi", bmi, points) for bmi, points in (
        (21.9, 0), (22, 1), (23.9, 1), (24, 3), (29.9, 3), (30, 5), (40, 5),
    )),
    *(("systolic", pressure, points) for pressure, points in (
        (109, 0), (110, 1), (119, 1), (120, 3), (129, 3), (130, 6), (139, 6), (140, 7),
        (149, 7), (150, 8), (159, 8), (160, 10), (220, 10),
    )),
    ("family", True, 6),
    ("family", False, 0),
    ("sex", "male", 2),
    ("sex", "female", 0),
]  # fmt: skip
CHINA_WAIST = {
    "male": (
        (74.9, 0), (75, 3), (79.9, 3), (80, 5), (84.9, 5), (85, 7), (89.9, 7), (90, 8),
        (94.9, 8), (95, 10), (130, 10),
    ),
    "female": (
        (69.9, 0), (70, 3), (74.9, 3), (75, 5), (79.9, 5), (80, 7), (84.9, 7), (85, 8),
        (89.9, 8), (90, 10), (130, 10),
    ),
}  # fmt: skip
STROKE = [
    ("heart_failure", True, 1),
    ("hypertension", True, 1),
    ("age", 64, 0),
    ("age", 65, 1),
    ("age", 74, 1),
    ("age", 75, 2),
    ("diabetes", True, 1),
    ("stroke", True, 2),
    ("vascular", True, 1),
    *((name, False, 0) for name in (
        "heart_failure", "hypertension", "diabetes", "stroke", "vascular",
    )),
]  # fmt: skip
WEIGHTS = {
    1: {"mi", "stroke", "pvd", "diabetes"},
    2: {"chf", "diabetes_organ", "copd", "liver_mild", "renal_mild", "tumour"},
    3: {"dementia", "connective"},
    4: {"aids", "liver_severe", "renal_severe"},
    6: {"metastatic"},
}
# Bands: code of the score → sex → (from, to, band), without a gap.
BANDS = {
    "lace": {None: ((0, 4, "low"), (5, 9, "moderate"), (10, 19, "high"))},
    "hospital": {None: ((0, 4, "low"), (5, 6, "moderate"), (7, 13, "high"))},
    "findrisc": {
        None: (
            (0, 6, "low"), (7, 11, "slightly_elevated"), (12, 14, "moderate"),
            (15, 20, "high"), (21, 26, "very_high"),
        ),
    },
    "china_diabetes": {None: ((0, 24, "low"), (25, 51, "high"))},
    "cha2ds2_vasc": {
        "male": ((0, 0, "low"), (1, 1, "consider"), (2, 8, "treat")),
        "female": ((1, 1, "low"), (2, 2, "consider"), (3, 9, "treat")),
    },
    "cha2ds2_va": {None: ((0, 0, "low"), (1, 1, "consider"), (2, 8, "treat"))},
    "phq2": {None: ((0, 2, "negative"), (3, 6, "positive"))},
    "phq9": {
        None: (
            (0, 4, "minimal"), (5, 9, "mild"), (10, 14, "moderate"),
            (15, 19, "moderately_severe"), (20, 27, "severe"),
        ),
    },
    "gad2": {None: ((0, 2, "negative"), (3, 6, "positive"))},
    "gad7": {
        None: (
            (0, 4, "minimal"), (5, 9, "mild"), (10, 14, "moderate"), (15, 21, "severe"),
        ),
    },
    "china_bmi": {
        None: (
            (0, 0, "underweight"), (1, 1, "normal"), (2, 2, "overweight"), (3, 3, "obese"),
        ),
    },
    "china_pressure": {
        None: (
            (0, 0, "normal"), (1, 1, "high_normal"), (2, 2, "grade_1"), (3, 3, "grade_2"),
            (4, 4, "grade_3"),
        ),
    },
}  # fmt: skip
EXTREMES = {
    "lace": (0, 19),
    "hospital": (0, 13),
    "findrisc": (0, 26),
    "china_diabetes": (0, 51),
    "cha2ds2_vasc": (0, 9),
    "cha2ds2_va": (0, 8),
    "phq2": (0, 6),
    "phq9": (0, 27),
    "gad2": (0, 6),
    "gad7": (0, 21),
    "china_bmi": (0, 3),
    "china_pressure": (0, 4),
}


@tagged("post_install", "-at_install")
class TestScoreTables(PatientHealthCase):
    """The shipped tables, cell by cell, with the traps of copies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scores = {
            code: cls.env.ref(f"patient_health.patient_score_{code}")
            for code in EXTREMES
        }

    def _get_extreme_inputs(self, code, choose, sex=None):
        """Return inputs of the lowest (min) or highest (max) points of every item."""
        table = self.scores[code]._get_table()
        inputs = {}
        for item in table.items:
            options = [one for one in item.options if one.sex in (None, sex)]
            if item.code == table.sex_item:
                inputs[item.code] = sex
                continue
            option = choose(options, key=lambda one: one.points)
            inputs[item.code] = option.code or self._get_inside(item, option)
        return inputs

    def _get_inside(self, item, option):
        if option.low is None:
            return item.lowest if item.lowest is not None else option.high - 1
        if option.with_low:
            return option.low
        return option.low + 1

    def _check_cells(self, code, cells, base):
        score = self.scores[code]
        for name, value, points in cells:
            result = score._evaluate({**base, name: value})
            self.assertEqual(result["points"][name], points, (code, name, value))

    def _check_table(self, code, cells, sex=None):
        self._check_cells(code, cells, self._get_extreme_inputs(code, min, sex))

    def test_cells_of_lace(self):
        self._check_table("lace", LACE)
        items = self.scores["lace"].item_ids
        weights = {}
        prefix = "patient_score_lace_charlson_"
        for disease in items.comorbidity_ids:
            name = disease.get_external_id()[disease.id].partition(prefix)[2]
            weights.setdefault(disease.weight, set()).add(name)
        self.assertEqual(weights, WEIGHTS)

    def test_cells_of_hospital(self):
        self._check_table("hospital", HOSPITAL)

    def test_cells_of_findrisc(self):
        self._check_table("findrisc", FINDRISC, "male")
        for sex, cells in FINDRISC_WAIST.items():
            rows = [("waist", *cell) for cell in cells]
            self._check_table("findrisc", rows, sex)

    def test_cells_of_the_chinese_score(self):
        self._check_table("china_diabetes", CHINA, "male")
        for sex, cells in CHINA_WAIST.items():
            rows = [("waist", *cell) for cell in cells]
            self._check_table("china_diabetes", rows, sex)

    def test_cells_of_the_scores_of_stroke(self):
        sexes = [("sex", "male", 0), ("sex", "female", 1)]
        self._check_table("cha2ds2_vasc", STROKE + sexes, "male")
        self._check_table("cha2ds2_va", STROKE)
        self.assertNotIn("sex", self.scores["cha2ds2_va"].item_ids.mapped("code"))

    def test_cells_of_questionnaires(self):
        for code, count in (("phq2", 2), ("phq9", 9), ("gad2", 2), ("gad7", 7)):
            cells = [
                (f"q{number}", value, points)
                for number in range(1, count + 1)
                for points in range(4)
                for value in (points, str(points))
            ]
            self._check_table(code, cells)
            self.assertEqual(len(self.scores[code].item_ids), count)
            self.assertTrue(self.scores[code].is_sensitive)
            self.assertIn("No permission required", self.scores[code].licence_note)
        for short, long in (("phq2", "phq9"), ("gad2", "gad7")):
            self.assertEqual(
                self.scores[short].item_ids.mapped("name"),
                self.scores[long].item_ids[:2].mapped("name"),
            )

    def test_cells_of_gradings(self):
        for value, points in (
            (18.4, 0),
            (18.5, 1),
            (23.9, 1),
            (24, 2),
            (27.9, 2),
            (28, 3),
        ):
            result = self.scores["china_bmi"]._evaluate({"bmi": value})
            self.assertEqual(result["total"], points, value)
        for pressures, grade in (
            ((129, 84), 0),
            ((130, 84), 1),
            ((129, 85), 1),
            ((139, 89), 1),
            ((140, 89), 2),
            ((139, 90), 2),
            ((159, 99), 2),
            ((160, 80), 3),
            ((120, 100), 3),
            ((179, 109), 3),
            ((180, 80), 4),
            ((120, 110), 4),
        ):
            inputs = dict(zip(("systolic", "diastolic"), pressures, strict=True))
            result = self.scores["china_pressure"]._evaluate(inputs)
            self.assertEqual(result["total"], grade, pressures)

    def test_lowest_and_highest_total(self):
        for code, expected in EXTREMES.items():
            score, table = self.scores[code], self.scores[code]._get_table()
            totals = [
                score._evaluate(self._get_extreme_inputs(code, choose, sex))["total"]
                for sex in scoring.get_sexes(table)
                for choose in (min, max)
            ]
            self.assertEqual((min(totals), max(totals)), expected, code)
            self.assertEqual((score.min_total, score.max_total), expected, code)

    def test_every_edge_of_every_band(self):
        for code, by_sex in BANDS.items():
            table = self.scores[code]._get_table()
            for sex, bands in by_sex.items():
                for low, high, expected in bands:
                    for total in (low, high):
                        band = scoring.choose_band(table, total, sex)
                        self.assertEqual(band.code, expected, (code, sex, total))

    def test_vectors_of_lace(self):
        lace = self.scores["lace"]
        names = ("stay_days", "emergency", "charlson", "emergency_visits")
        for values, points, total, band in (
            ((5, True, 2, 1), (4, 3, 2, 1), 10, "high"),
            ((14, True, 4, 4), (7, 3, 5, 4), 19, "high"),
            ((0, False, 0, 0), (0, 0, 0, 0), 0, "low"),
        ):
            result = lace._evaluate(dict(zip(names, values, strict=True)))
            expected = {
                "total": total,
                "band": band,
                "points": dict(zip(names, points, strict=True)),
            }
            self.assertEqual(result, expected)

    def test_vector_of_cha2ds2_vasc(self):
        woman = {
            "heart_failure": False,
            "hypertension": True,
            "age": 76,
            "diabetes": False,
            "stroke": True,
            "vascular": False,
            "sex": "female",
        }
        result = self.scores["cha2ds2_vasc"]._evaluate(woman)
        self.assertEqual((result["total"], result["band"]), (6, "treat"))
        del woman["sex"]
        result = self.scores["cha2ds2_va"]._evaluate(woman)
        self.assertEqual((result["total"], result["band"]), (5, "treat"))

    def test_bands_of_risk_call_somebody(self):
        for code, calling in (
            ("lace", {"high"}),
            ("hospital", {"high"}),
            ("findrisc", {"high", "very_high"}),
            ("china_diabetes", {"high"}),
            ("cha2ds2_vasc", {"treat"}),
            ("cha2ds2_va", {"treat"}),
            ("phq2", set()),
            ("phq9", {"moderate", "moderately_severe", "severe"}),
            ("gad7", {"moderate", "severe"}),
            ("china_bmi", set()),
            ("china_pressure", {"grade_2", "grade_3"}),
        ):
            bands = self.scores[code].band_ids.filtered("starts_duty")
            self.assertEqual(set(bands.mapped("code")), calling, code)

    def test_nothing_licensed_is_shipped(self):
        shipped = self.env["patient.score"].search([])
        self.assertEqual(set(EXTREMES), set(shipped.mapped("code")))
        for score in shipped:
            self.assertEqual(score.state, "in_use", score.code)
            self.assertTrue(score.source.strip(), score.code)
            self.assertTrue(score.licence_note.strip(), score.code)
            for name in ("mmas", "morisky", "dose", "eq-5d", "mmse", "sf-36"):
                self.assertNotIn(name, score.name.lower())
