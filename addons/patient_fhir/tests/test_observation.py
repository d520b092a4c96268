from datetime import datetime

from fhir.resources.R4B.observation import Observation

from odoo.tests import tagged

from .common import FhirCase

LOINC = "http://loinc.org"
PRESSURE = [
    {
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "valueQuantity": {"value": value, "unit": "mmHg", "code": "mm[Hg]"},
    }
    for code, value in (("8480-6", 182), ("8462-4", 95))
]


class ObservationCase(FhirCase):
    def _take_observation(self, *observations, **values):
        observations = observations or (self._observation(**values),)
        return self._take(self._patient(), self._encounter(), *observations)

    def _values(self, taken, index=2):
        record = self._record(taken, index)
        return record + record.fhir_part_ids

    def _render(self, record):
        server = self.exchange._get_server("https://h/fhir/R4")
        resource = self.exchange._get_resource("Observation")
        data, _moment = resource._fhir_read(record.id, server)
        Observation.model_validate(data)
        return data


@tagged("post_install", "-at_install")
class TestObservation(ObservationCase):
    """Values from other systems."""

    def test_value_arrives_in_the_unit_of_the_record(self):
        taken = self._take_observation(encounter={"reference": "Encounter/e1"})
        value = self._values(taken)
        self.assertAlmostEqual(value.value, 6.994, 3)
        self.assertEqual(value.source_text, "126 mg/dL")
        self.assertEqual((value.level, value.side), ("act", "high"))
        self.assertEqual(value.effective_at, datetime(2026, 3, 9, 0, 40))
        self.assertEqual(value.encounter_id, self._record(taken, 1))
        self.assertEqual(value.origin, "exchange")

    def test_same_bundle_twice_changes_nothing(self):
        self._take_observation()
        again = self._take_observation()
        self.assertEqual(self._outcomes(again)[2], "unchanged")
        self.assertEqual(len(self._values(again)), 1)

    def test_blood_pressure_is_two_values_of_one_observation(self):
        taken = self._take_observation(
            code="55284-4", valueQuantity=None, component=PRESSURE
        )
        values = self._values(taken)
        self.assertEqual(
            [(row.indicator_id.code, row.value, row.level) for row in values],
            [("systolic", 182, "critical"), ("diastolic", 95, "act")],
        )
        data = self._render(values[0])
        self.assertEqual(data["code"]["coding"][0]["code"], "55284-4")
        self.assertEqual(
            [part["valueQuantity"]["value"] for part in data["component"]], [182, 95]
        )
        self.assertEqual(
            data["component"][0]["interpretation"][0]["coding"][0]["code"], "HH"
        )

    def test_changed_value_corrects_and_keeps_the_former_one(self):
        before = self._values(self._take_observation())
        taken = self._take_observation(
            status="corrected", valueQuantity={"value": 90, "code": "mg/dL"}
        )
        self.assertEqual(self._outcomes(taken)[2], "updated")
        value = self._values(taken)
        self.assertEqual(value, before)
        self.assertEqual(value.level, "normal")
        self.assertAlmostEqual(value.former_ids.value, 6.994, 3)
        self.assertEqual(self._render(value)["status"], "corrected")

    def test_component_that_is_gone_is_an_error_and_a_new_one_joins(self):
        taken = self._take_observation(
            code="55284-4", valueQuantity=None, component=PRESSURE
        )
        systolic, diastolic = self._values(taken)
        pulse = {
            "code": {"coding": [{"system": LOINC, "code": "8867-4"}]},
            "valueQuantity": {"value": 70, "code": "/min"},
        }
        self._take_observation(
            code="55284-4", valueQuantity=None, component=[PRESSURE[0], pulse]
        )
        self.assertEqual((systolic.state, diastolic.state), ("final", "error"))
        joined = systolic.fhir_part_ids
        self.assertEqual((joined.indicator_id.code, joined.value), ("pulse", 70))

    def test_mistake_of_the_source_ends_the_value_and_an_unknown_one_is_ignored(self):
        value = self._values(self._take_observation())
        taken = self._take_observation(status="entered-in-error")
        self.assertEqual(self._outcomes(taken)[2], "updated")
        self.assertEqual(value.state, "error")
        self.assertEqual(self._render(value)["status"], "entered-in-error")
        taken = self._take_observation(source_id="o2", status="entered-in-error")
        self.assertEqual(self._outcomes(taken)[2], "ignored")

    def test_what_a_person_has_corrected_stays_when_the_same_comes_again(self):
        value = self._values(self._take_observation())
        value._correct({"value": 5.0}, "标本溶血")
        self.assertEqual(self._outcomes(self._take_observation())[2], "unchanged")
        self.assertEqual(value.value, 5.0)
        value._void("标本溶血")
        self.assertEqual(self._outcomes(self._take_observation())[2], "unchanged")
        self.assertEqual(value.state, "error")

    def test_unknown_code_makes_an_indicator_to_review(self):
        code = {"coding": [{"system": LOINC, "code": "33756-8"}], "text": "Polyp size"}
        taken = self._take_observation(
            {
                **self._observation(),
                "code": code,
                "valueQuantity": {"value": 7.5, "code": "mm"},
            }
        )
        value = self._values(taken)
        indicator = value.indicator_id
        self.assertEqual(
            (indicator.name, indicator.loinc_code, indicator.unit_code),
            ("Polyp size", "33756-8", "mm"),
        )
        self.assertFalse(indicator.is_reviewed)
        self.assertEqual((value.value, value.level), (7.5, "unknown"))
        again = self._take_observation(
            {**self._observation("o2"), "code": code, "valueString": "none"}
            | {"valueQuantity": None}
        )
        self.assertEqual(self._values(again).indicator_id, indicator)
        self.assertEqual(self._values(again).text, "none")

    def test_unit_without_a_way_is_kept_as_text(self):
        taken = self._take_observation(valueQuantity={"value": 126, "code": "kg"})
        value = self._values(taken)
        self.assertEqual((value.text, value.unit_text), ("126 kg", "kg"))

    def test_other_kinds_of_values(self):
        quantity = {"valueQuantity": None}
        smoker = {
            "coding": [{"system": "http://snomed.info/sct", "code": "8517006"}],
            "text": "Former smoker",
        }
        for number, (code, value, expected) in enumerate(
            (
                ("72166-2", {"valueCodeableConcept": smoker}, "Former smoker"),
                ("99999-1", {"valueBoolean": False}, "No"),
                ("99999-2", {"valueString": "阴性"}, "阴性"),
                ("99999-3", {"valueInteger": 0}, "0.00"),
                (
                    "2857-1",
                    {"valueQuantity": {"value": 0.01, "comparator": "<"}},
                    "< 0.01",
                ),
            )
        ):
            with self.subTest(code=code):
                taken = self._take_observation(
                    **{**quantity, **value, "code": code, "source_id": f"k{number}"}
                )
                row = self._values(taken)
                self.assertEqual(row.value_label, expected)
                self._render(row)

    def test_implausible_value_is_kept_as_text_with_a_warning(self):
        taken = self._take_observation(valueQuantity={"value": 999, "code": "mmol/L"})
        value = self._values(taken)
        self.assertEqual((value.text, value.level), ("999 mmol/L", "unknown"))
        [warning] = taken.entries[2].warnings
        self.assertEqual((warning.severity, warning.code), ("warning", "business-rule"))
        self.assertIn("999 mmol/L", str(warning.text))
        self.assertIn("Fasting Glucose", str(warning.text))

    def test_broken_observations_name_the_place(self):
        for values, status, path in (
            ({"status": "x"}, 422, "status"),
            ({"effectiveDateTime": None}, 422, "effectiveDateTime"),
            ({"subject": {"reference": "Patient/none"}}, 422, "subject.reference"),
            ({"valueQuantity": {"value": "7"}}, 400, "valueQuantity.value"),
        ):
            with self.subTest(path=path):
                taken = self._take(self._patient(), self._observation(**values))
                found, _code, place = self._first_issue(taken, 1)
                self.assertEqual(found, status)
                self.assertTrue(place.endswith(path), place)

    def test_visit_of_another_patient_is_refused(self):
        taken = self._take(
            self._patient(),
            self._patient("p2"),
            self._encounter(patient="p2"),
            self._observation(encounter={"reference": "Encounter/e1"}),
        )
        self.assertEqual(
            self._first_issue(taken, 3),
            (422, "business-rule", "Bundle.entry[3].resource.encounter.reference"),
        )

    def test_search_by_patient_code_category_and_date(self):
        taken = self._take_observation(
            self._observation(encounter={"reference": "Encounter/e1"}),
            self._observation("o2", code="8867-4", valueQuantity={"value": 70}),
        )
        glucose, pulse = (self._record(taken, index) for index in (2, 3))
        server = self.exchange._get_server("https://h/fhir/R4")
        resource = self.exchange._get_resource("Observation")
        zone = self.company._get_patient_tz()
        patient = server.id_of(glucose.patient_id.id)
        visit = server.id_of(glucose.encounter_id.id)
        for params, expected in (
            ([("patient", patient)], glucose + pulse),
            ([("patient", patient), ("code", f"{LOINC}|1558-6")], glucose),
            ([("patient", patient), ("code", "14771-0")], glucose),
            ([("patient", patient), ("category", "vital-signs")], pulse),
            ([("patient", patient), ("category", "laboratory")], glucose),
            ([("encounter", visit)], glucose),
            ([("patient", patient), ("date", "ge2026-03-10")], pulse.browse()),
            ([("patient", patient), ("date", "2026-03-09")], glucose + pulse),
        ):
            domain = resource._fhir_search_domain(params, zone, server)
            self.assertEqual(resource._search_records(domain), expected, params)

    def test_values_entered_here_go_out_too(self):
        patient = self._record(self._take(self._patient()))
        value = self.env["patient.measurement"].create(
            {
                "patient_id": patient.id,
                "indicator_id": self.env.ref(
                    "patient_health.patient_indicator_systolic"
                ).id,
                "value": 128,
            }
        )
        data = self._render(value)
        self.assertEqual(
            data["valueQuantity"],
            {
                "value": 128,
                "unit": "mmHg",
                "system": "http://unitsofmeasure.org",
                "code": "mm[Hg]",
            },
        )
        self.assertEqual(data["category"][0]["coding"][0]["code"], "vital-signs")


