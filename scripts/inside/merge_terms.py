"""Merge the exported terms into a language's files; say what has no translation."""

import sys

import polib

from scripts import places

HEADER = {
    "Language": "",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def merge(addon, language):
    """Return the terms of an addon that the language lacks."""
    folder = places.ADDONS / addon / "i18n"
    template = polib.pofile(str(folder / f"{addon}.pot"))
    _forget_dates(template)
    template.save()
    target = folder / f"{language}.po"
    known = polib.pofile(str(target)) if target.exists() else polib.POFile()
    known.metadata = {**template.metadata, **HEADER, "Language": language}
    known.wrapwidth = 0
    _take_over(template, known)
    known.save(str(target))
    return [entry.msgid for entry in known if not entry.translated()]


def _take_over(template, known):
    """Give ``known`` the template's terms in its order; what is gone is dropped."""
    texts = {entry.msgid: entry.msgstr for entry in known}
    del known[:]
    for entry in template:
        entry.msgstr = texts.get(entry.msgid, "")
        known.append(entry)


def _forget_dates(template):
    """Leave out what would make every export differ from the last."""
    for name in ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator"):
        template.metadata.pop(name, None)
    template.metadata.pop("Language-Team", None)


if __name__ == "__main__":
    for name in places.OUR_ADDONS:
        missing = merge(name, sys.argv[1])
        print(f"  {name}: {len(missing)} terms without a {sys.argv[1]} translation")
        for term in missing:
            print(f"    {term!r}")
