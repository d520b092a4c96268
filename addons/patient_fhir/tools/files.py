"""The Bundles in a file that somebody hands in: one, or a zip of many."""

import zipfile

from odoo.tools.translate import LazyTranslate

from .outcome import Problem

_lt = LazyTranslate(__name__)

ZIP_MARK = b"PK\x03\x04"
EMPTY_ZIP_MARK = b"PK\x05\x06"
MAX_MEMBERS = 10_000
MAX_TOTAL = 4 * 1024**3
NAME_LENGTH = 200


def is_zip(content):
    return content.startswith((ZIP_MARK, EMPTY_ZIP_MARK))


def list_members(content):
    """Return the names of the JSON files in a zip (a file object), as it spells them.

    Nothing is unpacked here and no name is ever used as a path.

    :raise Problem: when it is no sound zip, or holds too much
    """
    members = [info for info in _open(content).infolist() if _is_bundle(info)]
    if len(members) > MAX_MEMBERS:
        raise Problem.of(
            413,
            "too-costly",
            _lt("A zip may hold at most %(limit)s files.", limit=MAX_MEMBERS),
        )
    if sum(info.file_size for info in members) > MAX_TOTAL:
        raise Problem.of(413, "too-costly", _lt("The files in the zip are too large."))
    return [info.filename for info in members]


def read_member(content, name, max_bytes):
    """Return the bytes of one file of a zip (a file object), at most one over the limit."""
    archive = _open(content)
    try:
        info = archive.getinfo(name)
        if info.flag_bits & 1:
            raise Problem.of(
                400, "security", _lt("The file in the zip has a password.")
            )
        with archive.open(info) as member:
            return member.read(max_bytes + 1)
    except (
        zipfile.BadZipFile,
        KeyError,
        EOFError,
        NotImplementedError,
        OSError,
    ) as error:
        raise _damaged() from error
    except Exception as error:  # zlib and lzma have errors of their own
        if isinstance(error, Problem):
            raise
        raise _damaged() from error


def shorten(name):
    """Return a file name for people: no folders, no control characters, not too long."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(letter if letter.isprintable() else "�" for letter in last)
    return shown[-NAME_LENGTH:] or "?"


def _open(content):
    try:
        return zipfile.ZipFile(content)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise _damaged() from error


def _is_bundle(info):
    """Leave out folders, what macOS adds, and what is no JSON."""
    name = info.filename
    hidden = name.startswith("__MACOSX/") or shorten(name).startswith(".")
    return not (info.is_dir() or hidden) and name.lower().endswith(".json")


def _damaged():
    return Problem.of(400, "structure", _lt("The zip is damaged or not a zip."))
