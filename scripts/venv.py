"""The private Python environment, shared by clones that ask for the same packages."""

import hashlib
import sys

from . import packages, places, source, steps

FILES = ("requirements-odoo.txt", "requirements.txt", "requirements-dev.txt")


def python():
    """Return the interpreter of the environment that has Odoo and these requirements."""
    odoo = source.python_path()
    home = places.CACHE / f"venv-{_mark(odoo)}"
    places.make_shared(home, lambda: _build(home, odoo))
    return home / "bin" / "python"


def _mark(odoo):
    parts = [
        sys.version,
        str(odoo),
        *((places.ROOT / name).read_text() for name in FILES),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _build(home, odoo):
    try:
        import ensurepip  # noqa: F401, PLC0415  Debian ships it apart
    except ImportError:
        packages.need("the private Python environment", "python3-venv")
    with steps.step("Building the private Python environment", 40):
        steps.run([sys.executable, "-m", "venv", "--clear", home], log="venv")
        for folder in home.glob("lib/python3*/site-packages"):
            (folder / "odoo-source.pth").write_text(f"{odoo}\n")
        pip = [
            home / "bin" / "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        steps.run([*pip, "-r", places.ROOT / "requirements-odoo.txt"], log="pip-odoo")
        wanted = [part for name in FILES for part in ("-r", places.ROOT / name)]
        steps.run([*pip, *wanted], log="pip")
