#!/usr/bin/env python3
"""Check this folder without a container engine: `python3 docker/check.py`.

Whatever a check needs and does not find (PyYAML, Compose, shellcheck, Odoo, nginx,
openssl) is named as skipped. The last check starts nginx for real: check_nginx.py.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import traceback
from pathlib import Path

import check_nginx as nginx_site

HERE = Path(__file__).resolve().parent
SCRIPTS = [HERE / "odoo/entrypoint.sh", HERE / "postgres/hospital.sh"]
SECRET_NAME = re.compile("PASS|SECRET|TOKEN|KEY")


class Skip(Exception):
    """Something that this check needs is not there."""


def tool(name, *places):
    found = shutil.which(name) or next(filter(os.path.exists, places), None)
    if not found:
        raise Skip(f"no {name}")
    return found


def run(*command, **kwargs):
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, **kwargs
    )
    assert not done.returncode, f"{command[0]}: {done.stdout}{done.stderr}"


def check_shell_syntax():
    for script in SCRIPTS:
        run("sh", "-n", script)
        assert os.access(script, os.X_OK), f"{script} is not executable"


def check_shellcheck():
    run(tool("shellcheck"), *SCRIPTS)


def check_python():
    for path in HERE.rglob("*.py"):
        compile(path.read_text(), str(path), "exec")


def check_compose_rules():
    if not importlib.util.find_spec("yaml"):
        raise Skip("no PyYAML")
    import yaml  # noqa: PLC0415  the other checks work without it

    text = (HERE / "compose.yaml").read_text()
    compose = yaml.safe_load(text)
    for name, service in compose["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert bool(service.get("ports")) == (name == "nginx"), f"ports of {name}"
        for key in service.get("environment", {}):
            harmless = key.endswith("_FILE") or not SECRET_NAME.search(key)
            assert harmless, f"{name}: a secret in {key}?"
        assert set(service.get("secrets", ())) <= set(compose["secrets"]), name
    assert compose["networks"]["db"]["internal"]
    example = (HERE / ".env.example").read_text()
    unknown = set(re.findall(r"\$\{([A-Z_]+)[:}]", text.replace("$$", "")))
    unknown -= set(re.findall(r"^#? ?([A-Z_]+)=", example, re.M))
    assert not unknown, f"not in .env.example: {unknown}"


def check_compose_config():
    for compose in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(compose[0]):
            answer = subprocess.run(
                [*compose, "version"], capture_output=True, check=False
            )
            if not answer.returncode:
                break
    else:
        raise Skip("no Compose")
    file = str(HERE / "compose.yaml")
    environment = {**os.environ, "SERVER_NAME": nginx_site.NAME}
    run(
        *compose, "-f", file, "--profile", "admin", "config", "--quiet", env=environment
    )


def check_dockerfile():
    recipe = (HERE / "Dockerfile").read_text()
    ignore = (HERE / "Dockerfile.dockerignore").read_text()
    allowed = re.findall(r"^!(\S+)", ignore, re.M)
    for source in re.findall(r"^COPY (?:--\S+ )*(\S+) ", recipe, re.M):
        assert (HERE.parent / source).exists(), source
        parents = [source, *map(str, Path(source).parents)]
        assert set(parents) & set(allowed), f"{source} is ignored"


def check_odoo_conf():
    # This folder has an "odoo" of its own, which is no Python package.
    sys.path[:] = [path for path in sys.path if Path(path).resolve() != HERE]
    if not (
        importlib.util.find_spec("odoo") and importlib.util.find_spec("odoo.tools")
    ):
        raise Skip("no Odoo in this Python")
    from odoo.tools import config  # noqa: PLC0415  the other checks work without it

    config._load_file_options(HERE / "odoo/odoo.conf")
    unknown = set(config._file_options) - set(config.options_index)
    assert not unknown, f"options that Odoo does not know: {unknown}"
    text = (HERE / "compose.yaml").read_text()
    unknown = set(re.findall(r"^\s+((?:ODOO|PG)[A-Z_]+):", text, re.M))
    unknown -= {option.env_name for option in config.options_index.values()}
    unknown -= {"ODOO_IMAGE"}
    assert not unknown, f"variables that Odoo does not read: {unknown}"


def check_nginx():
    nginx_site.check(tool("nginx", "/usr/sbin/nginx"), tool("openssl"))


def main():
    failed = 0
    for name, check in list(globals().items()):
        if not name.startswith("check_"):
            continue
        try:
            result = check() or "ok"
        except Skip as reason:
            result = f"skipped: {reason}"
        except Exception as error:  # noqa: BLE001  the next check still runs
            failed += 1
            place = traceback.extract_tb(error.__traceback__)[-1]
            result = f"FAILED: {place.name}, line {place.lineno}: {error!r}"
        title = name.removeprefix("check_").replace("_", " ")
        sys.stdout.write(f"{title:16}{result}\n")
        sys.stdout.flush()
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