@tagged("post_install", "-at_install")
class TestObservationScale(ObservationCase):
    def _cost(self, count, mark, **values):
        observations = [self._observation(f"{mark}{n}", **values) for n in range(count)]
        before = self.env.cr.sql_log_count
        taken = self._take(self._patient(), *observations)
        self.assertIsNone(taken.refusal())
        return self.env.cr.sql_log_count - before

    def test_fifty_cost_as_many_queries_as_one(self):
        self._cost(1, "w")
        self._cost(2, "x")
        self.assertEqual(self._cost(50, "b"), self._cost(1, "a"))

    def test_hundred_corrections_cost_as_many_queries_as_one(self):
        former, better = (
            {"valueQuantity": {"value": value, "code": "mg/dL"}} for value in (90, 95)
        )
        groups = {"w": 1, "x": 2, "a": 1, "b": 100}
        for mark, count in groups.items():
            self._cost(count, mark, **former)
        costs = {
            mark: self._cost(count, mark, **better) for mark, count in groups.items()
        }
        self.assertEqual(costs["b"], costs["a"])
        values = self.env["patient.measurement"].search(
            [("source_id", "=like", "b%"), ("patient_id.name", "=", "李雷")]
        )
        self.assertEqual(len(values), 100)
        self.assertEqual(set(values.mapped("source_text")), {"95 mg/dL"})
        kept = values.former_ids
        self.assertEqual(len(kept), 100)
        self.assertEqual(set(kept.mapped("source_text")), {"90 mg/dL"})
        self.assertEqual(set(kept.mapped("state")), {"replaced"})
