"""The translation catalogues: `make messages` runs `make` here, `make check` runs `check`.

The source strings are French (docs/decisions/0003-french-source-strings.md). `locale/fr` repeats
them, so that plurals follow the French rule and no library's translation of the same words comes
first; it is written here. `locale/en` is translated by people. What the admin's theme says in
English has its French in `coworking/borrowed_words` (`tests/house/borrowed.py`). Compiled files
are committed: a machine without gettext shows every language.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polib

ROOT = Path(__file__).resolve().parents[2]
PLURALS = {"fr": "nplurals=2; plural=(n > 1);", "en": "nplurals=2; plural=(n != 1);"}
PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*[\d.]*[sdfi]|%[sdif]")
REMEDY = "Run `make messages`, translate what is new in locale/en, run it again."


def folder(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES"


def borrowed(root: Path) -> Path:
    """The French of the words that a library says in English."""
    return root / "coworking/borrowed_words/fr/LC_MESSAGES/django.po"


def catalogue(root: Path, language: str) -> polib.POFile:
    return polib.pofile(str(folder(root, language) / "django.po"), wrapwidth=98)


def key(entry: polib.POEntry) -> tuple[str, str, str]:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural


def collect(root: Path) -> None:
    """Bring the .po files of `root` up to date with its code and templates. Needs gettext."""
    for language in PLURALS:
        folder(root, language).mkdir(parents=True, exist_ok=True)
    locales = [option for language in PLURALS for option in ("--locale", language)]
    tests = ("--ignore", "tests/*", "--ignore", "deploy/*", "--ignore", "var/*")
    options = [*locales, *tests, "--add-location", "file", "--no-obsolete", "--verbosity", "0"]
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", *options],
        cwd=root,
        env={
            **os.environ,
            "DEBUG": "on",
            "DJANGO_SETTINGS_MODULE": "coworking.settings",
            "PYTHONPATH": str(root),
        },
        check=True,
    )
    for language in PLURALS:
        tidy(root, language)


def tidy(root: Path, language: str) -> None:
    """Write the header without dates and names, and the French from its own source strings."""
    entries = catalogue(root, language)
    entries.header = "Written by `make messages`."
    entries.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    entries.metadata_is_fuzzy = False
    if language == "fr":
        for entry in entries:
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
            entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None
            if entry.msgid_plural:
                entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
            else:
                entry.msgstr = entry.msgid
    entries.save(newline="\n")


def compile_all(root: Path) -> None:
    for language in PLURALS:
        catalogue(root, language).save_as_mofile(str(folder(root, language) / "django.mo"))
    if borrowed(root).exists():
        words = polib.pofile(str(borrowed(root)))
        words.save_as_mofile(str(borrowed(root).with_suffix(".mo")))


def missing_strings(root: Path) -> list[str]:
    """Strings of the code that a catalogue lacks, or still has after they left. Needs gettext."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        packages = sorted(path.parent.name for path in root.glob("*/__init__.py"))
        for source in (*packages, "templates", "locale"):
            shutil.copytree(root / source, copy / source)
        collect(copy)
        found = []
        for language in PLURALS:
            here = {key(entry) for entry in catalogue(root, language)}
            needed = {key(entry) for entry in catalogue(copy, language)}
            found += [f"{language}: lacks {words}" for _, words, _ in sorted(needed - here)]
            found += [f"{language}: obsolete {words}" for _, words, _ in sorted(here - needed)]
        return found


def untranslated_strings(root: Path) -> list[str]:
    return [
        f"{language}: {'fuzzy' if entry.fuzzy else 'not translated'}: {entry.msgid}"
        for language in PLURALS
        for entry in catalogue(root, language)
        if entry.fuzzy or not entry.translated()
    ]


def broken_placeholders(root: Path) -> list[str]:
    """Translations that lose or invent a `%(name)s`: they fail, or lie, when shown."""
    found = []
    for language in PLURALS:
        for entry in catalogue(root, language).translated_entries():
            for source, words in forms(entry):
                if set(PLACEHOLDER.findall(source)) != set(PLACEHOLDER.findall(words)):
                    found.append(f"{language}: placeholders of {source!r} differ in {words!r}")
    return found


def forms(entry: polib.POEntry) -> list[tuple[str, str]]:
    """Pairs of source and translation; the singular may leave its number out ("one place")."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    plural = [(entry.msgid_plural, words) for n, words in entry.msgstr_plural.items() if n > 0]
    return [(entry.msgid, entry.msgstr_plural[0]), *plural]


def stale_compiled_files(root: Path) -> list[str]:
    """Languages whose compiled file does not say what its catalogue says."""
    catalogues = {language: folder(root, language) / "django.po" for language in PLURALS}
    if borrowed(root).exists():
        catalogues["borrowed words"] = borrowed(root)
    stale = []
    for name, path in catalogues.items():
        entries = polib.pofile(str(path)).translated_entries()
        compiled_file = path.with_suffix(".mo")
        compiled = polib.mofile(str(compiled_file)) if compiled_file.exists() else []
        if translations(entries) != translations(compiled):
            stale.append(f"{name}: the compiled file is not the one of the catalogue")
    return stale


def translations(entries: Iterable[Any]) -> dict[tuple[str, str, str], tuple[str, dict[int, str]]]:
    return {key(entry): (entry.msgstr, entry.msgstr_plural) for entry in entries}


def problems(root: Path) -> list[str]:
    if lacking := [lang for lang in PLURALS if not (folder(root, lang) / "django.po").exists()]:
        return [f"{language}: no catalogue" for language in lacking]
    checks = (missing_strings, untranslated_strings, broken_placeholders, stale_compiled_files)
    return [problem for check in checks for problem in check(root)]


def main(action: str) -> int:
    if not shutil.which("xgettext"):
        print("gettext is not installed: make system-packages", file=sys.stderr)
        return 1
    if action == "make":
        collect(ROOT)
        compile_all(ROOT)
        left = untranslated_strings(ROOT)
    else:
        left = problems(ROOT)
    print(*left, sep="\n", end="\n" if left else "")
    if left and action == "check":
        print(REMEDY, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
