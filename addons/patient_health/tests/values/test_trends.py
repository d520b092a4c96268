from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import NOW, PatientHealthCase


@tagged("post_install", "-at_install")
class TestTrends(PatientHealthCase):
    """Courses over years: what is drawn, for whom, and at what price."""

    def _trends(self, *codes, user=None, **days):
        indicators = [self._indicator(code) for code in codes]
        patient = self.patient.with_user(user or self.user_clinician)
        return patient._get_health_trends([one.id for one in indicators], **days)

    # what is drawn

    def test_points_come_by_time_with_level_unit_and_band(self):
        for days, value in ((10, 150), (400, 120), (30, 185)):
            self._measure("systolic", value, NOW - timedelta(days=days))
        [trend] = self._trends("systolic")
        self.assertEqual([point["value"] for point in trend["points"]], [120, 185, 150])
        self.assertEqual(
            [(point["level"], point["side"]) for point in trend["points"]],
            [("normal", None), ("critical", "high"), ("act", "high")],
        )
        self.assertEqual((trend["unit"], trend["decimals"]), ("mmHg", 0))
        [segment] = trend["bands"]
        self.assertEqual(segment.band.normal_high, 129)
        self.assertEqual(segment.first, date(2025, 1, 26))
        self.assertEqual(segment.last, date(2026, 2, 20))

    def test_days_are_those_of_the_hospital(self):
        # 17:00 UTC on 1 March is 2 March in Shanghai
        self._measure("systolic", 120, datetime(2026, 3, 1, 17))
        second = {"date_from": date(2026, 3, 2), "date_to": date(2026, 3, 2)}
        self.assertEqual(len(self._trends("systolic", **second)[0]["points"]), 1)
        first = {"date_from": date(2026, 3, 1), "date_to": date(2026, 3, 1)}
        self.assertFalse(self._trends("systolic", **first)[0]["points"])

    def test_band_follows_the_age_of_the_patient(self):
        self.patient.birth_date = "2007-06-15"
        days = {"date_from": date(2025, 1, 1), "date_to": date(2026, 1, 1)}
        [trend] = self._trends("systolic", **days)
        [segment] = trend["bands"]
        self.assertEqual(segment.first, date(2025, 6, 15))
        self.assertFalse(trend["points"])

    def test_zero_is_drawn_and_texts_and_corrected_values_are_not(self):
        self._measure("pain", 0)
        wrong = self._measure("pain", 9)
        wrong._void("另一病人")
        self._measure("glucose_fasting", 126, unit_text="kg")  # kept as text
        pain, glucose = self._trends("pain", "glucose_fasting")
        self.assertEqual([point["value"] for point in pain["points"]], [0])
        self.assertFalse(glucose["points"])

    def test_choices_are_what_has_numbers(self):
        self._measure("systolic", 120, NOW - timedelta(days=5))
        self._measure("systolic", 150)
        self._measure("weight", 70)
        smoking = self._indicator("smoking")
        self._measure("smoking", None, option_id=smoking.option_ids[0].id)
        choices = self.patient.with_user(self.user_clinician).get_health_trend_choices()
        self.assertEqual(
            {one["id"] for one in choices}, {self.systolic.id, self.weight.id}
        )
        [systolic] = [one for one in choices if one["id"] == self.systolic.id]
        self.assertEqual((systolic["count"], systolic["level"]), (2, "act"))
        self.assertEqual(systolic["last"], date(2026, 3, 2))

    def test_screens_get_what_can_be_sent(self):
        self._measure("systolic", 150)
        [trend] = self.patient.get_health_trends(
            [self.systolic.id], "2026-01-01", "2026-12-31"
        )
        [band] = trend["bands"]
        self.assertEqual((band["normal_low"], band["act_high"]), (90, 140))
        self.assertEqual(band["first"], date(2026, 1, 1))

    def test_names_follow_the_language_and_its_changes(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.systolic.update_field_translations("name", {"zh_CN": "收缩压甲"})
        self._measure("systolic", 150)
        patient = self.patient.with_context(lang="zh_CN")
        [trend] = patient._get_health_trends([self.systolic.id])
        self.assertEqual(trend["name"], "收缩压甲")
        self.systolic.update_field_translations("name", {"zh_CN": "收缩压乙"})
        [trend] = patient._get_health_trends([self.systolic.id])
        self.assertEqual(trend["name"], "收缩压乙")

    # two periods

    def _compare(self, *codes):
        return self.patient.with_user(self.user_clinician)._get_health_comparison(
            [self._indicator(code).id for code in codes],
            (date(2025, 1, 1), date(2025, 6, 30)),
            (date(2025, 7, 1), date(2025, 12, 31)),
        )

    def test_periods_are_compared_by_what_is_better(self):
        for code, before, after in (
            ("systolic", (160, 150), (138, 128)),
            ("hdl", (1.2, 1.4), (1.0, 1.1)),
            ("glucose_fasting", (5.0, 5.1), (5.0, 5.1)),
        ):
            for month, values in ((3, before), (9, after)):
                for day, value in enumerate(values, 1):
                    self._measure(code, value, datetime(2025, month, day, 2))
        systolic, hdl, glucose = self._compare("systolic", "hdl", "glucose_fasting")
        self.assertEqual((systolic["before"].mean, systolic["after"].mean), (155, 133))
        self.assertEqual((systolic["before"].count, systolic["change"]), (2, -22))
        self.assertEqual(
            (systolic["before"].out_share, systolic["after"].out_share), (1, 0.5)
        )
        self.assertIs(systolic["is_improved"], True)
        self.assertEqual(hdl["better"], "higher")
        self.assertIs(hdl["is_improved"], False)
        self.assertIsNone(glucose["is_improved"])

    def test_period_without_values_gives_no_verdict(self):
        self._measure("systolic", 150, datetime(2025, 8, 1))
        [systolic] = self._compare("systolic")
        self.assertEqual((systolic["before"].count, systolic["after"].count), (0, 1))
        self.assertIsNone(systolic["is_improved"])
        self.assertIsNone(systolic["change"])

    def test_periods_that_are_none_are_refused(self):
        good = ("2025-01-01", "2025-06-30")
        for bad in (("2025-07-01", "2025-06-01"), (False, "2025-06-01")):
            with self.assertRaises(UserError):
                self.patient.get_health_comparison([self.systolic.id], good, bad)

    # access

    def test_clinician_sees_the_patients_of_the_own_departments(self):
        stranger = self._make_patient("李四", mrn="T0002", birth_date="1970-01-01")
        self._measure("systolic", 150, patient_id=stranger.id)
        for user, count in ((self.user_clinician, 0), (self.user_health, 1)):
            [trend] = stranger.with_user(user)._get_health_trends([self.systolic.id])
            self.assertEqual(len(trend["points"]), count)
            choices = stranger.with_user(user).get_health_trend_choices()
            self.assertEqual(len(choices), count)

    def test_sensitive_numbers_do_not_exist_without_the_right(self):
        self._measure("systolic", 150)
        self.systolic.is_sensitive = True
        self.assertFalse(self._trends("systolic")[0]["points"])

    def test_others_get_nothing(self):
        self._measure("systolic", 150)
        for user in (
            self.user_plain,
            self.user_staff,
            self.user_officer,
            self.user_statistics,
        ):
            patient = self.patient.with_user(user)
            with self.assertRaises(AccessError, msg=user.login):
                patient.get_health_trends([self.systolic.id])
            with self.assertRaises(AccessError, msg=user.login):
                patient.get_health_trend_choices()

    def test_another_hospital_gets_nothing(self):
        self._measure("systolic", 150)
        company = self._make_company()
        user = self._make_health_user(
            "ph_elsewhere",
            "manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        with self.assertRaises(AccessError):
            self.patient.with_user(user)._get_health_trends([self.systolic.id])

    # price

    def test_two_queries_whatever_the_number_of_points_and_indicators(self):
        numbers = self.env["patient.indicator"].search(
            [("value_kind", "=", "number")], limit=30
        )
        self.env["patient.measurement"].create(
            [
                {
                    "patient_id": self.patient.id,
                    "indicator_id": indicator.id,
                    "effective_at": NOW - timedelta(days=30 * month),
                    "value": indicator.plausible_low + 1,
                    "origin": "exchange",
                }
                for indicator in numbers
                for month in range(120)
            ]
        )
        patient = self.patient.with_user(self.user_clinician)
        days = {"date_from": date(2016, 1, 1), "date_to": date(2026, 12, 31)}
        patient._get_health_trends(numbers.ids, **days)
        for ids in (numbers.ids[:1], numbers.ids):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(2):
                found = patient._get_health_trends(ids, **days)
            self.assertEqual(
                sum(len(trend["points"]) for trend in found), 120 * len(ids)
            )

    # Odoo's own graph

    def test_graph_leaves_months_without_a_value_out(self):
        for month in (1, 4):
            self._measure("systolic", 120 + month, datetime(2026, month, 10, 2))
        rows = (
            self.env["patient.measurement"]
            .with_context(fill_temporal=True)
            .formatted_read_group(
                [("patient_id", "=", self.patient.id)],
                ["effective_month:month", "indicator_id"],
                ["__count", "value:avg"],
            )
        )
        self.assertEqual([row["value:avg"] for row in rows], [121, 124])

    def test_counts_keep_months_without_a_value(self):
        for month in (1, 4):
            self._measure("systolic", 120, datetime(2026, month, 10, 2))
        rows = (
            self.env["patient.measurement"]
            .with_context(fill_temporal=True)
            .formatted_read_group(
                [("patient_id", "=", self.patient.id)],
                ["effective_month:month"],
                ["__count"],
            )
        )
        self.assertEqual([row["__count"] for row in rows], [1, 0, 0, 1])

    def test_charts_of_a_patient_keep_month_and_indicator(self):
        action = self.patient.with_user(self.user_clinician).action_view_measurements()
        self.assertNotIn("search_default_group_indicator", action["context"])
        views = {mode: view_id for view_id, mode in action["views"]}
        listed = self.env["ir.ui.view"].browse(views["list"])
        self.assertIn("default_group_by", listed.arch)
