from datetime import datetime, timedelta

from stdnum.cn import ric

from odoo.tests import tagged

from ..common import NOW
from .common import DAY, ReportCase


@tagged("post_install", "-at_install")
class TestReportContent(ReportCase):
    """What a report tells, issued by a nurse of the department."""

    @classmethod
    def _issue(cls, patient=None, user=None, **values):
        return super()._issue(patient, user or cls.user_nurse, **values)

    def test_identity_without_the_identity_number(self):
        number = "11010519600501003"
        number += ric.calc_check_digit(f"{number}0")
        self.patient.with_user(self.user_manager).national_id = number
        report = self._issue()
        facts = dict(report.content["patient"])
        self.assertEqual(facts["Full Name"], "张伟")
        self.assertEqual((facts["Record No."], facts["Age"]), ("T0001", "65"))
        self.assertEqual(facts["Birth Date"], "05/01/1960")
        self.assertNotIn(number[6:], str(report.content))
        self.assertNotIn(number[-4:], str(report.content["patient"]))

    def test_a_patient_without_values_gets_a_sentence(self):
        report = self._issue()
        self.assertIn("holds no values of 张伟", report.content["notice"])
        self.assertIsNone(self._get_section(report, "trends"))
        self._measure("systolic", 120)
        self.assertEqual(self._issue().content["notice"], "")
        # of another time
        early = self._issue(date_from="2020-01-01", date_to="2020-12-31")
        self.assertIn("holds no values", early.content["notice"])

    def test_values_that_were_left_out_are_not_denied(self):
        self._measure("systolic", 150)
        conditions = self.env.ref(
            "patient_health.patient_health_report_section_conditions"
        )
        report = self._issue(section_ids=[(6, 0, conditions.ids)])
        self.assertEqual(report.content["notice"], "")
        self.assertEqual(report.content["sections"], [])

    def test_course_of_the_years_with_its_band_in_words(self):
        self._measure_years("systolic", 168, 150, 128)
        self._measure("weight", 70.5)
        report = self._issue()
        blocks = self._get_section(report, "trends")["blocks"]
        self.assertEqual(
            [block["title"] for block in blocks],
            ["Weight (kg)", "Systolic Blood Pressure (mmHg)"],
        )
        trend = blocks[1]["trend"]
        self.assertEqual([one["value"] for one in trend["points"]], [168, 150, 128])
        self.assertTrue(trend["bands"])
        text = blocks[1]["texts"][0]
        self.assertIn("3 values, from 168 (01/01/2026) to 128 (03/02/2026)", text)
        self.assertIn("Normal:", text)
        self.assertIn("One value: 70.5 (03/02/2026).", blocks[0]["texts"][0])

    def test_a_long_course_is_thinned(self):
        self.env["patient.measurement"].create(
            [
                {
                    "patient_id": self.patient.id,
                    "indicator_id": self.systolic.id,
                    "effective_at": NOW - day * DAY,
                    "value": 110 + day % 17,
                }
                for day in range(400)
            ]
        )
        [block] = self._get_section(self._issue(), "trends")["blocks"]
        self.assertLessEqual(len(block["trend"]["points"]), 60)
        self.assertIn("400 values", block["texts"][0])

    def test_abnormal_values_in_words(self):
        self._measure("glucose_fasting", 2.5, NOW - DAY)
        self._measure_years("systolic", 145, 150, 192, 146, 147, 148)
        words = self._get_words(self._issue(), "abnormal")
        band = self.systolic._get_facts().choose_band(
            "male", self.patient.birth_date, NOW.date()
        )
        self.assertIn(
            f"03/02/2026: 148 mmHg, {148 - band.normal_high:.0f} above the normal range",
            words,
        )
        self.assertIn("192 mmHg", words, "the worst is told, however old")
        self.assertIn("out of range in this period: 3.", words)
        self.assertIn("call the hospital now", words)
        self.assertIn("2.5 mmol/L", words)
        self.assertIn("below the normal range", words)

    def test_normal_values_are_no_matter(self):
        self._measure("systolic", 118)
        self.assertIsNone(self._get_section(self._issue(), "abnormal"))

    def test_conditions_once_each_and_no_refuted_ones(self):
        self.env["patient.condition"].create(
            [
                {
                    "encounter_id": self.encounter.id,
                    "code": code,
                    "name": name,
                    "verification_status": status,
                    "onset_at": datetime(2024, 5, 1),
                }
                for code, name, status in (
                    ("I10", "高血压", "confirmed"),
                    ("I10", "高血压", "confirmed"),
                    ("E11", "2型糖尿病", "provisional"),
                    ("C34", "肺癌", "refuted"),
                    ("C50", "乳腺癌", "differential"),
                )
            ]
        )
        [block] = self._get_section(self._issue(), "conditions")["blocks"]
        self.assertEqual(len(block["rows"]), 2)
        self.assertIn("Provisional", str(block["rows"]))
        self.assertNotIn("癌", str(block))

    def test_every_point_of_a_score_is_explained(self):
        stay = self.env["patient.encounter"].create(
            {
                "patient_id": self.patient.id,
                "encounter_class": "IMP",
                "status": "finished",
                "department_id": self.cardiology.id,
                "started_at": NOW - 9 * DAY,
                "ended_at": NOW - 4 * DAY,
            }
        )
        score = self.env.ref("patient_health.patient_score_lace")
        assessment = score._assess_one(self.patient, stay, assessed_at=NOW)
        [block] = self._get_section(self._issue(), "scores")["blocks"]
        self.assertEqual(len(block["rows"]), len(assessment.line_ids))
        self.assertEqual(sum(int(row[2]) for row in block["rows"]), assessment.total)
        self.assertIn(f"{assessment.total} points, of 0 to 19", block["texts"][0])
        self.assertIn(assessment.band_id.name, block["texts"][0])
        self.assertTrue(all(row[0] and row[3] for row in block["rows"]))

    def test_advice_with_goal_and_result(self):
        self._measure("systolic", 160, NOW - 40 * DAY)
        advice = self.env["patient.intervention"].create(
            {
                "patient_id": self.patient.id,
                "template_id": self.env.ref(
                    "patient_health.patient_intervention_template_salt"
                ).id,
                "date_start": (NOW - 30 * DAY).date(),
            }
        )
        advice.action_activate()
        self._measure("systolic", 128, NOW - DAY)
        words = self._get_words(self._issue(), "interventions")
        self.assertIn("Eat less salt", words)
        self.assertIn("Goal: Systolic Blood Pressure", words)
        self.assertIn("160 mmHg → 128 mmHg", words)

    def test_medicines_with_the_days_that_were_covered(self):
        self.env["patient.medication.supply"].create(
            {
                "patient_id": self.patient.id,
                "name": "氨氯地平",
                "days": 7,
                "dispensed_on": "2026-02-21",
            }
        )
        [block] = self._get_section(self._issue(), "medicines")["blocks"]
        self.assertEqual(block["rows"], [["氨氯地平", "02/21/2026", "7 / 10"]])

    def test_next_dates_as_a_patient_may_read_them(self):
        self._measure("systolic", 150)  # starts nothing that tells more than its name
        self.env["patient.health.duty"].create(
            {
                "patient_id": self.patient.id,
                "summary": "家属难缠，谨慎沟通",
                "department_id": self.cardiology.id,
            }
        )
        self.env["patient.encounter"].create(
            {
                "patient_id": self.patient.id,
                "status": "planned",
                "planned_at": NOW + 7 * DAY,
                "department_id": self.cardiology.id,
                "reason": "内部备注",
            }
        )
        self.env["calendar.event"].create(
            {
                "name": "内部病例讨论",
                "patient_id": self.patient.id,
                "start": NOW + 9 * DAY,
                "stop": NOW + 9 * DAY + timedelta(hours=1),
            }
        )
        words = self._get_words(self._issue(), "dates")
        self.assertIn("心内科", words)
        self.assertIn("Outpatient", words)
        self.assertIn("Appointment", words)
        self.assertIn("The department will contact you", words)
        for secret in ("难缠", "内部"):
            self.assertNotIn(secret, words)

    def test_the_signed_summary_of_the_period(self):
        summaries = self.env["patient.health.summary"].with_user(self.user_nurse)
        summary = summaries.create(
            {"patient_id": self.patient.id, "body": "<p>好转，<b>继续</b>用药</p>"}
        )
        self.assertIsNone(self._get_section(self._issue(), "summary"))
        summary.action_sign()
        words = self._get_words(self._issue(), "summary")
        self.assertIn("Signed by 赵护士", words)
        self.assertIn("好转，继续用药", words)
        self.assertNotIn("<b>", words)

    def test_sensitive_facts_only_where_they_were_ticked(self):
        self.systolic.is_sensitive = True
        self._measure("systolic", 190)
        for user, ticked, told in (
            (self.user_nurse, False, False),
            (self.user_mind, False, False),
            (self.user_mind, True, True),
        ):
            values = {"is_sensitive": True} if ticked else {}
            report = self._issue(user=user, **values)
            self.assertEqual(
                "190" in self._get_words(report), told, (user.login, ticked)
            )
            self.assertEqual(report.is_sensitive, ticked)

    def test_a_section_of_another_addon_is_a_row_and_a_method(self):
        section = self.env["patient.health.report.section"].create(
            {"name": "Follow-up", "code": "followup", "sequence": 5}
        )
        model = type(self.reports)
        model._get_report_section_followup = lambda report: [
            {"title": "Next call", "texts": [f"{report.patient_id.name}: Monday"]}
        ]
        self.addCleanup(delattr, model, "_get_report_section_followup")
        self.assertTrue(section.is_default)
        report = self._issue()
        self.assertEqual(report.content["sections"][0]["code"], "followup")
        self.assertIn("张伟: Monday", self._get_words(report))

    def test_the_language_is_chosen_on_the_report(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.systolic.with_context(lang="zh_CN").name = "收缩压"
        self._measure("systolic", 120)
        chinese, english = (self._issue(lang=lang) for lang in ("zh_CN", "en_US"))
        self.assertIn("收缩压", self._get_words(chinese))
        self.assertTrue(chinese.content["made_on"].startswith("2026"))
        self.assertIn("Systolic", self._get_words(english))
