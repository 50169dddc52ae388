"""The words of the admin's theme, which speaks nothing but English.

Their French is `coworking/borrowed_words`, a catalogue like another. It stands beside `locale/`
because it is written by people, from English, while `locale/fr` is written from French source
strings. After an upgrade of the theme,

    python -m tests.house.borrowed

adds what is new and drops what has gone; translate what it prints, then `make messages` compiles.
"""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import django
import polib
import unfold
from django.utils.translation import trans_real
from django.utils.translation.template import templatize

from tests.house.catalogues import PLURALS, ROOT, borrowed

Words = tuple[str, str]  # a message and its plural, which may be empty

THEME = Path(unfold.__file__).parent
# Parts of the theme for libraries that are not installed here.
UNUSED = ("constance", "guardian", "location_field", "simple_history", "unfold_crispy")
STRING = r"""\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*"""
CALL = re.compile(rf"\b(gettext|ngettext|_)\({STRING}(?:,{STRING})?")


def words_of_the_theme() -> set[Words]:
    return {
        words
        for path in THEME.rglob("*")
        if not any(part in path.as_posix() for part in UNUSED)
        for words in words_in(path)
    }


def words_in(path: Path) -> Iterator[Words]:
    if path.suffix == ".html":
        for call, one, many in CALL.findall(templatize(path.read_text())):
            yield ast.literal_eval(one), ast.literal_eval(many) if call == "ngettext" else ""
    elif path.suffix == ".py":
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "gettext"}:
                yield from ((str(word.value), "") for word in strings(node))


def strings(call: ast.Call) -> list[ast.Constant]:
    return [word for word in call.args if isinstance(word, ast.Constant)]


def without_french() -> set[Words]:
    """What neither Django, nor a library, nor `coworking/borrowed_words` says in French."""
    known = trans_real.translation("fr")._catalog  # type: ignore[attr-defined]
    return {
        (one, many)
        for one, many in words_of_the_theme()
        if one and ((one, 0) if many else one) not in known
    }


def no_longer_said() -> set[Words]:
    entries = polib.pofile(str(borrowed(ROOT)))
    return {(entry.msgid, entry.msgid_plural) for entry in entries} - words_of_the_theme()


def bring_up_to_date() -> list[str]:
    """Write the catalogue's list of words anew. What comes back has no French yet."""
    entries = polib.pofile(str(borrowed(ROOT)), wrapwidth=98)
    entries.metadata["Plural-Forms"] = PLURALS["fr"]
    gone = no_longer_said()
    for entry in [each for each in entries if (each.msgid, each.msgid_plural) in gone]:
        entries.remove(entry)
    for one, many in without_french() - {(entry.msgid, entry.msgid_plural) for entry in entries}:
        plural = {"msgid_plural": many, "msgstr_plural": {0: "", 1: ""}} if many else {}
        entries.append(polib.POEntry(msgid=one, **plural))
    entries.sort(key=lambda entry: entry.msgid.strip().lower())
    entries.save(newline="\n")
    return [entry.msgid for entry in entries.untranslated_entries()]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    print(*bring_up_to_date(), sep="\n")
