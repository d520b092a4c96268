"""Fail the build when an addon in the image could never be installed.

Looks, for our addons and everything that they depend on, for the manifest in the
addons path and for the Python packages that the manifest asks for.
"""

import sys
import tempfile

from odoo.modules.module import Manifest
from odoo.tools import config


def missing(names):
    """Return what is wrong with these addons, and the names of all that they need."""
    problems, seen, todo = [], set(), list(names)
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        manifest = Manifest.for_addon(name, display_warning=False)
        if not manifest:
            problems.append(f"{name}: not in the addons path")
            continue
        try:
            manifest.check_manifest_dependencies()
        except Exception as error:  # noqa: BLE001  any kind of missing dependency
            problems.append(f"{name}: {error}")
        todo += manifest["depends"]
    return problems, seen


def main(conf):
    with tempfile.TemporaryDirectory() as data_dir:
        config.parse_config(["-c", conf, "-D", data_dir], setup_logging=False)
        addons = Manifest.all_addon_manifests()
    ours = {
        path: [addon.name for addon in addons if addon.addons_path == path]
        for path in config["addons_path"]
    }
    problems, needed = missing(sum(ours.values(), []))
    if len(ours) != 2:  # Odoo skips a wrong path with no more than a warning
        problems.append(f"addons found in {list(ours)} only")
    if problems:
        sys.exit("\n".join(problems))
    sys.stdout.write(f"All found: {ours}, {len(needed)} with those that they need.\n")


main(sys.argv[1])
