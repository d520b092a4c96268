from odoo.tests import tagged

from .common import FhirCase


@tagged("post_install", "-at_install")
class TestMapping(FhirCase):
    """What other systems call departments and doctors, and which of ours they are."""

    def _send(self, source_id="e1", **values):
        """Send a visit; return the record."""
        taken = self._take(self._patient(), self._encounter(source_id, **values))
        self.assertIsNone(taken.refusal())
        return self._record(taken, 1)

    def _row(self, visit):
        return visit.fhir_department_id

    def test_an_unknown_department_is_kept_as_text_and_waits_to_be_mapped(self):
        visit = self._send()
        self.assertEqual(visit.department_text, "心血管内科")
        self.assertFalse(visit.department_id)
        self.assertFalse(self._row(visit).is_mapped)

    def test_filling_a_row_in_brings_visits_up_to_date(self):
        visits = self._send("e1") + self._send("e2")
        condition = self._record(self._take(self._condition()))
        row = self._row(visits)
        self.assertEqual(len(row), 1)
        row.department_id = self.cardiology
        self.assertEqual(visits.department_id, self.cardiology)
        self.assertEqual(condition.department_id, self.cardiology)
        self.assertEqual(self._send("e3").department_id, self.cardiology)

    def test_correcting_a_row_corrects_its_visits_but_not_those_set_by_hand(self):
        first, second = self._send("e1"), self._send("e2")
        row = self._row(first)
        row.department_id = self.cardiology
        second.department_id = self.emergency
        row.department_id = self.surgery
        self.assertEqual(first.department_id, self.surgery)
        self.assertEqual(second.department_id, self.emergency)
        row.department_id = False
        self.assertFalse(first.department_id)
        self.assertEqual(second.department_id, self.emergency)

    def test_a_visit_set_by_hand_keeps_its_department_when_sent_again(self):
        visit = self._send()
        visit.department_id = self.emergency
        self._send(reasonCode=[{"text": "changed"}])
        self.assertEqual(visit.reason, "changed")
        self.assertEqual(visit.department_id, self.emergency)

    def test_a_visit_set_by_hand_against_the_mapping_keeps_its_department(self):
        visit = self._send()
        self._row(visit).department_id = self.cardiology
        visit.department_id = self.emergency
        self._send(reasonCode=[{"text": "changed"}])
        self.assertEqual(visit.department_id, self.emergency)

    def test_a_visit_that_moved_leaves_its_department(self):
        visit = self._send()
        visit.department_id = self.emergency
        self._send(serviceProvider={"display": "骨科"})
        self.assertEqual(visit.department_text, "骨科")
        self.assertFalse(visit.department_id)

    def test_a_department_of_the_very_name_is_taken_at_once(self):
        visit = self._send(serviceProvider={"display": "外科"})
        self.assertEqual(visit.department_id, self.surgery)

    def test_two_departments_of_one_name_leave_the_choice_to_a_person(self):
        self.surgery.copy({"name": "外科"})
        visit = self._send(serviceProvider={"display": "外科"})
        self.assertFalse(visit.department_id)

    def test_a_doctor_is_never_guessed_by_name(self):
        person = {"individual": {"display": self.employee_doctor.name}}
        visit = self._send(participant=[person])
        self.assertFalse(visit.practitioner_id)
        self.assertEqual(visit.practitioner_text, self.employee_doctor.name)
        visit.fhir_practitioner_id.practitioner_id = self.employee_doctor
        self.assertEqual(visit.practitioner_id, self.employee_doctor)

    def test_two_doctors_of_one_name_are_told_apart_by_their_numbers(self):
        def person(number):
            identifier = {"system": "https://his/staff", "value": number}
            return [{"individual": {"display": "张伟", "identifier": identifier}}]

        first = self._send("e1", participant=person("1"))
        second = self._send("e2", participant=person("2"))
        self.assertNotEqual(first.fhir_practitioner_id, second.fhir_practitioner_id)

    def test_names_come_from_the_resources_in_the_bundle(self):
        organization = {
            "resourceType": "Organization",
            "id": "o1",
            "name": "呼吸科",
            "identifier": [{"system": "https://his/dept", "value": "17"}],
        }
        doctor = {
            "resourceType": "Practitioner",
            "id": "d1",
            "name": [{"family": "赵", "given": ["云"]}],
        }
        visit = self._encounter(
            serviceProvider={"reference": "Organization/o1"},
            participant=[{"individual": {"reference": "Practitioner/d1"}}],
        )
        taken = self._take(organization, doctor, self._patient(), visit)
        found = self._record(taken, 3)
        self.assertEqual(found.department_text, "呼吸科")
        self.assertEqual(found.fhir_department_id.key, "https://his/dept|17")
        self.assertEqual(found.practitioner_text, "赵云")
        self.assertEqual(found.fhir_practitioner_id.key, "Practitioner/d1")

    def test_a_contained_place_names_the_department(self):
        visit = self._send(
            contained=[{"resourceType": "Location", "id": "l", "name": "三病区"}],
            serviceProvider=None,
            location=[{"location": {"reference": "#l"}}],
        )
        self.assertEqual(visit.department_text, "三病区")

    def test_a_visit_that_names_no_place_leaves_the_department_alone(self):
        visit = self._send()
        visit.department_id = self.emergency
        self._send(serviceProvider=None)
        self.assertEqual(visit.department_id, self.emergency)

    def test_mapping_many_visits_costs_as_many_queries_as_mapping_few(self):
        def cost(count, name):
            visits = [
                self._encounter(f"{name}{number}", serviceProvider={"display": name})
                for number in range(count)
            ]
            self._take(self._patient(), *visits)
            row = self.env["patient.fhir.department"].search([("name", "=", name)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            row.department_id = self.cardiology
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(1, "warm-up")
        # one UPDATE holds 100 rows
        self.assertEqual(cost(2, "few"), cost(90, "many"))

    def test_the_number_of_visits_is_counted(self):
        rows = self._row(self._send("e1") + self._send("e2"))
        rows._count_encounters()
        self.assertEqual(rows.encounter_count, 2)
