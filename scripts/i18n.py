"""Export the terms of our addons, merge them into zh_CN, and say what is missing."""

from . import odoo, places, steps, venv

LANGUAGE = "zh_CN"


def run():
    odoo.template()
    with steps.step("Exporting and merging terms"):
        for addon in places.OUR_ADDONS:
            export(odoo.TEMPLATE, addon, _folder(addon) / f"{addon}.pot")
        steps.run(
            [venv.python(), "-m", "scripts.inside.merge_terms", LANGUAGE],
            cwd=places.ROOT,
        )


def export(database, addon, target):
    """Write the terms of an installed addon to a .pot file."""
    target.parent.mkdir(exist_ok=True)
    # The export goes to a file of its own first: a failed one leaves the old in place.
    fresh = target.with_name(f".{target.name}.pot")
    steps.run(
        odoo.command("i18n", "export", "-d", database, "-o", fresh, addon),
        log=f"i18n-{addon}",
    )
    fresh.replace(target)


def _folder(addon):
    return places.ADDONS / addon / "i18n"
