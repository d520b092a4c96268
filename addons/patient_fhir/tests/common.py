import json
from collections.abc import Iterator
from pathlib import Path

from odoo.tests import HttpCase

from odoo.addons.patient_relations.tests.common import PatientRelationsCase

from ..tools import bundle as bundles, intake as intakes
from ..tools.outgoing import MIME

MODULE = "patient_fhir"
SOURCE = "https://his.example.org"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
# Beside a checkout of the project lie sample files that are no part of it.
SYNTHEA = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "fhir"


class FhirCase(PatientRelationsCase):
    """The small hospital, the account of another system, and makers of resources."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_fhir = cls._make_integration("pr_fhir")
        cls.exchange = cls.env["patient.fhir.exchange"].with_user(cls.user_fhir)

    @classmethod
    def _make_integration(cls, login, **values):
        """Return an account for exchange, as an administrator would set it up."""
        user = cls._make_user(login, **values)
        user.write(
            {
                "group_ids": [
                    (4, cls.env.ref(f"{MODULE}.{MODULE}_group_integration").id)
                ],
                "fhir_source": SOURCE,
            }
        )
        return user

    # resources

    @classmethod
    def _patient(cls, source_id="p1", **values):
        return {
            "resourceType": "Patient",
            "id": source_id,
            "identifier": [{"system": f"{SOURCE}/pid", "value": source_id.upper()}],
            "name": [{"use": "official", "family": "李", "given": ["雷"]}],
            "telecom": [{"system": "phone", "use": "mobile", "value": "13900005678"}],
            "gender": "male",
            "birthDate": "1971-03-09",
            **values,
        }

    @classmethod
    def _encounter(cls, source_id="e1", patient="p1", **values):
        return {
            "resourceType": "Encounter",
            "id": source_id,
            "status": "finished",
            "class": {"system": ACT, "code": "AMB"},
            "subject": {"reference": f"Patient/{patient}"},
            "period": {
                "start": "2026-03-09T08:30:00+08:00",
                "end": "2026-03-09T09:00:00+08:00",
            },
            "serviceProvider": {"display": "心血管内科"},
            **values,
        }

    @classmethod
    def _condition(cls, source_id="c1", patient="p1", encounter="e1", **values):
        return {
            "resourceType": "Condition",
            "id": source_id,
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "verificationStatus": {"coding": [{"code": "confirmed"}]},
            "code": {
                "coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "I10"}],
                "text": "原发性高血压",
            },
            "subject": {"reference": f"Patient/{patient}"},
            "encounter": {"reference": f"Encounter/{encounter}"},
            "onsetDateTime": "2026-03-09",
            "recordedDate": "2026-03-09",
            **values,
        }

    @classmethod
    def _observation(cls, source_id="o1", patient="p1", code="1558-6", **values):
        found = {
            "resourceType": "Observation",
            "id": source_id,
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "subject": {"reference": f"Patient/{patient}"},
            "effectiveDateTime": "2026-03-09T08:40:00+08:00",
            "valueQuantity": {"value": 126, "code": "mg/dL"},
            **values,
        }
        return {name: value for name, value in found.items() if value is not None}

    @classmethod
    def _bundle(cls, *resources, kind="transaction", **values):
        return {
            "resourceType": "Bundle",
            "type": kind,
            "entry": [
                {
                    "resource": resource,
                    "request": {"method": "POST", "url": resource["resourceType"]},
                }
                for resource in resources
            ],
            **values,
        }

    # intake

    def _take(self, *resources, kind="transaction", **values):
        """Send resources through the intake; return the Intake."""
        bundle = self._bundle(*resources, kind=kind, **values)
        return self._take_bundle(bundle)

    def _take_bundle(self, bundle):
        # As over HTTP: what is not plain JSON never gets this far.
        bundle = bundles.parse(json.dumps(bundle).encode())
        bundles.check_shell(bundle)
        taken = self.exchange._take(bundle, self.user_fhir.fhir_source)
        self.env.flush_all()
        self.env.invalidate_all()
        return taken

    def _outcomes(self, taken):
        return [entry.outcome for entry in taken.entries]

    def _record(self, taken, index=0):
        entry = taken.entries[index]
        model = self.exchange._get_resource(entry.kind)._fhir_model
        return self.env[model].browse(entry.record_id)

    def _counts(self, taken, kind):
        return intakes.count(taken.entries)[kind]

    def _first_issue(self, taken, index=0):
        """Return (status, code, path) of the first issue of an entry."""
        problem = taken.entries[index].problem
        self.assertTrue(problem, f"entry {index} was {taken.entries[index].outcome}")
        return problem.status, problem.issues[0].code, problem.issues[0].path

    @classmethod
    def _read_synthea(cls):
        """Return name → bytes of the sample Bundles; empty where they are not at hand."""
        return {path.name: path.read_bytes() for path in sorted(SYNTHEA.glob("*.json"))}


class FhirHttpCase(FhirCase, HttpCase):
    """Requests to the live test server with the API key of the account for exchange."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls._make_key(cls.user_fhir)

    @classmethod
    def _make_key(cls, user):
        # sudo: a key that does not expire
        keys = cls.env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate(None, "test", None)

    def _request(self, method, path, data=None, key=None, **headers):
        """Send a request; ``data`` may be bytes or something for JSON."""
        given = {"Authorization": f"Bearer {key or self.key}", "Accept": MIME}
        if data is not None:
            given["Content-Type"] = MIME
        given.update({name.replace("_", "-"): value for name, value in headers.items()})
        if data is not None and not isinstance(data, (bytes, str, Iterator)):
            data = json.dumps(data).encode()
        return self.url_open(
            f"/fhir/R4{path}", data=data, method=method, headers=given, timeout=60
        )

    def _get(self, path, **headers):
        return self._request("GET", path, **headers)

    def _post(self, bundle, **headers):
        return self._request("POST", "", bundle, **headers)

    def assertOutcome(self, response, status, code, path=None):
        """Assert that the answer is an OperationOutcome with this code and place."""
        self.assertEqual(response.status_code, status, response.text)
        self.assertEqual(response.headers["Content-Type"], f"{MIME}; charset=utf-8")
        outcome = response.json()
        self.assertEqual(outcome["resourceType"], "OperationOutcome")
        issue = outcome["issue"][0]
        self.assertEqual(issue["code"], code, outcome)
        self.assertTrue(issue["diagnostics"])
        if path:
            self.assertEqual(issue["expression"], [path])
        self.assertNotIn("Traceback", response.text)
