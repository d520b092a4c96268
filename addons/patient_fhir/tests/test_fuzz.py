import contextlib
import copy
import json

from hypothesis import HealthCheck, given, settings, strategies as st

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FhirCase, FhirHttpCase

# Values that stand where something else belongs.
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            " ",
            "\0",
            "9999-12-31T23:59:59-14:00",
            "0001-01-01",
            "0001-01-01T00:00:00+14:00",
            "2026-03-09T24:00:00Z",
            "2026-02-30",
            "Patient/",
            "#",
            "urn:uuid:",
            "Patient?identifier=",
            "Patient?identifier=a|b",
            "x" * 70_000,
            "\u202e张\U0001f600",
            "%s %(x)s {0}",
            "'; DROP TABLE patient_patient; --",
            10**30,
            [],
            {},
            [[]],
            [None],
            {"": None},
            {"coding": 7},
            [{"coding": [None]}],
        ]
    ),
)


def places(value, path=()):
    """Return the paths of all values inside a JSON value."""
    found = [path] if path else []
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, item in items:
        found += places(item, (*path, key))
    return found


def change(bundle, path, value):
    """Return a copy with another value at a path; the path may be gone by now."""
    bundle = copy.deepcopy(bundle)
    target = bundle
    with contextlib.suppress(KeyError, IndexError, TypeError):
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = value
    return bundle


def make_bundle(kind):
    case = FhirCase
    visit = case._encounter(
        statusHistory=[
            {"status": "arrived", "period": {"start": "2026-03-09T00:00:00Z"}}
        ],
        participant=[
            {"individual": {"display": "赵"}, "type": [{"coding": [{"code": "x"}]}]}
        ],
        hospitalization={"dischargeDisposition": {"coding": [{"code": "home"}]}},
        reasonCode=[{"text": "x"}],
        identifier=[{"system": "s", "value": "1"}],
        location=[{"location": {"display": "三病区"}}],
    )
    patient = case._patient(
        deceasedDateTime="2026-03-10",
        address=[{"line": ["x"], "city": "y", "state": "z", "country": "CN"}],
        communication=[{"language": {"coding": [{"code": "zh"}]}, "preferred": True}],
        meta={"source": "https://x"},
    )
    attachment = {"data": "JVBERi0xLjQK", "title": "x.pdf", "hash": "x"}
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "status": "final",
        "category": [{"coding": [{"code": "LAB"}]}],
        "code": {"text": "血常规"},
        "subject": {"reference": "Patient/p1"},
        "encounter": {"reference": "Encounter/e1"},
        "effectiveDateTime": "2026-03-09",
        "issued": "2026-03-09T08:30:00Z",
        "performer": [{"reference": "urn:uuid:1"}, {"display": "x"}],
        "result": [{"reference": "Observation/o1"}],
        "conclusion": "x",
        "conclusionCode": [{"text": "x"}],
        "presentedForm": [attachment, {"url": "https://x"}],
    }
    document = {
        "resourceType": "DocumentReference",
        "id": "d1",
        "status": "current",
        "docStatus": "final",
        "type": {"coding": [{"code": "18748-4"}]},
        "subject": {"reference": "Patient/p1"},
        "date": "2026-03-09T08:30:00Z",
        "author": [{"display": "x", "type": "Practitioner"}],
        "content": [{"attachment": {**attachment, "creation": "2026-03-09"}}],
        "context": {
            "encounter": [{"reference": "Encounter/e1"}],
            "period": {"start": "2026-03-09"},
            "related": [{"reference": "Observation/o1"}],
        },
    }
    bundle = case._bundle(
        patient,
        visit,
        case._condition(),
        case._observation(),
        report,
        document,
        kind=kind,
    )
    bundle["entry"].append(
        {
            "fullUrl": "urn:uuid:1",
            "resource": {"resourceType": "Organization", "name": "x"},
        }
    )
    bundle["meta"] = {"source": "https://x"}
    bundle["entry"][0]["request"]["ifNoneExist"] = "identifier=a|b"
    bundle["entry"][0]["fullUrl"] = "urn:uuid:2"
    return bundle


BUNDLES = [make_bundle(kind) for kind in ("transaction", "batch")]
CHANGES = st.lists(
    st.tuples(st.sampled_from(places(BUNDLES[0])), STRANGE), min_size=1, max_size=4
)


@tagged("post_install", "-at_install")
class TestFuzz(FhirHttpCase):
    """Whatever comes, the answer is FHIR and never a fault of the server."""

    @mute_logger("odoo.sql_db")
    def test_no_bundle_makes_the_server_fail(self):
        @settings(
            max_examples=150,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.sampled_from(BUNDLES), CHANGES)
        def check(bundle, changes):
            for path, value in changes:
                bundle = change(bundle, path, value)
            with self.env.cr.savepoint() as savepoint:
                response = self._post(json.dumps(bundle).encode())
                self.assertLess(response.status_code, 500, json.dumps(changes)[:2000])
                self.assertIn(
                    response.json()["resourceType"], ("Bundle", "OperationOutcome")
                )
                savepoint.rollback()

        check()

    def test_no_bytes_make_the_server_fail(self):
        @settings(max_examples=50, deadline=None, database=None, derandomize=True)
        @given(st.binary(max_size=200))
        def check(content):
            response = self._post(content or b" ")
            self.assertEqual(response.status_code, 400)

        check()

    def test_no_search_makes_the_server_fail(self):
        names = st.sampled_from(
            [
                ("Patient", name)
                for name in (
                    "_id",
                    "identifier",
                    "name",
                    "birthdate",
                    "phone",
                    "_count",
                )
            ]
            + [("Encounter", name) for name in ("patient", "date", "status", "_after")]
            + [("Condition", name) for name in ("patient", "date", "code", "encounter")]
        )
        values = st.one_of(
            st.text(max_size=30),
            st.sampled_from(
                ["|", "a|", ",,", "\\", "%", "ge", "ge9999-12", "\0", "-1"]
            ),
        )

        @settings(max_examples=100, deadline=None, database=None, derandomize=True)
        @given(names, values)
        def check(name, value):
            kind, param = name
            response = self.url_open(
                f"/fhir/R4/{kind}",
                params={param: value.encode(errors="replace").decode()},
                headers={"Authorization": f"Bearer {self.key}"},
            )
            self.assertIn(response.status_code, (200, 400), (name, value))

        check()
