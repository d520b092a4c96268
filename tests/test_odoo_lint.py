"""Odoo's own test_lint finds nothing in our addons."""

import re

from scripts import odoo, steps

# Addons of other people that lie beside Odoo in the private environment.
NOT_OURS = re.compile(r"module='(?!patient_)\w+'")
FAILED = re.compile(r"(FAIL|ERROR): ")


def test_odoo_test_lint(database):
    odoo.call(
        *("-d", database, "-i", "test_lint", "--stop-after-init"),
        # pylint has its place in `make lint`, on our addons alone
        *("--test-tags", "/test_lint,-/test_lint:TestPyLint"),
        # tests start a server, whatever is said: not where the suite beside it asks
        *("--http-port", str(steps.free_port())),
        log="test-lint",
        check=False,
    )
    lines = odoo.read_log("test-lint").splitlines()
    assert any("odoo.addons.test_lint" in line for line in lines)
    found = [line for line in lines if FAILED.search(line)]
    assert [line for line in found if not NOT_OURS.search(line)] == []
