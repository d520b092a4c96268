"""Odoo 19.0: from a checkout named by ODOO_SOURCE, else from Debian's package."""

import os
import shutil
from pathlib import Path

from . import packages, places, steps

SUITE = "sid"
PACKAGE = "odoo-19"
# The package links to these instead of carrying them.
LINKED = (
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
)
# Debian took this file out of the addon `mail`; without it every page logs an error.
SEGMENTATION = "@mediapipe/selfie_segmentation@0.1.1675465747"
SEGMENTATION_FILES = ("selfie_segmentation.js",)


def python_path():
    """Return the folder that holds Odoo's Python package, fetching it when needed."""
    given = os.environ.get("ODOO_SOURCE")
    if given:
        return _checkout(Path(given).expanduser().resolve())
    home = places.CACHE / PACKAGE
    places.make_shared(home, lambda: _fetch(home))
    return home / "usr/lib/python3/dist-packages"


def addons_paths(source):
    """Return the folders of addons that Odoo does not find by itself."""
    beside = source / "addons"
    return [beside] if (beside / "crm" / "static").is_dir() else []


def find_addon(name):
    """Return the folder of one of Odoo's own addons."""
    source = python_path()
    for folder in (source / "odoo" / "addons", source / "addons"):
        if (folder / name / "tests").is_dir() or (folder / name / "static").is_dir():
            return folder / name
    raise steps.Stop(f"Odoo's addon {name} is not in {source}.")


def _checkout(source):
    release = source / "odoo" / "release.py"
    if not release.exists() or "(19, 0" not in release.read_text():
        raise steps.Stop(
            f"ODOO_SOURCE={source} is not a checkout of Odoo 19.0: it should hold "
            "odoo/release.py of version 19.0."
        )
    return source


def _fetch(home):
    archive = packages.debian_archive()
    if not archive or not shutil.which("dpkg"):
        raise steps.Stop(
            "Odoo 19.0 cannot be fetched on this system: set ODOO_SOURCE to the folder of a "
            "checkout of branch 19.0 of Odoo and start again."
        )
    shutil.rmtree(home, ignore_errors=True)
    with steps.step("Fetching Odoo 19.0 from Debian (122 MB)", 30):
        debs = places.CACHE / "debs"
        debs.mkdir(exist_ok=True)
        _download(packages.private_apt(archive, SUITE), debs, PACKAGE)
        _download([], debs, *LINKED)
    with steps.step("Unpacking Odoo", 15):
        for deb in sorted(debs.glob("*.deb")):
            steps.run(["dpkg", "-x", deb, home])
        _put_segmentation(home)


def _download(options, folder, *names):
    """Download packages once; a file that is there already is not fetched again."""
    missing = [name for name in names if not list(folder.glob(f"{name}_*.deb"))]
    if not missing:
        return
    if options:
        steps.run(["apt-get", *options, "-qq", "update"], log="apt-private")
    done = steps.run(
        [
            "apt-get",
            *options,
            "-qq",
            "-o",
            "APT::Sandbox::User=root",
            "download",
            *missing,
        ],
        log="apt-download",
        check=False,
        cwd=folder,
    )
    if done.returncode:
        raise steps.Stop(
            f"Debian's archive does not give {', '.join(missing)}: set ODOO_SOURCE to the folder "
            "of a checkout of branch 19.0 of Odoo and start again."
        )


def _put_segmentation(home):
    """Put back the file that blurs the background of video calls."""
    packages.need_command("npm", "a script that Debian leaves out of Odoo", "npm")
    work = places.CACHE / "npm"
    work.mkdir(exist_ok=True)
    steps.run(["npm", "pack", "--silent", SEGMENTATION], log="npm", cwd=work)
    archive = next(work.glob("mediapipe-selfie_segmentation-*.tgz"))
    steps.run(["tar", "-xzf", archive, "-C", work])
    target = (
        home
        / "usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation"
    )
    target.mkdir(parents=True, exist_ok=True)
    for name in SEGMENTATION_FILES:
        shutil.copy(work / "package" / name, target / name)
