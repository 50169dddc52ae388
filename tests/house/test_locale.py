"""The catalogues are complete, and the checks that say so bite."""

import shutil
from pathlib import Path
from typing import Any

import polib
import pytest
from django.utils import translation

from tests.house import catalogues
from tests.house.catalogues import ROOT, catalogue, folder

needs_gettext = pytest.mark.skipif(
    not shutil.which("xgettext"), reason="gettext is not installed: make system-packages"
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A project of one page, with its catalogues."""
    (tmp_path / "coworking").mkdir()
    (tmp_path / "coworking/__init__.py").touch()
    (tmp_path / "coworking/settings.py").write_text(
        "from pathlib import Path\nLOCALE_PATHS = [Path(__file__).parents[1] / 'locale']"
    )
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/home.html").write_text(
        "{% load i18n %}{% translate 'Bonjour' %}"
        "{% blocktranslate count n=n %}{{ n }} place"
        "{% plural %}{{ n }} places{% endblocktranslate %}"
    )
    catalogues.collect(tmp_path)
    english = catalogue(tmp_path, "en")
    for entry in english:
        if entry.msgid == "Bonjour":
            entry.msgstr = "Hello"
        if entry.msgid_plural:
            entry.msgstr_plural = {0: "%(n)s seat", 1: "%(n)s seats"}
    english.save()
    catalogues.compile_all(tmp_path)
    return tmp_path


def the(entries: Any, words: str) -> Any:
    (entry,) = (entry for entry in entries if entry.msgid == words)
    return entry


@needs_gettext
def test_every_string_of_the_project_is_in_the_catalogues() -> None:
    assert catalogues.missing_strings(ROOT) == []


def test_every_string_is_translated() -> None:
    assert catalogues.untranslated_strings(ROOT) == []


def test_translations_keep_their_placeholders() -> None:
    assert catalogues.broken_placeholders(ROOT) == []


def test_the_compiled_files_are_those_of_the_catalogues() -> None:
    assert catalogues.stale_compiled_files(ROOT) == []


@needs_gettext
def test_a_small_project_has_no_problem(copy: Path) -> None:
    assert catalogues.problems(copy) == []


@needs_gettext
def test_a_new_string_is_missing(copy: Path) -> None:
    (copy / "templates/new.html").write_text("{% load i18n %}{% translate 'Au revoir' %}")
    assert catalogues.missing_strings(copy) == ["fr: lacks Au revoir", "en: lacks Au revoir"]


@needs_gettext
def test_a_string_that_left_is_obsolete(copy: Path) -> None:
    (copy / "templates/home.html").write_text("{% load i18n %}{% translate 'Bonsoir' %}")
    assert "en: obsolete Bonjour" in catalogues.missing_strings(copy)


@needs_gettext
def test_a_string_without_english_is_told(copy: Path) -> None:
    english = catalogue(copy, "en")
    the(english, "Bonjour").msgstr = ""
    english.save()
    assert "en: not translated: Bonjour" in catalogues.untranslated_strings(copy)
    assert len(catalogues.stale_compiled_files(copy)) == 1


@needs_gettext
def test_a_fuzzy_string_is_told(copy: Path) -> None:
    english = catalogue(copy, "en")
    the(english, "Bonjour").flags.append("fuzzy")
    english.save()
    assert "en: fuzzy: Bonjour" in catalogues.untranslated_strings(copy)


@needs_gettext
def test_a_lost_placeholder_is_told(copy: Path) -> None:
    english = catalogue(copy, "en")
    the(english, "%(n)s place").msgstr_plural[1] = "seats"
    english.save()
    assert len(catalogues.broken_placeholders(copy)) == 1


@needs_gettext
def test_french_says_zero_in_the_singular(copy: Path) -> None:
    french = polib.mofile(str(folder(copy, "fr") / "django.mo"))
    assert "plural=(n > 1)" in french.metadata["Plural-Forms"]
    assert the(french, "%(n)s place").msgstr_plural == {0: "%(n)s place", 1: "%(n)s places"}


def test_both_languages_are_on_offer(settings: object) -> None:
    for language in catalogues.PLURALS:
        assert translation.check_for_language(language)
