"""Who may what, cell by cell (R16): every model of ours, every role, every right.

`access_matrix.csv` holds a row for each model; a model without a row fails. The letters
are those of the rights: r(ead), w(rite), c(reate), u(nlink). Rows are about rights on the
model; record rules have tests of their own in the addons.
"""

import contextlib
import csv
from pathlib import Path

import pytest

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import SQL

MATRIX = Path(__file__).with_name("access_matrix.csv")
GROUPS = {
    "public": "base.group_public",
    "portal": "base.group_portal",
    "plain": "base.group_user",
    "reader": "base.group_user,patient_relations.patient_relations_group_reader",
    "staff": "base.group_user,patient_relations.patient_relations_group_staff",
    "officer": "base.group_user,patient_relations.patient_relations_group_officer",
    "manager": "base.group_user,patient_relations.patient_relations_group_manager",
    "identity": "base.group_user,patient_relations.patient_relations_group_identity",
    "custodian": "base.group_user,patient_relations.patient_relations_group_custodian",
    "safety": "base.group_user,patient_relations.patient_relations_group_safety",
    "integration": "base.group_user,patient_fhir.patient_fhir_group_integration",
    "clinician": "base.group_user,patient_health.patient_health_group_clinician",
    "health": "base.group_user,patient_health.patient_health_group_manager",
    "statistics": "base.group_user,patient_health.patient_health_group_statistics",
    "sensitive": "base.group_user,patient_health.patient_health_group_sensitive",
}
RIGHTS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
# Fields that only some roles see, with those roles.
DEPARTMENTS = {"staff", "officer", "manager", "clinician", "health"}
OFFICE = {"officer", "manager"}
CLINICIANS = {"clinician", "health"}
# Who may know of whom a value is.
RECORDS = {*CLINICIANS, "integration"}
FIELDS = {
    "patient.patient.national_id": {"manager", "identity"},
    "patient.patient.encounter_ids": DEPARTMENTS,
    "patient.patient.condition_ids": DEPARTMENTS,
    "patient.patient.complaint_ids": DEPARTMENTS,
    "patient.patient.complaint_count": DEPARTMENTS,
    "patient.patient.safety_flag_ids": {"safety"},
    "patient.complaint.identity_access_ids": OFFICE,
    "patient.complaint.thread_message_ids": OFFICE,
    "patient.complaint.thread_draft": OFFICE,
    "patient.patient.lead_ids": set(),  # those who also work in CRM
    "patient.tag.rule_ids": {"manager"},
    "patient.complaint.inquiry.link_token_hash": set(),  # nobody but the server
    "patient.health.report.link_token_hash": set(),  # likewise
    "patient.health.report.issue.is_sensitive": {"sensitive", "integration"},
    **dict.fromkeys(
        (
            "patient.measurement.patient_id",
            "patient.measurement.text",
            "patient.measurement.value_label",
            "patient.measurement.encounter_id",
            "patient.measurement.examination_id",
            "patient.measurement.source_system",
            "patient.measurement.source_id",
            "patient.measurement.reason",
            "patient.measurement.correct.former",
            "patient.measurement.fhir_status",
            "patient.measurement.fhir_code_system",
            "patient.measurement.fhir_code",
            "patient.measurement.fhir_name",
            "patient.measurement.fhir_digest",
            "patient.patient.measurement_ids",
            "patient.patient.measurement_count",
        ),
        RECORDS,
    ),
    **dict.fromkeys(
        (
            # duties, advice, medicines, summaries, scores
            "patient.assessment.patient_id",
            "patient.assessment.encounter_id",
            "patient.assessment.line_ids",
            "patient.assessment.reason",
            "patient.patient.assessment_ids",
            "patient.patient.assessment_count",
            "patient.health.duty.patient_id",
            "patient.health.duty.phone",
            "patient.health.duty.summary",
            "patient.health.duty.reason",
            "patient.health.duty.measurement_id",
            "patient.health.duty.assessment_id",
            "patient.health.duty.measurement_ids",
            "patient.health.duty.last_values",
            "patient.health.duty.closed_by_id",
            "patient.health.duty.closed_note",
            "patient.patient.duty_count",
            "patient.patient.intervention_ids",
            "patient.patient.intervention_count",
            "patient.patient.supply_ids",
            "patient.patient.medicine_coverage",
            "patient.patient.summary_count",
            "patient.patient.report_count",
            "patient.patient.examination_ids",
            "patient.patient.examination_count",
        ),
        CLINICIANS,
    ),
}


@pytest.fixture
def users(env):
    return {
        role: new_test_user(env, login=f"matrix_{role}", groups=groups)
        for role, groups in GROUPS.items()
    }


def _get_our_models(env):
    """Return the names of the models that our addons define."""
    return sorted(
        name
        for name, model in env.registry.items()
        if (model._original_module or "").startswith("patient_") and not model._abstract
    )


def _read_matrix():
    with MATRIX.open() as rows:
        return {row.pop("model"): row for row in csv.DictReader(rows)}


def test_every_model_has_a_row_and_every_row_a_model(env):
    assert sorted(_read_matrix()) == _get_our_models(env)


def test_every_cell(env, users):
    for name, row in _read_matrix().items():
        given = {}
        for role, user in users.items():
            model = env[name].with_user(user)
            rights = [
                letter for letter, right in RIGHTS.items() if model.has_access(right)
            ]
            given[role] = "".join(rights) or "-"
        assert given == row, name


def test_every_guarded_field(env, users):
    guarded = {
        f"{name}.{field.name}"
        for name in _get_our_models(env)
        for field in env[name]._fields.values()
        if field.groups
        and not field.inherited
        and field._modules
        and next(iter(field._modules)).startswith("patient_")
    }
    assert guarded == set(FIELDS)
    for path, roles in FIELDS.items():
        name, _dot, fname = path.rpartition(".")
        seen = {
            role
            for role, user in users.items()
            if (model := env[name].with_user(user))._has_field_access(
                model._fields[fname], "read"
            )
        }
        assert seen == roles, path


def test_no_button_works_for_those_without_a_group(env, users):
    """Called by RPC on a real record, a button refuses, or changes nothing."""
    before = _get_sums(env)
    for name in _get_our_models(env):
        for method in _get_buttons(env[name]):
            for role in ("public", "portal", "plain"):
                records = env[name].search([], limit=1)
                call = getattr(records.with_user(users[role]), method)
                with (
                    # refused, or it wants more than a click
                    contextlib.suppress(AccessError, UserError, ValueError, TypeError),
                    env.cr.savepoint(),
                ):
                    call()
    assert _get_sums(env) == before


def _get_buttons(model):
    return [
        method
        for method in dir(type(model))
        if method.startswith("action_")
        and any(
            method in vars(parent)
            and (getattr(parent, "_module", "") or "").startswith("patient_")
            for parent in type(model).mro()
        )
    ]


def _get_sums(env):
    """Return a checksum of each of our tables."""
    env.flush_all()
    return {
        name: env.execute_query(
            SQL(
                "SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM %s AS t",
                SQL.identifier(env[name]._table),
            )
        )
        for name in _get_our_models(env)
        if not env[name]._transient
    }
