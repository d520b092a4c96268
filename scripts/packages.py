"""System packages: install what is missing where we may, else say what to install."""

import functools
import os
import shutil

from . import places, steps


@functools.cache
def _as_root():
    """Return the words that make a command run as root, or None when there are none."""
    if os.geteuid() == 0:
        return ()
    if (
        shutil.which("sudo")
        and steps.run(
            ["sudo", "-n", "true"], check=False, capture_output=True
        ).returncode
        == 0
    ):
        return ("sudo", "-n")
    if shutil.which("sudo") and os.isatty(0):
        return ("sudo",)
    return None


@functools.cache
def _update():
    steps.run([*_as_root(), "apt-get", "-qq", "update"], log="apt-update")


def need(why, *names):
    """Install Debian packages, or raise a sentence that names them and their purpose."""
    wanted = " ".join(names)
    if _as_root() is None or not shutil.which("apt-get"):
        raise steps.Stop(
            f"The system package(s) «{wanted}» are missing ({why}). Install them with "
            f"«sudo apt-get install {wanted}» and start again."
        )
    with steps.step(f"Installing {wanted} ({why})"):
        _update()
        steps.run(
            [
                *_as_root(),
                "env",
                "DEBIAN_FRONTEND=noninteractive",
                "apt-get",
                "-qq",
                "install",
                "-y",
                "--no-install-recommends",
                *names,
            ],
            log="apt-install",
        )


def need_command(command, why, *names):
    if not shutil.which(command):
        need(why, *names)


def need_font():
    """Make Chinese readable in PDF files and in the browser."""
    shown = shutil.which("fc-list") and steps.output(["fc-list", ":lang=zh"])
    if not shown:
        need(
            "Chinese letters in PDF files and screenshots",
            "fontconfig",
            "fonts-noto-cjk",
        )


def debian_archive():
    """Return the address of the Debian archive that this machine already uses, or None."""
    if not shutil.which("apt-get"):
        return None
    _update_lists_if_empty()
    rows = steps.output(
        [
            "apt-get",
            "indextargets",
            "--format",
            "$(SITE)|$(REPO_URI)|$(ORIGIN)|$(LABEL)",
        ]
    ).splitlines()
    for row in rows:
        _site, address, origin, label = row.split("|")
        if origin == "Debian" and label == "Debian":
            return address
    return None


def _update_lists_if_empty():
    if not steps.output(["apt-get", "indextargets", "--format", "$(REPO_URI)"]):
        if _as_root() is None:
            raise steps.Stop(
                "apt knows no archive yet: run «sudo apt-get update» and start again."
            )
        _update()


def private_apt(archive, suite):
    """Return apt options that read ``suite`` of an archive and leave the machine's own alone."""
    home = places.CACHE / "apt"
    for folder in ("lists/partial", "cache/archives/partial"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    sources = home / f"{suite}.list"
    sources.write_text(f"deb {archive} {suite} main\n")
    return [
        "-o",
        f"Dir::Etc::sourcelist={sources}",
        "-o",
        "Dir::Etc::sourceparts=/dev/null",
        "-o",
        f"Dir::State::Lists={home}/lists",
        "-o",
        f"Dir::Cache={home}/cache",
        "-o",
        "APT::Sandbox::User=root",
    ]
