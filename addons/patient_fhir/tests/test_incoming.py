from datetime import date, datetime

import pytz
from fhir.resources.R4B.encounter import Encounter
from fhir.resources.R4B.patient import Patient

from odoo.tests import BaseCase, tagged

from ..tools import incoming, outgoing
from ..tools.node import Node
from ..tools.outcome import Problem
from .common import FhirCase

ZONE = pytz.timezone("Asia/Shanghai")


@tagged("post_install", "-at_install")
class TestIncoming(BaseCase):
    """What a resource says, without a database."""

    def _read(self, kind, **data):
        return incoming.read(Node({"resourceType": kind, **data}, kind), kind, ZONE)

    def _patient(self, **data):
        return self._read("Patient", **data)

    def _encounter(self, **data):
        base = {"status": "finished", "class": {"code": "AMB"}}
        return self._read("Encounter", **{**base, **data})

    def _condition(self, **data):
        base = {"subject": {"reference": "Patient/1"}, "code": {"text": "x"}}
        return self._read("Condition", **{**base, **data})

    def _refused(self, read, path, **data):
        """Assert that reading is refused at a path; return the issue."""
        with self.assertRaises(Problem) as caught:
            read(**data)
        issue = caught.exception.issues[0]
        self.assertEqual(issue.path, path)
        return issue

    def test_chinese_names_are_written_without_a_blank(self):
        found = self._patient(name=[{"family": "欧阳", "given": ["娜 娜"]}])
        self.assertEqual(found.values["name"], "欧阳娜娜")

    def test_other_names_begin_with_the_given_names(self):
        found = self._patient(name=[{"family": "Fonseca", "given": ["Agustín", "J."]}])
        self.assertEqual(found.values["name"], "Agustín J. Fonseca")

    def test_the_official_name_wins_and_its_text_is_taken_as_it_is(self):
        found = self._patient(
            name=[
                {"use": "maiden", "text": "王丽"},
                {"use": "old", "text": "x"},
                {"use": "official", "text": "李丽", "family": "?"},
            ]
        )
        self.assertEqual(found.values["name"], "李丽")

    def test_what_is_absent_is_not_in_the_values(self):
        self.assertEqual(self._patient().values, {})
        self.assertEqual(self._patient().words, {})

    def test_the_mobile_telephone_wins_unless_ranked(self):
        phones = [
            {"system": "phone", "use": "work", "value": "1"},
            {"system": "phone", "use": "mobile", "value": "2"},
            {"system": "phone", "use": "old", "value": "3", "rank": 1},
        ]
        self.assertEqual(self._patient(telecom=phones).values["phone"], "2")
        phones[0]["rank"] = 1
        self.assertEqual(self._patient(telecom=phones).values["phone"], "1")

    def test_a_birth_date_not_known_to_the_day_is_left_out_with_a_warning(self):
        found = self._patient(birthDate="1971-03")
        self.assertNotIn("birth_date", found.values)
        self.assertEqual(found.warnings[0].path, "Patient.birthDate")

    def test_a_death_known_to_the_year_is_its_first_day_but_not_before_birth(self):
        found = self._patient(birthDate="2011-05-01", deceasedDateTime="2011")
        self.assertEqual(found.values["deceased_at"], datetime(2011, 5, 1))

    def test_death_before_birth_is_refused(self):
        issue = self._refused(
            self._patient,
            "Patient.deceasedDateTime",
            birthDate="2011-05-01",
            deceasedDateTime="2010-05-01",
        )
        self.assertEqual(issue.code, "business-rule")

    def test_identifiers_without_system_or_value_identify_nobody(self):
        found = self._patient(
            identifier=[{"value": "1"}, {"system": "s"}, {"system": "s", "value": "2"}]
        )
        self.assertEqual(found.identifiers, [("s", "2", None)])

    def test_the_preferred_language_wins(self):
        found = self._patient(
            communication=[
                {"language": {"coding": [{"code": "en"}]}},
                {"language": {"coding": [{"code": "zh-CN"}]}, "preferred": True},
            ]
        )
        self.assertEqual(found.words["language"], "zh-CN")

    def test_wrong_values_are_refused_where_they_stand(self):
        for path, data in {
            "Patient.gender": {"gender": "x"},
            "Patient.birthDate": {"birthDate": "1971-02-30"},
            "Patient.deceasedDateTime": {"deceasedDateTime": 5},
            "Patient.active": {"active": 1},
            "Patient.name[0].family": {"name": [{"family": 5}]},
            "Patient.name[0].text": {"name": [{"text": "a\0b"}]},
            "Patient.telecom[0].value": {
                "telecom": [{"system": "phone", "value": "1" * 300}]
            },
            "Patient.foo": {"foo": 1},
        }.items():
            with self.subTest(path=path):
                self._refused(self._patient, path, **data)

    def test_years_that_the_database_would_misread_are_refused(self):
        self._refused(self._patient, "Patient.birthDate", birthDate="0071-02-03")
        self._refused(
            self._patient,
            "Patient.deceasedDateTime",
            deceasedDateTime="0001-01-01T00:00:00+08:00",
        )

    def test_times_become_utc(self):
        period = {"start": "2026-03-09T00:30:00.123+08:00", "end": "2026-03-09"}
        found = self._encounter(period={"start": period["start"]})
        self.assertEqual(found.values["started_at"], datetime(2026, 3, 8, 16, 30))
        found = self._condition(onsetDateTime="2026-03-09")
        self.assertEqual(found.values["onset_at"], datetime(2026, 3, 8, 16, 0))

    def test_the_period_of_a_visit_to_come_is_its_plan(self):
        found = self._encounter(
            status="planned", period={"start": "2026-03-09T08:00:00+08:00"}
        )
        self.assertEqual(found.values["planned_at"], datetime(2026, 3, 9))
        self.assertFalse(found.values["started_at"])

    def test_the_history_of_states_tells_arrival_from_start(self):
        found = self._encounter(
            period={"start": "2026-03-09T08:00:00Z", "end": "2026-03-09T10:00:00Z"},
            statusHistory=[
                {"status": "arrived", "period": {"start": "2026-03-09T08:00:00Z"}},
                {"status": "in-progress", "period": {"start": "2026-03-09T09:00:00Z"}},
            ],
        )
        self.assertEqual(found.values["arrived_at"], datetime(2026, 3, 9, 8))
        self.assertEqual(found.values["started_at"], datetime(2026, 3, 9, 9))

    def test_a_visit_cannot_end_before_it_starts(self):
        self._refused(
            self._encounter,
            "Encounter.period.end",
            period={"start": "2026-03-09T08:00:00Z", "end": "2026-03-09T07:00:00Z"},
        )

    def test_classes_come_together_and_unknown_ones_are_refused(self):
        found = self._encounter(**{"class": {"code": "ACUTE"}})
        self.assertEqual(found.values["encounter_class"], "IMP")
        self._refused(
            self._encounter, "Encounter.class.code", **{"class": {"code": "ZZZ"}}
        )

    def test_a_discharge_code_that_is_not_known_is_other(self):
        place = {"dischargeDisposition": {"coding": [{"code": "local-7"}]}}
        found = self._encounter(hospitalization=place)
        self.assertEqual(found.values["disposition"], "other")
        self.assertEqual(found.warnings[0].severity, "warning")
        place["dischargeDisposition"]["coding"][0]["code"] = "aadvice"
        found = self._encounter(hospitalization=place)
        self.assertEqual(found.values["disposition"], "against_advice")

    def test_the_attending_doctor_is_the_doctor(self):
        def person(name, role):
            return {
                "individual": {"display": name},
                "type": [{"coding": [{"code": role}]}],
            }

        found = self._encounter(participant=[person("A", "CON"), person("B", "ATND")])
        self.assertEqual(found.places["practitioner"].data["display"], "B")

    def test_the_visit_number_is_the_one_of_its_type(self):
        found = self._encounter(
            identifier=[
                {"system": "s", "value": "1"},
                {"value": "V7", "type": {"coding": [{"code": "VN"}]}},
            ]
        )
        self.assertEqual(found.values["name"], "V7")

    def test_the_coding_that_a_person_chose_wins(self):
        found = self._condition(
            code={
                "coding": [
                    {"system": "a", "code": "1", "display": "one"},
                    {"system": "b", "code": "2", "userSelected": True},
                ]
            }
        )
        self.assertEqual(found.values["code"], "2")
        self.assertEqual(found.values["name"], "one")

    def test_the_day_of_record_is_one_of_the_hospital(self):
        found = self._condition(recordedDate="2026-03-09T22:00:00Z")
        self.assertEqual(found.values["recorded_on"], date(2026, 3, 10))

    def test_the_end_of_an_episode_is_that_of_its_period(self):
        found = self._condition(
            onsetPeriod={"start": "2026-03-01", "end": "2026-03-02"},
            abatementPeriod={"start": "2026-03-03", "end": "2026-03-04"},
        )
        self.assertEqual(found.values["onset_at"], datetime(2026, 2, 28, 16))
        self.assertEqual(found.values["abated_at"], datetime(2026, 3, 3, 16))

    def test_an_age_is_no_time(self):
        age = {"value": 40, "system": "http://unitsofmeasure.org", "code": "a"}
        self.assertFalse(self._condition(onsetAge=age).values["onset_at"])


