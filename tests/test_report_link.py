"""Guesses at the birth date of a report: counted for good, and one after the other."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying

DATABASE = os.environ.get("ODOO_TEST_DB")
pytestmark = pytest.mark.skipif(not DATABASE, reason="ODOO_TEST_DB names no database")
RIGHT, WRONG = "1960-05-01", "1960-05-02"


@pytest.fixture
def registry():
    return Registry(DATABASE)


@pytest.fixture
def link(registry):
    """Issue a report with a link and keep it; return (id, token)."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        patient = env["patient.patient"].create(
            {"name": "猜生日", "birth_date": RIGHT, "gender": "male"}
        )
        report = env["patient.health.report"].create({"patient_id": patient.id})
        report._issue(printing=False)
        token = report._make_link().rpartition("/")[2]
        return report.id, token


def _read(registry, report_id):
    """Return (wrong dates since, whether it is closed, outcomes) of a report."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        report = env["patient.health.report"].browse(report_id)
        outcomes = report.opening_ids.sorted("id").mapped("outcome")
        return report.link_failures, bool(report.link_blocked_until), outcomes


def _type(registry, token, text):
    """Type a date in a request that fails afterwards; return what came of it."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        found = retrying(
            lambda: env["patient.health.report"]._try_link(token, text), env
        )
        cr.rollback()
        return found


def test_a_wrong_date_stays_counted_when_the_request_fails(registry, link):
    report_id, token = link
    assert _type(registry, token, WRONG) is None
    assert _read(registry, report_id) == (1, False, ["wrong"])
    assert _type(registry, token, RIGHT) == report_id
    assert _read(registry, report_id) == (0, False, ["wrong", "opened"])
    assert _type(registry, "x" * 43, RIGHT) is None


def test_of_guesses_at_once_no_more_than_five_count(registry, link):
    report_id, token = link
    for _once in range(3):
        _type(registry, token, WRONG)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _n: _type(registry, token, WRONG), range(4)))
    assert found == [None] * 4
    failures, is_closed, outcomes = _read(registry, report_id)
    assert (failures, is_closed) == (0, True)
    assert sorted(outcomes) == ["blocked"] * 2 + ["wrong"] * 5
    assert _type(registry, token, RIGHT) is None
