"""The linters: ruff, pylint-odoo, OCA's hooks, Odoo's own upgrade_code."""

from . import places, source, steps, venv

# pylint takes the last word from the command line.
NOT_OURS = (
    "consider-merging-classes-inherited",  # rooms extend a core model each by itself
    "missing-readme",  # readme/ holds fragments
    "missing-return",  # false alarm on compute overrides
)

# What Odoo's test_lint asks of pylint; there it reads all of Odoo, for many minutes.
ODOO_PLUGINS = (
    "_pylint_path_setup",
    "pylint.extensions.bad_builtin",
    "_odoo_checker_sql_injection",
    "_odoo_checker_gettext",
    "_odoo_checker_unlink_override",
)
ODOO_CHECKS = (
    "used-before-assignment",
    "undefined-variable",
    "eval-used",
    "unreachable",
    "function-redefined",
    "sql-injection",
    "missing-gettext",
    "gettext-variable",
    "gettext-placeholders",
    "gettext-repr",
    "raise-unlink-override",
)


def run():
    """Run all of them; raise with the names of those that found something."""
    python = venv.python()
    tools = python.parent
    addons = [places.ADDONS / name for name in places.OUR_ADDONS]
    checker = source.find_addon("test_lint") / "tests"
    checks = {
        "ruff": [tools / "ruff", "check", "--quiet", places.ROOT],
        "ruff format": [tools / "ruff", "format", "--quiet", "--check", places.ROOT],
        "pylint-odoo": [
            tools / "pylint",
            f"--rcfile={places.ROOT / '.pylintrc'}",
            f"--disable={','.join(NOT_OURS)}",
            *addons,
        ],
        "Odoo's pylint": [
            *("env", f"PYTHONPATH={checker}:{source.python_path()}"),
            f"ADDONS_PATH={places.ADDONS}",
            *(tools / "pylint", "--rcfile=/dev/null", "--reports=n", "--score=n"),
            f"--load-plugins={','.join(ODOO_PLUGINS)}",
            *(
                "--disable=all,useless-option-value,unknown-option-value",
                f"--enable={','.join(ODOO_CHECKS)}",
            ),
            *("--bad-functions=input", *addons),
        ],
        "OCA hooks": [
            tools / "oca-checks-odoo-module",
            f"--config={places.ROOT / '.oca_hooks.cfg'}",
            *addons,
        ],
    }
    with steps.step("Linting", 80):
        found = steps.at_once(lambda check: _is_clean(*check), checks.items())
        failed = [name for name, clean in zip(checks, found, strict=True) if not clean]
        if _outdated(python):
            failed.append("upgrade_code")
    if failed:
        raise steps.Stop(f"{', '.join(failed)}: see above.")


def _is_clean(name, command):
    log = f"lint-{name.replace(' ', '-').lower()}"
    done = steps.run(command, log=log, check=False, cwd=places.ROOT)
    if done.returncode:
        steps.say(steps.tail(places.LOGS / f"{log}.log", 60))
    return not done.returncode


def _outdated(python):
    """Return what Odoo's upgrade_code would rewrite in our addons, printed if any."""
    paths = [places.ADDONS, *source.addons_paths(source.python_path())]
    steps.run(
        [
            python,
            *("-m", "odoo", "upgrade_code", "--from", "17.0", "--dry-run"),
            f"--addons-path={','.join(map(str, paths))}",
            "--glob=patient_*/**/*",  # not Odoo's own
        ],
        log="lint-upgrade-code",
        check=False,
    )
    text = (places.LOGS / "lint-upgrade-code.log").read_text()
    found = [line for line in text.splitlines() if str(places.ADDONS) in line]
    if found:
        steps.say("\n".join(found))
    return found
