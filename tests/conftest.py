import pytest

from scripts import odoo


@pytest.fixture
def database(request):
    """Give a copy of the template database, dropped when the test ends."""
    name = f"pr_{request.node.name.removeprefix('test_')[:50]}"
    odoo.copy(odoo.TEMPLATE, name)
    yield name
    odoo.drop(name)
