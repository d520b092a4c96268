from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged, users

from ..common import NOW, PatientHealthCase


@tagged("post_install", "-at_install")
class TestMeasurementEntry(PatientHealthCase):
    """The grid that takes many values at one moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(datetime(2026, 3, 2, 2)))
        cls.vital = cls.env.ref("patient_health.patient_indicator_set_vital")
        cls.diabetes = cls.env.ref("patient_health.patient_indicator_set_diabetes")

    def _open(self, user=None, **values):
        values = {"patient_id": self.patient.id, "set_id": self.vital.id, **values}
        model = self.env["patient.measurement.entry"].with_user(
            user or self.user_clinician
        )
        return model.create(values)

    def _type(self, entry, **values):
        """Type values in the rows of indicators, by their codes."""
        for line in entry.line_ids:
            code = line.indicator_id.code
            if code in values:
                name = {"option": "option_id", "yes_no": "answer", "text": "text"}.get(
                    line.value_kind, "value"
                )
                line[name] = values[code]
        return entry

    def _line(self, entry, code):
        return entry.line_ids.filtered(lambda line: line.indicator_id.code == code)

    # what is proposed

    def test_visit_department_and_rows_are_proposed(self):
        entry = self._open()
        self.assertEqual(entry.encounter_id, self.encounter)
        self.assertEqual(entry.department_id, self.cardiology)
        self.assertEqual(entry.effective_at, datetime(2026, 3, 2, 2))
        self.assertEqual(entry.line_ids.indicator_id, self.vital.line_ids.indicator_id)

    def test_screen_of_the_menu_starts_empty_and_takes_a_patient(self):
        model = self.env["patient.measurement.entry"].with_user(self.user_clinician)
        form = Form(model, "patient_health.patient_measurement_entry_view_form")
        self.assertFalse(form.patient_id)
        self.assertEqual(form.set_id, self.vital)
        self.assertEqual(len(form.line_ids), len(self.vital.line_ids))
        form.patient_id = self.patient.with_user(self.user_clinician)
        self.assertEqual(form.encounter_id, self.encounter)
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.range_label, "90–129")
            line.value = 150
            self.assertEqual((line.level, line.side), ("act", "high"))
            line.value = 1500
            self.assertEqual(line.level, "implausible")
            line.value = 120
            self.assertEqual((line.level, line.side), ("normal", False))
        form.set_id = self.diabetes.with_user(self.user_clinician)
        entry = form.save()
        self.assertEqual(self._line(entry, "systolic").value, 120)
        self.assertTrue(self._line(entry, "hba1c"))
        self.assertFalse(self._line(entry, "respiration"))

    def test_patients_are_found_by_two_characters_or_the_telephone(self):
        other = self._make_patient("张伟民", mrn="T0003", phone="13900005678")
        entry = self._open(patient_id=False)
        for text, found in (
            ("张伟", self.patient + other),
            ("zwm", other),
            ("1234", self.patient),
            ("T0003", other),
            ("张", self.patient.browse()),
            (" ", self.patient.browse()),
        ):
            entry.who = text
            self.assertEqual(set(entry.candidate_ids), set(found), text)

    def test_filled_rows_stay_when_another_set_is_chosen(self):
        entry = self._type(self._open(), temperature=37.5)
        entry.set_id = self.diabetes
        self.assertEqual(self._line(entry, "temperature").value, 37.5)
        self.assertEqual(entry.line_ids[-1].indicator_id.code, "temperature")
        self.assertFalse(self._line(entry, "pulse"))

    def test_last_value_and_range_are_told(self):
        self._measure("systolic", 128, NOW - timedelta(days=90))
        self._measure("systolic", 132, NOW - timedelta(days=30))
        self._measure("systolic", 199, NOW + timedelta(days=1))
        line = self._line(self._open(), "systolic")
        self.assertEqual(line.last_label, "132 mmHg · 01/31/2026")
        self.assertEqual(line.range_label, "90–129")
        self.assertEqual(
            line.range_help,
            "Normal: 90–129 mmHg; Act: ≤ 80 or ≥ 140 mmHg; Act Now: ≤ 70 or ≥ 180 mmHg",
        )

    def test_range_is_that_of_sex_and_age(self):
        line = self._line(self._open(set_id=self.diabetes.id), "waist")
        self.assertEqual(line.range_label, "≤ 84.9")
        self.patient.gender = "female"
        line.invalidate_recordset()
        self.assertEqual(line.range_label, "≤ 79.9")

    # saving

    def test_values_are_saved_together_and_others_follow(self):
        self._measure("height", 175, NOW - timedelta(days=300))
        entry = self._open(set_id=self.diabetes.id)
        smoker = self._indicator("smoking").option_ids.filtered(
            lambda option: option.code == "77176002"
        )
        self._type(entry, systolic=150, weight=70, smoking=smoker.id)
        entry.action_save()
        found = {
            one.indicator_id.code: one
            for one in self.patient.measurement_ids
            if one.indicator_id.code != "height"
        }
        self.assertEqual(set(found), {"systolic", "weight", "smoking", "bmi"})
        self.assertEqual(found["smoking"].option_id, smoker)
        self.assertEqual(found["bmi"].origin, "derived")
        systolic = found["systolic"]
        self.assertEqual(systolic.encounter_id, self.encounter)
        self.assertEqual(systolic.department_id, self.cardiology)
        self.assertEqual(systolic.origin, "hand")
        self.assertEqual(systolic.effective_at, entry.effective_at)

    def test_zero_is_a_value_and_empty_is_none(self):
        entry = self._type(self._open(), pain=0)
        entry.action_save()
        [pain] = self.patient.measurement_ids
        self.assertEqual((pain.indicator_id.code, pain.value), ("pain", 0))
        self.assertIsNot(pain.value, False)

    def test_second_click_saves_nothing_again(self):
        entry = self._type(self._open(), systolic=120)
        entry.action_save()
        entry.action_save()
        entry.action_save_next()
        self.assertEqual(len(self.patient.measurement_ids), 1)

    def test_what_has_to_be_done_is_said(self):
        entry = self._type(self._open(), systolic=185, pulse=70)
        params = entry.action_save_next()["params"]
        self.assertEqual(params["type"], "warning")
        self.assertIn("185 mmHg", params["message"])
        self.assertNotIn("70", params["message"])
        self.assertEqual(params["next"]["context"], {"default_set_id": self.vital.id})

    def test_from_a_patient_and_from_a_visit(self):
        for record in (self.patient, self.encounter):
            action = record.with_user(self.user_clinician).action_enter_measurements()
            model = self.env["patient.measurement.entry"].with_user(self.user_clinician)
            entry = model.with_context(**action["context"]).create({})
            self.assertEqual(entry.patient_id, self.patient)
            self.assertEqual(entry.encounter_id, self.encounter)
            self.assertTrue(entry.is_for_one)

    # refusals

    def test_nothing_typed_is_refused(self):
        with self.assertRaises(UserError) as caught:
            self._open().action_save()
        self.assertIn("no value", str(caught.exception))

    def test_implausible_rows_are_all_named_and_nothing_is_saved(self):
        entry = self._type(self._open(), systolic=1200, pulse=72, temperature=380)
        with self.assertRaises(UserError) as caught:
            entry.action_save()
        for words in ("Systolic", "1200 mmHg", "Body Temperature", "380.0 °C", "张伟"):
            self.assertIn(words, str(caught.exception))
        self.assertNotIn("Heart Rate", str(caught.exception))
        self.assertFalse(self.patient.measurement_ids)
        self._type(entry, systolic=120, temperature=38).action_save()
        self.assertEqual(len(self.patient.measurement_ids), 3)

    def test_without_a_patient_nothing_is_saved(self):
        entry = self._type(self._open(patient_id=False), systolic=120)
        with self.assertRaises(UserError) as caught:
            entry.action_save()
        self.assertIn("patient", str(caught.exception))

    def test_time_to_come_and_before_birth_is_refused(self):
        for moment, word in (
            (datetime(2026, 3, 3), "future"),
            (datetime(1950, 1, 1), "birth"),
        ):
            entry = self._type(self._open(effective_at=moment), systolic=120)
            with self.assertRaises(UserError) as caught:
                entry.action_save()
            self.assertIn(word, str(caught.exception))
        self.assertFalse(self.patient.measurement_ids)

    def test_visit_of_somebody_else_is_refused(self):
        stranger = self._make_patient("李四", mrn="T0002")
        entry = self._open(user=self.user_health)
        entry.patient_id = stranger
        self.assertFalse(entry.encounter_id)

    # access

    def test_patients_of_other_departments_are_refused(self):
        stranger = self._make_patient("李四", mrn="T0002")
        entry = self._type(self._open(patient_id=stranger.id), systolic=120)
        with self.assertRaises(AccessError):
            entry.action_save()
        self._type(
            self._open(user=self.user_health, patient_id=stranger.id), systolic=121
        ).action_save()
        self.assertEqual(stranger.measurement_ids.value, 121)

    def test_others_open_no_grid(self):
        for user in (self.user_staff, self.user_officer, self.user_statistics):
            with self.assertRaises(AccessError, msg=user.login):
                self._open(user=user)

    # queries

    @users("ph_manager")
    def test_as_many_queries_for_a_check_up_as_for_one_value(self):
        # as many as one row needs, whatever the number of rows
        checkup = self.env.ref("patient_health.patient_indicator_set_checkup")
        # values that ask for nothing: duties have tests of their own
        usual = {
            "pulse": 70,
            "systolic": 120,
            "diastolic": 80,
            "alt": 30,
            "ast": 30,
            "urea": 5,
            "creatinine": 70,
        }
        entries = [  # the first warms up
            self._type(
                self._open(user=self.env.user, set_id=checkup.id),
                **{code: usual[code] for code in codes},
            )
            for codes in (
                ["pulse"],
                ["pulse"],
                ["pulse", "systolic", "diastolic", "alt", "ast", "urea", "creatinine"],
            )
        ]
        self.env.flush_all()
        counts = []
        for entry in entries:
            self.env.invalidate_all()
            entry.line_ids.mapped("value")
            before = self.env.cr.sql_log_count
            entry._save()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        # creatinine brings the filtration rate: one more batch
        self.assertLessEqual(counts[2], counts[1] + 5, counts)

    @users("ph_manager")
    def test_rows_know_their_last_value_in_two_queries(self):
        checkup = self.env.ref("patient_health.patient_indicator_set_checkup")
        for code in ("pulse", "systolic", "alt", "ast"):
            self._measure(code, 60, NOW - timedelta(days=3))
        entry = self._open(user=self.env.user, set_id=checkup.id)
        self.env.flush_all()
        indicators = entry.line_ids.indicator_id
        entry._get_last_values(indicators)  # warms up
        self.env["patient.measurement"].invalidate_model()
        with self.assertQueryCount(2):
            entry._get_last_values(indicators)