@tagged("post_install", "-at_install")
class TestRoundTrip(FhirCase):
    """What goes in comes out: as valid FHIR that changes nothing when sent back."""

    def _export(self, taken):
        server = self.exchange._get_server("https://here/fhir/R4")
        resources = []
        for entry in taken.entries:
            resource = self.exchange._get_resource(entry.kind)
            resources.append(resource._fhir_read(entry.record_id, server)[0])
        return resources

    def test_what_was_kept_is_given_back(self):
        patient = self._patient(
            active=True,
            deceasedDateTime="2026-03-10T01:00:00+00:00",
            address=[
                {
                    "line": ["人民路1号", "2单元"],
                    "city": "上海市",
                    "postalCode": "200000",
                    "country": "CN",
                }
            ],
            communication=[{"language": {"coding": [{"code": "zh-CN"}]}}],
        )
        patient["telecom"].append({"system": "email", "value": "l@example.org"})
        encounter = self._encounter(
            hospitalization={"dischargeDisposition": {"coding": [{"code": "home"}]}},
            reasonCode=[{"text": "头晕"}],
            participant=[{"individual": {"display": "赵医生"}}],
        )
        taken = self._take(patient, encounter, self._condition())
        self.assertEqual(self._outcomes(taken), ["created"] * 3)
        found_patient, found_encounter, found_condition = self._export(taken)
        self.assertEqual(found_patient["name"][0]["text"], "李雷")
        for key in ("gender", "birthDate", "deceasedDateTime", "address", "active"):
            self.assertEqual(found_patient[key], patient[key], key)
        self.assertEqual(
            {point["value"] for point in found_patient["telecom"]},
            {"13900005678", "l@example.org"},
        )
        self.assertIn(
            {"system": f"{outgoing.V2_0203}", "code": "MR"},
            [
                coding
                for row in found_patient["identifier"]
                for coding in row.get("type", {}).get("coding", [])
            ],
        )
        self.assertEqual(found_encounter["status"], "finished")
        self.assertEqual(
            found_encounter["period"]["start"], "2026-03-09T00:30:00+00:00"
        )
        self.assertEqual(found_encounter["reasonCode"], [{"text": "头晕"}])
        self.assertEqual(found_encounter["serviceProvider"], {"display": "心血管内科"})
        self.assertEqual(found_condition["code"], self._condition()["code"])
        self.assertEqual(found_condition["recordedDate"], "2026-03-09")

    def test_what_is_given_back_is_valid_and_changes_nothing(self):
        taken = self._take(self._patient(), self._encounter(), self._condition())
        resources = self._export(taken)
        for resource in resources:
            incoming.validate(Node(resource, "x"), resource["resourceType"])
        # The references in them are this server's own.
        again = self._take(*resources, kind="batch")
        self.assertEqual(self._outcomes(again), ["unchanged"] * 3)

    def test_times_and_disposition_survive(self):
        encounter = self._encounter(
            **{"class": {"system": "x", "code": "IMP"}},
            statusHistory=[
                {"status": "planned", "period": {"start": "2026-03-01T00:00:00Z"}},
                {"status": "arrived", "period": {"start": "2026-03-08T00:00:00Z"}},
                {"status": "in-progress", "period": {"start": "2026-03-09T00:30:00Z"}},
            ],
            hospitalization={
                "dischargeDisposition": {
                    "coding": [{"system": incoming.NUBC, "code": "06"}]
                }
            },
        )
        taken = self._take(self._patient(), encounter)
        found = self._export(taken)[1]
        Encounter.model_validate(found)
        read = incoming.read(Node(found, "x"), "Encounter", pytz.utc)
        for name, value in taken.entries[1].incoming.values.items():
            self.assertEqual(read.values[name], value, name)

    def test_an_empty_file_is_still_a_valid_patient(self):
        patient = self._make_patient("Unknown")
        server = self.exchange._get_server("https://here/fhir/R4")
        resource = self.exchange._get_resource("Patient")
        Patient.model_validate(resource._fhir_read(patient.id, server)[0])
