from datetime import datetime, timedelta

from odoo.tests import tagged

from .score_common import ADMITTED, DISCHARGED, ICD10, SNOMED, ScoreCase

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@tagged("post_install", "-at_install")
class TestFacts(ScoreCase):
    """What the record knows of the items of a score."""

    # visits

    def test_days_of_stay_are_nights_on_the_calendar_of_the_hospital(self):
        self.assertEqual(self._get_values(self.lace, self.stay)["stay_days"], 5)
        for started_at, ended_at, days in (
            # 23:00 and 01:00 in Shanghai
            (datetime(2026, 3, 1, 15), datetime(2026, 3, 1, 17), 1),
            (datetime(2026, 3, 1, 17), datetime(2026, 3, 2, 15, 59), 0),
        ):
            stay = self._make_stay(started_at=started_at, ended_at=ended_at)
            self.assertEqual(self._get_values(self.lace, stay)["stay_days"], days)

    def test_stay_without_an_end_has_no_length(self):
        stay = self._make_stay(ended_at=False, status="in_progress")
        self.assertNotIn("stay_days", self._get_values(self.lace, stay))

    def test_emergency_visit_that_led_to_the_stay_does_not_count(self):
        self._make_emergency(3 * HOUR)
        facts = self._get_facts(self.lace, self.stay)
        self.assertEqual(facts["emergency"][0], "yes")
        self.assertIn("Emergency visit on", facts["emergency"][1])
        self.assertEqual(facts["emergency_visits"][0], 0)

    def test_only_the_last_emergency_visit_led_to_the_stay(self):
        self._make_emergency(3 * HOUR)
        self._make_emergency(20 * HOUR)
        self._make_emergency(40 * DAY)
        values = self._get_values(self.lace, self.stay)
        self.assertEqual((values["emergency"], values["emergency_visits"]), ("yes", 2))

    def test_long_emergency_visit_leads_to_the_stay_by_its_end(self):
        self._make_emergency(40 * HOUR, hours=39)
        values = self._get_values(self.lace, self.stay)
        self.assertEqual((values["emergency"], values["emergency_visits"]), ("yes", 0))

    def test_emergency_visits_of_six_months_before(self):
        edge = ADMITTED - datetime(2025, 9, 2, 2)
        for before, status in (
            (edge, "finished"),
            (edge + HOUR, "finished"),
            (60 * DAY, "finished"),
            (60 * DAY, "cancelled"),
            (60 * DAY, "planned"),
            (-DAY, "finished"),
        ):
            self._make_emergency(before, status=status)
        facts = self._get_facts(self.lace, self.stay)
        self.assertEqual(facts["emergency"][0], "no")
        self.assertEqual(facts["emergency_visits"][0], 2)
        self.assertIn("6 months before", facts["emergency_visits"][1])

    def test_visits_of_others_do_not_count(self):
        stranger = self._make_patient("李四")
        self._make_emergency(3 * HOUR, patient=stranger)
        self._make_emergency(30 * DAY, patient=stranger)
        values = self._get_values(self.lace, self.stay)
        self.assertEqual((values["emergency"], values["emergency_visits"]), ("no", 0))

    def test_emergency_visit_is_an_urgent_one_itself(self):
        visit = self._make_emergency(30 * DAY)
        values = self._get_values(self.lace, visit)
        self.assertEqual((values["emergency"], values["emergency_visits"]), ("yes", 0))

    def test_admissions_of_the_year_before_without_the_stay_itself(self):
        score = self._score("hospital")
        for days in (10, 200, 364, 366):
            start = ADMITTED - days * DAY
            self._make_stay(started_at=start, ended_at=start + DAY)
        self.assertEqual(self._get_values(score, self.stay)["admissions"], 3)

    # diagnoses

    def test_index_weighs_diseases_and_names_them(self):
        self._diagnose("I50.9")
        self._diagnose("E11.9")
        self._diagnose("E11.2")
        value, origin = self._get_facts(self.lace, self.stay)["charlson"]
        self.assertEqual(value, 4)  # heart failure 2, diabetes with organ damage 2
        for words in ("Congestive Heart Failure 2: I50.9", "E11.2", "since"):
            self.assertIn(words, origin)
        self.assertNotIn("E11.9", origin)

    def test_index_without_diseases_is_zero_and_says_so(self):
        value, origin = self._get_facts(self.lace, self.stay)["charlson"]
        self.assertEqual(value, 0)
        self.assertIn("No comorbidity", origin)

    def test_index_reads_snomed(self):
        self._diagnose("88805009", code_system=SNOMED)
        self._diagnose("26929004", code_system=SNOMED)
        self.assertEqual(self._get_values(self.lace, self.stay)["charlson"], 5)

    def test_diagnosis_counts_when_confirmed_and_known_at_the_end_of_the_stay(self):
        later = DISCHARGED + 30 * DAY
        for values in (
            {"verification_status": "refuted"},
            {"verification_status": "provisional"},
            {"onset_at": later},
            {"onset_at": False, "recorded_on": later.date()},
            {"code_system": "http://hl7.org/fhir/sid/icd-9-cm"},
        ):
            self._diagnose("I50.9", **values)
        self.assertEqual(self._get_values(self.lace, self.stay)["charlson"], 0)
        # coded after the discharge, but as a diagnosis of the stay
        self._diagnose(
            "I50.9",
            onset_at=False,
            recorded_on=later.date(),
            encounter_id=self.stay.id,
        )
        self.assertEqual(self._get_values(self.lace, self.stay)["charlson"], 2)

    def test_disease_of_the_past_counts_unless_the_item_says_otherwise(self):
        self._diagnose("I21.9", clinical_status="resolved")
        self.assertEqual(self._get_values(self.lace, self.stay)["charlson"], 1)
        draft = self.lace.copy()
        item = draft.item_ids.filtered(lambda one: one.code == "charlson")
        item.only_active = True
        self.assertEqual(self._get_values(draft, self.stay)["charlson"], 0)
        self._diagnose("I22.0")
        self.assertEqual(self._get_values(draft, self.stay)["charlson"], 1)

    def test_diagnosis_typed_without_a_catalogue_is_icd10(self):
        score = self._score("cha2ds2_va")
        self._diagnose("i10", code_system=False)
        values = self._get_values(score, self.patient)
        self.assertEqual(values["hypertension"], "yes")
        self.assertEqual(values["stroke"], "no")

    def test_absence_says_no_only_where_the_record_can_know(self):
        score = self._score("findrisc")
        self.assertNotIn("high_glucose", self._get_values(score, self.patient))
        self._diagnose("15777000", code_system=SNOMED)
        self.assertEqual(self._get_values(score, self.patient)["high_glucose"], "yes")

    # the patient

    def test_age_in_full_years_on_the_day(self):
        score = self._score("findrisc")
        for moment, age in (
            # the birthday begins at 16:00 UTC
            (datetime(2026, 4, 30, 15, 59), 65),
            (datetime(2026, 4, 30, 16), 66),
        ):
            facts = self._get_facts(score, self.patient, moment)
            self.assertEqual(facts["age"][0], age)
        self.assertIn("Born on", facts["age"][1])

    def test_unknown_age_and_sex_are_left_to_be_asked(self):
        score = self._score("findrisc")
        self.patient.write({"birth_date": False, "gender": "other"})
        values = self._get_values(score, self.patient)
        self.assertNotIn("age", values)
        self.assertNotIn("sex", values)

    # measurements

    def test_latest_measurement_that_is_not_too_old(self):
        score = self._score("china_bmi")
        moment = datetime(2026, 3, 2, 8)
        for value, when in (
            (20, moment - 366 * DAY),
            (25, moment - 300 * DAY),
            (29, moment + HOUR),
        ):
            self._measure("bmi", value, when)
        facts = self._get_facts(score, self.patient, moment)
        self.assertEqual(facts["bmi"][0], 25)
        self.assertIn("Body Mass Index on", facts["bmi"][1])
        later = self._get_values(score, self.patient, moment + 70 * DAY)
        self.assertEqual(later["bmi"], 29)
        self.assertNotIn(
            "bmi", self._get_values(score, self.patient, moment + 400 * DAY)
        )

    def test_corrected_measurement_does_not_count(self):
        score = self._score("china_bmi")
        moment = datetime(2026, 3, 2, 8)
        self._measure("bmi", 25, moment)._correct({"value": 31}, "看错")
        self.assertEqual(self._get_values(score, self.patient, moment)["bmi"], 31)

    def test_measurement_comes_in_the_unit_of_the_score(self):
        self._measure("haemoglobin", 119, DISCHARGED - DAY)
        values = self._get_values(self._score("hospital"), self.stay)
        self.assertEqual(values["haemoglobin"], 11.9)
        self.assertNotIn("sodium", values)

    def test_value_at_discharge_is_of_the_stay(self):
        self._measure("sodium", 130, DISCHARGED + DAY)
        self._measure("sodium", 140, DISCHARGED - DAY)
        values = self._get_values(self._score("hospital"), self.stay)
        self.assertEqual(values["sodium"], 140)

    def test_sensitive_measurement_is_for_those_who_may_see_it(self):
        score = self._score("china_bmi")
        moment = datetime(2026, 3, 2, 8)
        self._measure("bmi", 25, moment)
        self._indicator("bmi").is_sensitive = True
        as_clinician = score.with_user(self.user_clinician)
        self.assertNotIn("bmi", self._get_values(as_clinician, self.patient, moment))
        as_mind = score.with_user(self.user_mind)
        self.assertEqual(self._get_values(as_mind, self.patient, moment)["bmi"], 25)

    def test_class_of_the_visit(self):
        score = self.env["patient.score"].create(
            {
                "name": "轻重",
                "code": "setting",
                "source": "医院自定",
                "licence_note": "医院自有",
                "min_total": 0,
                "max_total": 1,
                "item_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "就诊类型",
                            "code": "setting",
                            "kind": "choice",
                            "fact": "encounter_class",
                            "option_ids": [
                                (0, 0, {"code": "AMB", "name": "门诊", "points": 0}),
                                (0, 0, {"code": "IMP", "name": "住院", "points": 1}),
                            ],
                        },
                    )
                ],
            }
        )
        self.assertEqual(self._get_values(score, self.stay), {"setting": "IMP"})
        self.assertEqual(self._get_values(score, self.patient), {})

    def test_icd10_of_the_national_edition_matches_by_its_beginning(self):
        self._diagnose("E11.900x001", code_system=f"{ICD10}-cn")
        self.assertEqual(self._get_values(self.lace, self.stay)["charlson"], 1)
