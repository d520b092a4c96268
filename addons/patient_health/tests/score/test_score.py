import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .score_common import ScoreCase

NUMBERS = [
    (0, 0, {"value_to": 5, "points": 0}),
    (0, 0, {"value_from": 5, "points": 2}),
]


@tagged("post_install", "-at_install")
class TestScore(ScoreCase):
    """Tables with a licence, in versions that do not change."""

    def _prepare(self, **values):
        item = {"name": "跌倒次数", "code": "falls", "option_ids": NUMBERS}
        return {
            "name": "跌倒风险",
            "code": "falls_risk",
            "source": "医院自定",
            "licence_note": "医院自有",
            "min_total": 0,
            "max_total": 2,
            "item_ids": [(0, 0, item)],
            "band_ids": [
                (0, 0, {"name": "低", "code": "low", "total_from": 0, "total_to": 1}),
                (0, 0, {"name": "高", "code": "high", "total_from": 2, "total_to": 2}),
            ],
            **values,
        }

    def _make(self, **values):
        return self.env["patient.score"].create(self._prepare(**values))

    # licence

    def test_score_without_a_licence_note_is_not_taken_up(self):
        for note in (None, False, "", "  "):
            with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                self._make(licence_note=note)
            self.assertIn("跌倒风险", str(caught.exception))
            self.assertIn("licence", str(caught.exception))
        self.assertFalse(
            self.env["patient.score"].search([("code", "=", "falls_risk")])
        )

    def test_a_file_without_a_licence_note_is_refused_row_by_row(self):
        names = ["name", "code", "source", "licence_note", "min_total", "max_total"]
        rows = [["跌倒风险", "falls_risk", "医院自定", "", "0", "2"]]
        result = self.env["patient.score"].load(names, rows)
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    @mute_logger("odoo.sql_db")
    def test_licence_note_is_wanted_by_the_database(self):
        score = self._make()
        for name in ("licence_note", "source"):
            with (
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                score[name] = "  "
                score.flush_recordset()
            score.invalidate_recordset()

    # tables

    def test_good_table_is_put_in_use(self):
        score = self._make()
        score.with_user(self.user_health).action_use()
        self.assertEqual(score.state, "in_use")
        self.assertEqual(
            score._evaluate({"falls": 6}),
            {"total": 2, "band": "high", "points": {"falls": 2}},
        )

    def test_faulty_table_is_refused_with_its_faults(self):
        for values, words in (
            ({"item_ids": False}, "no item"),
            ({"max_total": 3}, "from 0 to 2"),
            ({"band_ids": False}, "not in exactly one band"),
        ):
            score = self._make(**values)
            with self.assertRaises(UserError) as caught:
                score.action_use()
            self.assertIn(words, str(caught.exception))
            self.assertEqual(score.state, "draft")
            score.unlink()

    def test_measurement_without_a_way_to_the_unit_is_refused(self):
        score = self._make()
        with self.assertRaises(ValidationError) as caught:
            score.item_ids.write(
                {
                    "fact": "measurement",
                    "indicator_id": self.systolic.id,
                    "unit_code": "kg",
                }
            )
        self.assertIn("kg", str(caught.exception))

    def test_alert_of_an_unknown_item_is_refused(self):
        alert = {"item_code": "fals", "name": "今天面谈"}
        with self.assertRaises(ValidationError) as caught:
            self._make().alert_ids = [(0, 0, alert)]
        self.assertIn("fals", str(caught.exception))

    # messages

    def test_all_that_is_missing_is_named(self):
        with self.assertRaises(UserError) as caught:
            self.lace._evaluate({"stay_days": 5})
        message = str(caught.exception)
        for code in ("emergency", "charlson", "emergency_visits"):
            self.assertIn(f"({code})", message)
        self.assertNotIn("(stay_days)", message)

    def test_what_is_not_permitted_is_named_with_what_is(self):
        china = self._score("china_diabetes")
        inputs = {
            "age": 75,
            "bmi": 24,
            "waist": 80,
            "systolic": 120,
            "family": "perhaps",
            "sex": "other",
        }
        with self.assertRaises(UserError) as caught:
            china._evaluate(inputs)
        for words in ("“75”", "from 20 to 75", "“perhaps”", "yes, no", "male (Male)"):
            self.assertIn(words, str(caught.exception))

    def test_what_is_no_item_is_named_with_the_items(self):
        with self.assertRaises(UserError) as caught:
            self._score("china_bmi")._evaluate({"bmi": 22, "BMI": 22})
        self.assertIn("no item BMI", str(caught.exception))

    # versions

    def test_score_in_use_does_not_change(self):
        for change in (
            lambda: self.lace.write({"max_total": 20}),
            lambda: self.lace.item_ids[0].write({"name": "住院"}),
            lambda: self.lace.item_ids.option_ids[0].write({"points": 9}),
            lambda: self.lace.band_ids[0].write({"total_to": 5}),
            lambda: self.lace.item_ids.comorbidity_ids[0].write({"weight": 9}),
            lambda: self.lace.item_ids.comorbidity_ids.code_ids[0].write({"code": "X"}),
            lambda: self.phq9.alert_ids.write({"points_from": 2}),
            lambda: self.lace.item_ids[0].unlink(),
            lambda: self.lace.item_ids.option_ids[0].unlink(),
            lambda: self.lace.unlink(),
            lambda: self.lace.item_ids[0].copy({"code": "more"}),
            lambda: self._make().item_ids.write({"score_id": self.lace.id}),
        ):
            with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                change()
            self.assertIn("new version", str(caught.exception))

    def test_new_version_takes_the_place_of_the_former(self):
        action = self.lace.with_user(self.user_health).action_new_version()
        version = self.env["patient.score"].browse(action["res_id"])
        self.assertEqual((version.version, version.state), (2, "draft"))
        for names in ("item_ids", "band_ids"):
            self.assertEqual(len(version[names]), len(self.lace[names]))
        charlson = version.item_ids.filtered("comorbidity_ids")
        self.assertEqual(
            len(charlson.comorbidity_ids.code_ids),
            len(self.lace.item_ids.comorbidity_ids.code_ids),
        )
        inputs = {
            "stay_days": 14,
            "emergency": True,
            "charlson": 4,
            "emergency_visits": 4,
        }
        self.assertEqual(version._evaluate(inputs), self.lace._evaluate(inputs))
        version.band_ids[-1].name = "很高"
        version.action_use()
        self.assertEqual((version.state, self.lace.state), ("in_use", "retired"))
        self.assertEqual(self.env["patient.score"]._get_by_code("lace"), version)
        self.assertEqual(self.lace._get_current(), version)

    def test_alerts_go_with_a_new_version(self):
        version = self.phq9.copy()
        self.assertEqual(version.alert_ids.item_code, "q9")

    def test_what_was_assessed_does_not_become_a_draft_again(self):
        self.lace.action_draft()
        self.assertEqual(self.lace.state, "draft")
        self.lace.action_use()
        self.lace._assess_one(self.patient, self.stay)
        with self.assertRaises(UserError) as caught:
            self.lace.action_draft()
        self.assertIn("has been assessed", str(caught.exception))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.lace.band_ids[0].advice = "随访"

    def test_draft_and_retired_are_not_assessed(self):
        score = self._make()
        for state in ("draft", "retired"):
            score.state = state
            with self.assertRaises(UserError) as caught:
                score._assess_one(self.patient, answers={"falls": 1})
            self.assertIn("not in use", str(caught.exception))

    @mute_logger("odoo.sql_db")
    def test_one_version_is_in_use(self):
        version = self.lace.copy()
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            version.write({"state": "in_use"})
            version.flush_recordset()

    def test_unknown_code_is_named(self):
        with self.assertRaises(UserError) as caught:
            self.env["patient.score"]._get_by_code("mmas")
        self.assertIn("mmas", str(caught.exception))
