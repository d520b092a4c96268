from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..common import PatientRelationsCase


@tagged("post_install", "-at_install")
class TestPatientEncounter(PatientRelationsCase):
    def _make_visit(self, **values):
        values = {"patient_id": self.patient.id, **values}
        return self.env["patient.encounter"].create(values)

    # durations

    def test_waiting_is_from_arrival_to_the_call(self):
        self.assertEqual(self.encounter.wait_minutes, 30)

    def test_waiting_without_a_call_is_until_the_start(self):
        self.encounter.called_at = False
        self.assertEqual(self.encounter.wait_minutes, 35)

    def test_unknown_waiting_is_none(self):
        for values in (
            {},
            {"arrived_at": "2026-03-02 01:00:00"},
            {"started_at": "2026-03-02 01:00:00"},
            {"arrived_at": "2026-03-02 02:00:00", "started_at": "2026-03-02 01:00:00"},
        ):
            self.assertEqual(self._make_visit(**values).wait_minutes, 0)

    def test_a_stay_is_counted_for_inpatients(self):
        times = {"started_at": "2026-03-02 01:00:00", "ended_at": "2026-03-05 13:00:00"}
        self.assertEqual(
            self._make_visit(encounter_class="IMP", **times).stay_days, 3.5
        )
        self.assertEqual(self._make_visit(encounter_class="AMB", **times).stay_days, 0)

    def test_averages_leave_out_what_is_unknown(self):
        self._make_visit(department_id=self.cardiology.id)
        self._make_visit(
            department_id=self.cardiology.id,
            arrived_at="2026-03-02 01:00:00",
            called_at="2026-03-02 01:10:00",
        )
        self._make_visit(
            encounter_class="IMP",
            department_id=self.surgery.id,
            started_at="2026-03-02 01:00:00",
            ended_at="2026-03-04 01:00:00",
        )
        encounters = self.env["patient.encounter"].with_user(self.user_officer)
        aggregates = ["wait_minutes:avg", "stay_days:avg", "__count"]
        rows = encounters.formatted_read_group([], ["department_id"], aggregates)
        found = {
            row["department_id"][0]: (row["wait_minutes:avg"], row["stay_days:avg"])
            for row in rows
        }
        self.assertEqual(found[self.cardiology.id][0], 20)
        self.assertFalse(found[self.cardiology.id][1])
        self.assertEqual(found[self.surgery.id][1], 2)
        self.assertFalse(found[self.surgery.id][0])
        # what the pivot asks
        sets = encounters.formatted_read_grouping_sets(
            [], [["department_id"], []], aggregates
        )
        self.assertEqual(sets[1][0]["wait_minutes:avg"], 20)
        self.assertEqual(sets[1][0]["stay_days:avg"], 2)
        self.assertEqual(sets[1][0]["__count"], 4)

    # months and order

    def test_the_month_turns_at_midnight_in_shanghai(self):
        for moment, month in (
            ("2026-02-28 15:59:59", date(2026, 2, 1)),
            ("2026-02-28 16:00:00", date(2026, 3, 1)),
            ("2026-12-31 15:59:59", date(2026, 12, 1)),
            ("2026-12-31 16:00:00", date(2027, 1, 1)),
        ):
            visit = self._make_visit(started_at=moment)
            self.assertEqual(visit.start_month, month, moment)
        self.user_officer.tz = "America/New_York"
        visit = (
            self.env["patient.encounter"]
            .with_user(self.user_officer)
            .create(
                {"patient_id": self.patient.id, "started_at": "2026-02-28 16:00:00"}
            )
        )
        self.assertEqual(visit.start_month, date(2026, 3, 1))

    def test_another_hospital_counts_in_its_own_zone(self):
        company = self._make_company()
        company.partner_id.tz = "Europe/London"
        patient = self._make_patient("外院", company_id=company.id)
        visit = self._make_visit(
            patient_id=patient.id, started_at="2026-02-28 16:00:00"
        )
        self.assertEqual(visit.start_month, date(2026, 2, 1))

    def test_a_visit_begins_with_the_first_that_is_known(self):
        visit = self._make_visit(planned_at="2026-03-09 01:00:00")
        self.assertEqual(visit.begins_at, datetime(2026, 3, 9, 1))
        for field, hour in (("arrived_at", 2), ("called_at", 3), ("started_at", 4)):
            visit[field] = datetime(2026, 3, 9, hour)
            self.assertEqual(visit.begins_at, datetime(2026, 3, 9, hour))
        nothing = self._make_visit()
        self.assertFalse(nothing.begins_at)
        self.assertFalse(nothing.start_month)

    @mute_logger("odoo.sql_db")
    def test_times_that_cannot_be(self):
        with self.assertRaises(IntegrityError):
            self._make_visit(
                started_at="2026-03-02 01:00:00", ended_at="2026-03-02 00:00:00"
            )
        with self.assertRaisesRegex(ValidationError, "called before arriving"):
            self._make_visit(
                arrived_at="2026-03-02 01:00:00", called_at="2026-03-02 00:00:00"
            )

    # names, diagnoses, source

    def test_the_name_says_when_and_where_and_not_who(self):
        self.assertEqual(
            self.encounter.display_name, "03/02/2026 · 心内科 · Outpatient"
        )
        unmapped = self._make_visit(department_text="神经外科门诊", name="V9")
        self.assertEqual(unmapped.display_name, "神经外科门诊 · Outpatient · V9")
        self.assertNotIn(self.patient.name, self.encounter.display_name)

    def test_diagnoses_belong_to_the_patient_of_the_visit(self):
        self.encounter.condition_ids = [
            Command.create({"name": "高血压", "code": "I10"}),
            Command.create({"name": "冠心病", "code": "I25"}),
        ]
        conditions = self.encounter.condition_ids
        self.assertEqual(conditions.patient_id, self.patient)
        self.assertEqual(conditions.department_id, self.cardiology)
        self.assertEqual(conditions.company_id, self.company)
        self.assertIn("高血压", self.encounter.diagnosis_text)
        self.assertEqual(conditions[0].display_name.split()[0], conditions[0].code)
        other = self._make_patient("李娜")
        with self.assertRaisesRegex(ValidationError, "another patient"):
            conditions[0].patient_id = other
        self.encounter.patient_id = other
        self.assertEqual(conditions.patient_id, other)

    def test_diagnoses_are_entered_in_the_form_of_a_visit(self):
        form = Form(self.env["patient.encounter"].with_user(self.user_officer))
        form.patient_id = self.patient
        with form.condition_ids.new() as line:
            line.name = "感冒"
        visit = form.save()
        self.assertEqual(visit.condition_ids.patient_id, self.patient)

    @mute_logger("odoo.sql_db")
    def test_a_visit_of_a_source_comes_once(self):
        source = {"source_system": "HIS", "source_id": "1"}
        self._make_visit(**source)
        with self.assertRaises(IntegrityError):
            self._make_visit(**source)
        self._make_visit(source_system="PACS", source_id="1")
        foreign = self._make_patient("外院", company_id=self._make_company().id)
        self._make_visit(patient_id=foreign.id, **source)

    # in the patient's file

    def test_the_last_visit_is_one_that_took_place(self):
        self.assertEqual(self.patient.last_encounter_id, self.encounter)
        for status in ("planned", "cancelled", "entered_in_error"):
            self._make_visit(status=status, started_at="2026-04-01 01:00:00")
        self.patient.invalidate_recordset()
        self.assertEqual(self.patient.last_encounter_id, self.encounter)
        self.assertEqual(self.patient.encounter_count, 4)
        newer = self._make_visit(status="arrived", arrived_at="2026-03-03 01:00:00")
        other = self._make_patient("李娜")
        self._make_visit(
            patient_id=other.id, status="finished", started_at="2026-03-03 01:00:00"
        )
        self.patient.invalidate_recordset()
        self.assertEqual(self.patient.last_encounter_id, newer)
        self.assertEqual(other.last_encounter_id.patient_id, other)

    def test_smart_buttons_open_what_they_count(self):
        patient = self.patient.with_user(self.user_officer)
        action = patient.action_open_encounters()
        self.assertEqual(
            self.env["patient.encounter"].search(action["domain"]), self.encounter
        )
        self.assertEqual(action["context"]["default_patient_id"], patient.id)
        department = self.cardiology.with_user(self.user_staff)
        self.assertEqual(department.encounter_count, 1)
        action = department.action_open_encounters()
        self.assertEqual(
            self.env["patient.encounter"].search(action["domain"]), self.encounter
        )

    @freeze_time("2026-03-02 01:00:00")
    def test_the_calendar_asks_for_a_range(self):
        found = self.env["patient.encounter"].search(
            [
                ("begins_at", "<=", "2026-03-08 15:59:59"),
                ("begins_at", ">=", "2026-03-01 16:00:00"),
            ]
        )
        self.assertEqual(found, self.encounter)
