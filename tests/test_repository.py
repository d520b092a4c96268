"""Rules of the repository that no linter knows."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from scripts import places

ROOT = places.ROOT
MODULES = [places.ADDONS / name for name in places.OUR_ADDONS]
PYTHON = [path for module in MODULES for path in sorted(module.rglob("*.py"))]
CODE = [path for path in PYTHON if "tests" not in path.parts]
# Each addon, and those of ours that it may know.
ARROWS = {
    "patient_relations": set(),
    "patient_health": {"patient_relations"},
    "patient_followup": {"patient_relations", "patient_health"},
    "patient_survey": {"patient_relations", "patient_health", "patient_followup"},
    "patient_fhir": {"patient_relations", "patient_health"},
}


def _ids(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("module", MODULES, ids=_ids)
def test_addon_depends_along_the_arrows_only(module):
    manifest = ast.literal_eval((module / "__manifest__.py").read_text())
    ours = set(ARROWS) & set(manifest.get("depends", []))
    assert ours <= ARROWS[module.name]
    for path in module.rglob("*.py"):
        imported = set(re.findall(r"odoo\.addons\.(patient_\w+)", path.read_text()))
        assert imported <= ARROWS[module.name] | {module.name}, path


@pytest.mark.parametrize("path", CODE, ids=_ids)
def test_sudo_has_its_reason_above_it(path):
    """The line above says why; a second sudo of the same method may share it."""
    reason = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if re.match(r"\s*def ", line):
            reason = False
        reason = reason or "# sudo: " in line
        if re.search(r"\.sudo\((?:True)?\)|su=True", line.split("#")[0]):
            assert reason, f"{path}:{number}"


@pytest.mark.parametrize("path", CODE, ids=_ids)
def test_file_defines_one_model_and_asks_for_no_other_addon(path):
    text = path.read_text()
    if "models" in path.parts or "wizard" in path.parts:
        assert len(re.findall(r"^    _(?:name|inherit) = ", text, re.M)) <= 2, path
        assert len(re.findall(r"^class ", text, re.M)) <= 1, path
    assert not re.search(r"""["'][\w.]+["'] in self\.env\b(?!\.)""", text), path


@pytest.mark.parametrize("module", MODULES, ids=_ids)
def test_security_opens_in_prose(module):
    for path in (module / "security").rglob("*.xml"):
        head = path.read_text().split("<odoo")[0]
        comment = re.search(r"<!--(.*?)-->", head, re.S)
        assert comment, path
        assert len(comment[1].split()) > 30, path


@pytest.mark.parametrize("module", MODULES, ids=_ids)
def test_chinese_is_complete(module):
    from polib import pofile  # noqa: PLC0415  not needed by the other rules

    template = pofile(str(module / "i18n" / f"{module.name}.pot"))
    chinese = pofile(str(module / "i18n" / "zh_CN.po"))
    wanted = {entry.msgid for entry in template}
    given = {entry.msgid for entry in chinese if entry.translated()}
    assert wanted - given == set()
    assert [entry.msgid for entry in chinese if entry.fuzzy] == []


def test_project_names_no_machine_and_no_mirror():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    words = [
        "/work" + "/",
        "/ro" + "ot/",
        "deb" + ".debian.org",
        "pypi" + "-more",
        "file" + ":///",
    ]
    for name in tracked:
        path = ROOT / name
        if path.is_file() and path.suffix not in (".png", ".gz", ".zip", ".xlsx"):
            text = path.read_text(errors="ignore")
            assert not [word for word in words if word in text], name


def test_readme_fragments_are_there():
    for module in MODULES:
        for name in ("DESCRIPTION", "CONTEXT", "CONFIGURE", "USAGE", "ROADMAP"):
            fragment = module / "readme" / f"{name}.md"
            assert fragment.exists(), fragment
            assert len(fragment.read_text().split()) > 20, fragment


def test_manifest_lists_every_data_file():
    for module in MODULES:
        manifest = ast.literal_eval((module / "__manifest__.py").read_text())
        listed = {*manifest.get("data", []), *manifest.get("demo", [])}
        folders = ("data", "demo", "report", "security", "views", "wizard")
        found = {
            str(path.relative_to(module))
            for folder in folders
            for path in Path(module / folder).rglob("*.xml")
        }
        assert found == {name for name in listed if name.endswith(".xml")}
