import os

import pytest

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from scripts import odoo as workbench


@pytest.fixture
def database(request):
    """Give a copy of the template database, dropped when the test ends."""
    name = f"pr_{request.node.name.removeprefix('test_')[:50]}"
    workbench.copy(workbench.TEMPLATE, name)
    yield name
    workbench.drop(name)


@pytest.fixture
def registry():
    """Give the registry of the database of this run."""
    return Registry(os.environ["ODOO_TEST_DB"])


@pytest.fixture
def env(registry):
    """Give an environment on the database of this run; nothing is kept."""
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})
        cr.rollback()
