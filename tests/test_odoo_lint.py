"""Odoo's own test_lint finds nothing in our addons."""

from scripts import odoo


def test_odoo_test_lint(database):
    odoo.call(
        *("-d", database, "-i", "test_lint", "--test-tags", "/test_lint"),
        "--stop-after-init",
        log="test-lint",
    )
    odoo.refuse_problems("test-lint")
